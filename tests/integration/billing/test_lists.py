"""The lists: what waits, and the filters of all documents."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from billing.actions.collect import collect
from billing.hold_words import detail_words
from billing.models import Document, Hold
from billing.queries.lists import Filters, listed
from billing.views import lists
from tests.integration.billing.door import NIGHT, an_incident
from tests.integration.billing.stories import MORNING, issued, questions
from tests.integration.billing.test_pages import signed_in, text, url

LATER = NIGHT + timedelta(hours=2)


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


@pytest.fixture
def shelf(door, profile, accountant):
    """An issued invoice, a held draft, a draft that is ready, of three references."""
    issued(door, accountant.pk, "NF-ISSUED", account_name="Alpha GmbH")
    door.add(
        an_incident("NF-HELD", cause="undetermined"),
        an_incident("NF-READY", entries=()),
    )
    collect(now=MORNING + timedelta(days=40))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"NF-ISSUED", "NF-HELD", "NF-READY"}),
        ({"status": "draft"}, {"NF-HELD", "NF-READY"}),
        ({"kind": "credit_note"}, set()),
        ({"month": date(2026, 3, 1)}, {"NF-ISSUED"}),
        ({"first_day": date(2026, 4, 1)}, {"NF-HELD", "NF-READY"}),
        ({"last_day": date(2026, 3, 31)}, {"NF-ISSUED"}),
        ({"account": "K-1"}, {"NF-ISSUED", "NF-HELD", "NF-READY"}),
        ({"account": "K-2"}, set()),
        ({"least": Decimal("240.01")}, {"NF-ISSUED", "NF-HELD"}),
        ({"most": Decimal("240.00")}, {"NF-READY"}),
        ({"hold": "cause_undetermined"}, {"NF-HELD"}),
        ({"hold": "any"}, {"NF-HELD"}),
        ({"hold": "waiver_used"}, set()),
        ({"text": "alpha"}, {"NF-ISSUED"}),
        ({"text": "re-2026-00001"}, {"NF-ISSUED"}),
        ({"text": "sonne", "status": "draft"}, {"NF-HELD", "NF-READY"}),
    ],
)
def test_a_filter_finds_what_it_says(shelf, wanted, found):
    documents = listed(Filters(**wanted))
    assert {one.incident_reference for one in documents} == found


def test_a_released_hold_is_no_hold(shelf, accountant):
    Document.objects.get(incident_reference="NF-HELD").holds.update(
        released_at=MORNING, released_by=accountant, why="Looked."
    )
    assert not listed(Filters(hold="any")).exists()


def test_filters_are_typed_in_the_page_and_survive_paging(shelf, page, monkeypatch):
    monkeypatch.setattr(lists, "PAGE_SIZE", 1)
    asked = {"status": "draft", "text": "sonne", "least": "100", "hold": ""}
    first = text(page.get(url("documents"), asked))
    assert "Page 1 of 2" in first
    link = "?status=draft&amp;text=sonne&amp;least=100&amp;hold=&amp;page=2"
    assert link in first
    second = text(page.get(url("documents") + link.replace("&amp;", "&")))
    assert "Page 2 of 2" in second
    shown = {one for one in ("NF-HELD", "NF-READY") if one in first}
    assert shown != {one for one in ("NF-HELD", "NF-READY") if one in second}
    assert "NF-ISSUED" not in first + second


def test_an_amount_is_typed_in_the_readers_language(shelf, accountant):
    german = signed_in(accountant)
    german.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    shown = text(german.get(url("documents"), {"least": "240,01"}))
    assert "NF-HELD" in shown
    assert "NF-READY" not in shown


def test_a_filter_that_is_wrong_is_named_and_the_others_count(shelf, page):
    shown = text(page.get(url("documents"), {"first_day": "never", "status": "issued"}))
    assert "Enter a valid date" in shown
    assert "NF-ISSUED" in shown
    assert "NF-READY" not in shown


def test_what_waits_is_counted_with_reason_and_age(shelf, page):
    shown = text(page.get(url("index")))
    assert "Held: please look first (1)" in shown
    assert "The cause is undetermined" in shown
    assert "Ready to approve (1)" in shown
    assert "hours" in shown or "months" in shown


@pytest.mark.parametrize("address", ["index", "documents", "batches"])
def test_more_rows_ask_no_more_questions(address, door, profile, page):
    def fill(count: int, start: int) -> None:
        for number in range(start, start + count):
            door.add(an_incident(f"NF-{number}"))
            door.add(an_incident(f"NF-H-{number}", cause="undetermined"))
        collect(now=LATER)
        ids = [str(one.pk) for one in Document.objects.all()]
        page.post(url("batch_start"), {"act": "approve", "document": ids[:count]})

    fill(2, 0)
    few = questions(page, url(address))
    fill(6, 100)
    assert questions(page, url(address)) == few


@pytest.mark.parametrize(
    ("reason", "detail", "english", "german"),
    [
        ("amount_large", "1234.50 EUR", "1,234.50 EUR", "1.234,50 EUR"),
        ("beyond_cost_limit", "400.00 EUR", "400.00 EUR", "400,00 EUR"),
        (
            *("contract_withdrawn", "2026-03-03 21:40 UTC"),
            *("3 Mar 2026, 22:40", "03.03.2026, 22:40"),
        ),
        ("recipient_incomplete", "city, odd", "town, odd", "Ort, odd"),
        ("customer_objects", "time, Zu teuer.", "The time, Zu teuer.", None),
        ("merged_reports", "2", "2 reports", None),
        ("merged_reports", "many", "many", "many"),
        ("work_contradicts", "cause: is 'x'", "cause: is 'x'", "cause: is 'x'"),
        ("cause_undetermined", "", "", ""),
    ],
)
def test_a_hold_says_its_facts_in_the_readers_language(reason, detail, english, german):
    hold = Hold(reason=reason, detail=detail)
    for language, words in (("en", english), ("de", german)):
        with translation.override(language):
            said = detail_words(hold).replace("\N{NO-BREAK SPACE}", " ")
        assert words is None or said == words
