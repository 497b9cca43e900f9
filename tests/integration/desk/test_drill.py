"""Dispositions at the end, and drills: marked from the start, charged and counted
nowhere."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from billing.actions.collect import collect
from billing.models import Document
from emergency import billable
from emergency.actions.page_order import order_for
from emergency.models import AuditEntry, DrillLink, Incident, Message, Page, Report
from emergency.pagers.wording import short_text, spoken, subject
from emergency.queries.callback_report import callback_report
from emergency.queries.duty_figures import month_figures
from emergency.queries.metrics import samples
from emergency.queries.order_record import order_record
from emergency.queries.retention import facts_of
from emergency.rules.retention import settled_at
from tests import people
from tests.integration.billing.conftest import issuer as issuer
from tests.integration.desk.conftest import Desk
from tests.integration.desk.incident_page import path, post, shown
from tests.integration.desk.test_board import words
from tests.integration.desk.test_work import time

HOUR = timedelta(hours=1)
TYPED = {
    "server_name": "web01.example",
    "problem_description": "The shop answers with 502.",
    "callback_number": "+43 1 234567890",
    "ordering_as": "business",
    "reporter_name": "Pat Muster",
}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def link_for(desk: Desk) -> str:
    page = people.signed_in(desk.eva).post("/desk/drill/").content.decode()
    found = re.search(r'href="[^"]*(/\?drill=[\w-]+)"', page)
    assert found is not None
    return found[1]


def report_by(link: str, browser: Client) -> tuple[str, str]:
    """The form opened by this link, filled in and checked; its two pages."""
    form = browser.get(link).content.decode()
    check = browser.post("/", TYPED | {"keys": hidden(form, "keys")})
    return form, check.content.decode()


@pytest.fixture
def drill(desk: Desk, issuer) -> Incident:
    browser = people.stranger()
    _form, check = report_by(link_for(desk), browser)
    browser.post("/order/", {"checked": hidden(check, "checked")})
    return Incident.objects.get()


def test_only_whoever_runs_the_house_hands_out_drills(desk: Desk) -> None:
    assert people.signed_in(desk.anna).post("/desk/drill/").status_code == 403
    link = link_for(desk)
    entry = AuditEntry.objects.get(code="drill_prepared")
    assert entry.staff == desk.eva
    assert link.partition("=")[2] not in str(DrillLink.objects.values())


def test_a_drill_is_marked_from_the_first_page_to_the_record(
    desk: Desk, issuer
) -> None:
    browser = people.stranger()
    form, check = report_by(link_for(desk), browser)
    for page in (form, check):
        assert "<strong>Drill.</strong>" in page
    ordered = browser.post(
        "/order/", {"checked": hidden(check, "checked")}, follow=True
    )
    assert "<strong>Drill.</strong>" in ordered.content.decode()
    incident = Incident.objects.get()
    assert incident.is_drill
    assert "drill" in incident.timeline.values_list("code", flat=True)
    anna = people.signed_in(desk.anna)
    for address in ("/desk/", path(incident)):
        assert "Drill" in words(anna.get(address).content.decode())
    record = order_record(incident, language="en", now=desk.clock.now)
    assert ("Drill", "yes, nothing is charged") in record.sections[0].rows


def test_pages_and_messages_begin_with_the_word(desk: Desk, drill: Incident) -> None:
    page = Page.objects.filter(purpose="emergency", kind="sms").earliest("pk")
    attempt = page.attempts.create(token="t", started_at=desk.clock.now, provider="x")
    order = order_for(page, attempt, route="x", server="", now=desk.clock.now)
    said = (short_text(order), subject(order), spoken(order)[0])
    assert all(text.startswith(("DRILL. ", "ÜBUNG. ")) for text in said)
    told = [message.text for message in Message.objects.all()]
    assert all(text.startswith(("DRILL. ", "ÜBUNG. ")) for text in told)


def test_a_link_counts_once_and_never_turns_into_an_order(desk: Desk, issuer) -> None:
    link, browser = link_for(desk), people.stranger()
    _form, check = report_by(link, browser)
    _form, second = report_by(link, browser)
    for _twice in range(2):
        browser.post("/order/", {"checked": hidden(check, "checked")})
    refused = browser.post("/order/", {"checked": hidden(second, "checked")})
    assert refused.status_code == 422
    assert "Nothing is ordered." in refused.content.decode()
    assert Report.objects.count() == 1
    assert "would be real" in browser.get(link).content.decode()
    late = link_for(desk)
    desk.clock.pass_time(hours=5)
    assert "would be real" in browser.get(late).content.decode()


def test_a_real_report_never_joins_a_drill_nor_a_drill_a_real_one(
    desk: Desk, drill: Incident
) -> None:
    real = people.report(now=desk.clock.now, server="web01.example")
    assert real != drill
    assert not real.is_drill
    browser = people.stranger()
    _form, check = report_by(link_for(desk), browser)
    browser.post("/order/", {"checked": hidden(check, "checked")})
    assert Incident.objects.count() == 3
    text = post(desk.anna, real, "merge/", other=drill.reference)
    assert "A drill is never merged with a real emergency." in text


def test_a_drill_reaches_neither_billing_nor_any_figure(
    desk: Desk, drill: Incident
) -> None:
    anna = people.signed_in(desk.anna)
    post(anna, drill, "take/")
    post(anna, drill, "attempt/", outcome="reached")
    post(anna, drill, "account/", account_number="10042")
    desk.clock.pass_time(minutes=45)
    post(anna, drill, "time/", **time("02:15", "02:50"))
    assert open_incidents(desk) == 0
    text = post(anna, drill, "resolve/", cause="other", disposition="solved")
    assert "It was a drill." in text
    assert "Nothing is charged" in text
    assert "nothing is charged or counted" in post(anna, drill, "close/")
    drill.refresh_from_db()
    assert (drill.status, drill.disposition) == ("closed", "drill")
    collect(now=desk.clock.now + HOUR)
    assert not Document.objects.exists()
    assert list(billable.open_work()) == []
    since = desk.clock.now - 24 * HOUR
    assert callback_report(since=since, until=desk.clock.now + HOUR) == []
    assert list(billable.closed_between(since, desk.clock.now + HOUR)) == []
    month = month_figures(desk.clock.now.date(), now=desk.clock.now + 24 * HOUR)
    assert all(not row.hours["worked_on_call"] for row in month.people)
    # Nothing is owed: what explains it goes like that of a settled case.
    assert settled_at(facts_of(drill)) == drill.closed_at


def open_incidents(desk: Desk) -> float:
    counted = {one.name: one.value for one in samples(now=desk.clock.now)}
    return counted["incidents_open"] + counted["incidents_waiting"]


@pytest.mark.parametrize(
    ("disposition", "gross", "hold"),
    [
        ("solved", "252.00", None),
        ("handed_to_free_support", "252.00", None),
        ("not_an_emergency", "252.00", "disposition_not_an_emergency"),
        ("withdrawn", "252.00", "disposition_withdrawn"),
        ("prank", "252.00", "disposition_prank"),
        ("duplicate", None, None),
    ],
)
def test_the_disposition_is_priced_or_held_as_the_policy_says(
    desk: Desk, issuer, disposition, gross, hold
) -> None:
    incident = people.report(now=desk.clock.now)
    anna = people.signed_in(desk.anna)
    post(anna, incident, "take/")
    post(anna, incident, "attempt/", outcome="reached")
    post(anna, incident, "account/", account_number="10042")
    desk.clock.pass_time(minutes=45)
    post(anna, incident, "time/", **time("02:15", "02:48"))
    people.findings(incident, desk.anna, at=desk.clock.now)
    post(anna, incident, "resolve/", cause="application", disposition=disposition)
    post(anna, incident, "close/")
    collect(now=desk.clock.now + HOUR)
    document = Document.objects.filter(gross__gt=0).first()
    assert (document.gross if document else None) == (Decimal(gross) if gross else None)
    reasons = {h.reason for h in document.holds.all()} if document else set()
    assert {r for r in reasons if r.startswith("disposition")} == {hold} - {None}


def test_a_real_incident_never_ends_as_a_drill(desk: Desk) -> None:
    incident = people.report(now=desk.clock.now)
    anna = people.signed_in(desk.anna)
    post(anna, incident, "attempt/", outcome="reached")
    answer = anna.post(
        path(incident, "resolve/"), {"cause": "other", "disposition": "drill"}
    )
    assert answer.status_code == 422
    assert 'value="drill"' not in shown(anna, incident)
