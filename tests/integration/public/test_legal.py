"""Pages that the law wants, and the operator's facts that bind an order."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from emergency.models import OperatorProfile, Report
from emergency.operator_facts import kept
from emergency.queries.order_rights import cancelling, matters
from tests.integration.public.pages import check, order, read, text_of
from tests.people import NIGHT

MINUTE = timedelta(minutes=1)
PAGES = ("/imprint/", "/privacy/", "/accessibility/", "/withdrawal/")


@pytest.fixture
def facts(_offer):
    OperatorProfile.objects.update(
        imprint="Nordlicht GmbH\nHafen 1, 1010 Wien\nFN 12345x <HG Wien>",
        privacy="Wir hosten\n\nin Wien.",
        accessibility_contact="Pat Muster, Zimmer 7",
        support_email="post@nordlicht.example",
    )
    kept.forget()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_links_them_and_each_opens_in_both_languages(
    client, facts, path, language
):
    answer = client.get(f"{path}?lang={language}", follow=True)
    assert answer.status_code == 200
    document = read(answer)
    assert document.first("html").attributes["lang"] == language
    assert len(document.all("h1")) == 1
    links = {link.attributes.get("href") for link in document.all("a")}
    assert {"/imprint/", "/privacy/", "/accessibility/"} <= links
    assert "tel:+43720880000" in links


def test_the_operators_own_words_are_shown_and_can_do_no_harm(client, facts):
    assert "FN 12345x &lt;HG Wien&gt;" in client.get("/imprint/").content.decode()
    assert "<p>in Wien.</p>" in client.get("/privacy/").content.decode()
    assert "Pat Muster, Zimmer 7" in text_of(client.get("/accessibility/"))


def test_the_privacy_page_names_the_periods_that_are_in_force(customer, settings):
    settings.RETENTION_CASE_DAYS = 400
    settings.RETENTION_SHORT_DAYS = 1
    page = text_of(customer.get("/privacy/"))
    assert "Bis alles bezahlt ist, und 400 Tage länger." in page
    assert "1 Tag." in page


@pytest.mark.parametrize("path", PAGES)
def test_they_open_while_the_database_is_away(client, facts, monkeypatch, path):
    client.get(path)

    def away(*_arguments):
        raise OperationalError("away")

    monkeypatch.setattr("emergency.operator_facts._read", away)
    kept.forget()
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Nordlicht" in text_of(answer)


def test_the_window_of_free_cancellation_is_that_of_the_day_of_the_order(customer):
    OperatorProfile.objects.update(free_cancellation=10, objection_days=30)
    kept.forget()
    checked = check(customer)
    assert "10 Minuten lang kostenlos stornieren" in text_of(checked)
    order(customer, checked)
    OperatorProfile.objects.create(
        name="Nordlicht",
        valid_from=NIGHT + MINUTE,
        free_cancellation=1,
        objection_days=1,
    )
    report = Report.objects.get()
    assert cancelling(report.incident, NIGHT + 9 * MINUTE).free_until == (
        NIGHT + 10 * MINUTE
    )
    report.incident.closed_at = NIGHT
    assert matters(report, NIGHT + timedelta(days=30)) == ("cause", "time")
    assert matters(report, NIGHT + timedelta(days=31)) == ()
