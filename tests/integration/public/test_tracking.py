"""The tracking page through the life of an incident."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from emergency.actions.callback import record_attempt
from emergency.models import CallbackAttempt, Incident, OperatorProfile
from emergency.models.report import hash_token
from emergency.operator_facts import Operator, kept
from tests import people
from tests.integration.public.pages import read
from tests.people import NIGHT

TOKEN = "a-secret-of-this-test"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def incident() -> Incident:
    made = people.report(now=NIGHT)
    made.reports.update(token_hash=hash_token(TOKEN))
    return made


@pytest.fixture
def clock(monkeypatch):
    def move(minutes: int) -> None:
        monkeypatch.setattr(
            "django.utils.timezone.now", lambda: NIGHT + minutes * MINUTE
        )

    return move


def look(client: Client, query: str = "") -> str:
    return client.get(f"/t/{TOKEN}/{query}").content.decode()


def acknowledged(incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(
        status="acknowledged",
        owner=people.technician("Anna Berger"),
        acknowledged_at=NIGHT + 3 * MINUTE,
    )


def test_the_page_says_by_when_we_call_and_how_long_that_is(customer, incident, clock):
    clock(18)
    page = look(customer)
    assert "Wir rufen Sie bis 02:41 zurück" in page
    assert "noch 12 Minuten" in page
    assert incident.reference in page
    assert "+431234567890" in page
    assert "240,00\xa0EUR" in page


def test_a_deadline_after_midnight_names_its_day(customer, incident, monkeypatch):
    evening = NIGHT - timedelta(hours=2, minutes=30)
    Incident.objects.update(callback_deadline_at=NIGHT - timedelta(hours=2))
    monkeypatch.setattr("django.utils.timezone.now", lambda: evening)
    assert timezone.localtime(evening).hour == 23
    assert "bis 00:11 am 10. März" in look(customer)


def test_the_taker_is_called_by_first_name_only(customer, incident):
    assert "Bereitschaft" in look(customer)
    acknowledged(incident)
    page = look(customer)
    assert "Anna hat Ihre Meldung übernommen" in page
    assert "Berger" not in page


def test_an_attempt_that_did_not_reach_the_customer_is_said(customer, incident, clock):
    acknowledged(incident)
    CallbackAttempt.objects.create(
        incident=incident,
        staff=people.accountant(),
        at=NIGHT + 6 * MINUTE,
        outcome="no_answer",
    )
    clock(7)
    page = customer.get(f"/t/{TOKEN}/")
    assert "um 02:17 angerufen und nicht erreicht" in page.content.decode()
    steps = read(page).all("li")
    present = [step for step in steps if step.attributes.get("class") == "now"]
    assert [step.text.split() for step in present] == [
        ["Sie", "werden", "angerufen", "02:17"]
    ]


def test_a_missed_deadline_is_admitted(customer, incident, clock):
    clock(31)
    page = look(customer)
    assert "Wir hätten Sie bis 02:41 anrufen sollen" in page
    assert "noch" not in read(customer.get(f"/t/{TOKEN}/")).first("h1").text


@pytest.mark.parametrize(
    ("status", "headline"),
    [
        ("reached", "Wir arbeiten daran"),
        ("resolved", "Gelöst"),
        ("closed", "Gelöst"),
        ("cancelled", "Diese Bestellung ist storniert"),
    ],
)
def test_every_later_state_has_its_headline(customer, incident, status, headline):
    Incident.objects.update(
        status=status,
        reached_at=NIGHT + 9 * MINUTE,
        closed_at=NIGHT + 60 * MINUTE,
        cause="other",
    )
    page = read(customer.get(f"/t/{TOKEN}/"))
    assert page.first("h1").text == headline


def test_the_page_stays_out_of_caches_search_engines_and_referrers(customer, incident):
    response = customer.get(f"/t/{TOKEN}/")
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_without_a_script_the_page_reads_itself_again_until_it_is_paused(
    customer, incident
):
    assert '<noscript><meta http-equiv="refresh"' in look(customer)
    assert 'http-equiv="refresh"' not in look(customer, "?pause=1")


def test_the_part_that_changes_can_be_read_alone(customer, incident):
    part = look(customer, "?part=progress")
    assert "<html" not in part
    assert 'role="status"' in part


def test_the_page_speaks_the_language_of_the_order_unless_told_otherwise(incident):
    stranger = Client(headers={"accept-language": "en"})
    assert "Wir rufen Sie" in look(stranger)
    assert "We call you by 02:41" in look(stranger, "?lang=en")
    assert "We call you by 02:41" in look(stranger)


@pytest.mark.parametrize("token", ["x", TOKEN + "x", "%00", "a" * 3000])
def test_any_other_secret_opens_nothing(customer, incident, token):
    assert customer.get(f"/t/{token}/").status_code == 404


def test_the_pages_keep_the_operator_while_the_database_is_away(customer, monkeypatch):
    customer.get("/")

    def away(*arguments):
        raise OperationalError

    monkeypatch.setattr(type(OperatorProfile.objects), "in_force", away)
    kept.forget()
    assert "Nordlicht" in customer.get("/").content.decode()
    monkeypatch.setattr(kept, "operator", Operator())
    assert "Notfall-Support" in customer.get("/").content.decode()


def test_a_customer_whom_we_did_not_reach_reads_whom_to_ring(customer, incident, clock):
    acknowledged(incident)
    anna = Incident.objects.get(pk=incident.pk).owner
    assert anna is not None
    OperatorProfile.objects.all().delete()
    OperatorProfile.objects.create(
        valid_from=NIGHT - MINUTE, name="Hoster", hotline="+43 1 5550199"
    )
    for minute in (9, 13, 20):
        record_attempt(
            incident_id=incident.pk,
            staff=anna.staff,
            outcome="no_answer",
            now=NIGHT + minute * MINUTE,
        )
    clock(21)
    page = look(customer)
    assert "Bitte rufen Sie uns an" in page
    assert "02:20, 02:24, 02:31" in page
    assert "+43 1 5550199" in page
