"""Asking before charging: proposals, answers, cost limits, running cost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from emergency import billable
from emergency.models import Answer, CostLimit, Incident, Proposal, Report, TimeEntry
from emergency.models.report import hash_token
from tests import people
from tests.integration.desk.conftest import Desk

TOKEN = "a-secret-of-this-test"


@pytest.fixture
def incident(desk: Desk) -> Incident:
    made = people.report(now=desk.clock.now)
    made.reports.update(token_hash=hash_token(TOKEN))
    Incident.objects.filter(pk=made.pk).update(
        status="reached", reached_at=desk.clock.now, owner=desk.anna
    )
    return made


@pytest.fixture(autouse=True)
def prices(settings) -> None:
    settings.PRICE_EXPLANATION = "tests.integration.desk.prices.by_the_minute"


def at_desk(desk: Desk, incident: Incident, name: str, *more: int, **typed: str):
    address = reverse(f"emergency:{name}", args=[incident.reference, *more])
    return people.signed_in(desk.anna).post(address, typed)


def send(part: str, **typed: str):
    return people.stranger().post(f"/t/{TOKEN}/{part}/", typed)


def look(client: Client | None = None) -> str:
    page: str = (
        (client or people.stranger()).get(f"/t/{TOKEN}/?lang=en").content.decode()
    )
    return page


def test_the_customer_agrees_on_the_page_and_the_desk_reads_it(desk, incident):
    for _twice in range(2):
        at_desk(desk, incident, "incident_ask_analysis")
    asked = Proposal.objects.get()
    assert "240,00" in asked.text
    assert asked.language == "de"
    assert asked.text in look()
    for _twice in range(2):
        assert send(f"answer/{asked.pk}", answer="yes").status_code == 303
    given = Answer.objects.get()
    assert (given.verdict, given.via) == ("accepted", "tracking")
    assert incident.timeline.filter(code="proposal_answered").count() == 1
    assert billable.preview(incident.reference, now=desk.clock.now).analysis_agreed
    page = people.signed_in(desk.anna).get(
        reverse("emergency:incident", args=[incident.reference])
    )
    assert "Accepted" in page.content.decode()


def test_a_spoken_answer_says_who_gave_it(desk, incident):
    at_desk(desk, incident, "incident_ask_analysis")
    asked = Proposal.objects.get()
    typed = {"verdict": "declined", "spoken_by": ""}
    refused = at_desk(desk, incident, "incident_answer", asked.pk, **typed)
    assert refused.status_code == 422
    typed["spoken_by"] = "Pat Muster"
    at_desk(desk, incident, "incident_answer", asked.pk, **typed)
    given = Answer.objects.get()
    assert (given.spoken_by, given.via) == ("Pat Muster", "telephone")
    assert not billable.preview(incident.reference, now=desk.clock.now).analysis_agreed
    assert send(f"answer/{asked.pk}", answer="yes").status_code == 422
    assert "Muster" not in str(incident.timeline.last().values)


def test_only_a_proposal_of_this_incident_is_answered(desk, incident):
    other = people.report(now=desk.clock.now)
    at_desk(desk, other, "incident_ask_analysis")
    foreign = Proposal.objects.get()
    assert send(f"answer/{foreign.pk}", answer="yes").status_code == 404
    assert not Answer.objects.exists()


def log_analysis(desk: Desk, incident: Incident, minutes: int, kind: str):
    start = desk.clock.now
    desk.clock.pass_time(minutes=minutes)
    return people.signed_in(desk.anna).post(
        reverse("emergency:incident_time", args=[incident.reference]),
        {
            "kind": kind,
            "started_at": f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M}",
            "ended_at": f"{desk.clock.now + timedelta(hours=1):%Y-%m-%dT%H:%M}",
            "billable": "on",
        },
        follow=True,
    )


def test_analysis_without_consent_is_logged_and_flagged(desk, incident):
    page = log_analysis(desk, incident, 30, "application_analysis").content.decode()
    assert TimeEntry.objects.count() == 1
    assert "has not agreed to application analysis yet" in page


def test_time_beyond_the_limit_needs_a_recorded_consent(desk, incident):
    send("limit", gross="300")
    assert CostLimit.objects.get().gross == 300
    answer = log_analysis(desk, incident, 60, "support")
    assert answer.status_code == 422
    assert "beyond what the customer agreed to" in answer.content.decode()
    assert not TimeEntry.objects.exists()
    too_low = at_desk(desk, incident, "incident_ask_limit", gross="200")
    assert too_low.status_code == 422
    at_desk(desk, incident, "incident_ask_limit", gross="900")
    send(f"answer/{Proposal.objects.get().pk}", answer="yes")
    log_analysis(desk, incident, 60, "support")
    assert TimeEntry.objects.count() == 1


def test_an_amendment_beyond_the_limit_needs_consent_as_well(desk, incident):
    log_analysis(desk, incident, 30, "support")
    send("limit", gross="300")
    entry = TimeEntry.objects.get()
    typed = {
        "kind": "support",
        "started_at": f"{entry.started_at + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "ended_at": f"{entry.started_at + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "billable": "on",
        "reason": "It took longer.",
    }
    desk.clock.pass_time(minutes=60)
    refused = at_desk(desk, incident, "incident_amend", entry.pk, **typed)
    assert refused.status_code == 422
    typed["ended_at"] = f"{entry.started_at + timedelta(minutes=105):%Y-%m-%dT%H:%M}"
    assert (
        at_desk(desk, incident, "incident_amend", entry.pk, **typed).status_code == 302
    )


def test_the_limit_is_plain_at_the_desk_and_can_be_taken_back(desk, incident):
    assert send("limit", gross="100").status_code == 422
    assert send("limit", gross="viel").status_code == 422
    send("limit", gross="300")
    address = reverse("emergency:incident", args=[incident.reference])
    assert "300" in people.signed_in(desk.anna).get(address).content.decode()
    send("limit", gross="")
    assert [one.gross for one in CostLimit.objects.all()] == [300, None]
    assert "cost_limit_lifted" in incident.timeline.values_list("code", flat=True)


def test_the_running_cost_appears_after_twenty_five_minutes(desk, incident):
    desk.clock.pass_time(minutes=24)
    assert "Cost so far" not in look()
    desk.clock.pass_time(minutes=1)
    page = look()
    assert "Cost so far" in page
    assert "25 minutes of support" in page


def test_facts_and_numbers_reach_the_desk(desk, incident):
    for _twice in range(2):
        send("fact", text="It began after the update.")
        send("number", number="0664 1234567", name="Kim")
    address = reverse("emergency:incident", args=[incident.reference])
    page = people.signed_in(desk.anna).get(address).content.decode()
    assert page.count("It began after the update.") == 1
    assert "+436641234567" in page
    codes = list(incident.timeline.values_list("code", flat=True))
    assert codes.count("fact_added") == codes.count("number_added") == 1
    assert "It began after the update." in look()


@pytest.mark.parametrize(
    ("part", "typed"),
    [
        ("fact", {"text": " \u200b "}),
        ("fact", {}),
        ("number", {"number": "0900 123456"}),
        ("number", {"number": "\x00"}),
        ("number", {"number": "9" * 200}),
    ],
)
def test_what_cannot_be_taken_comes_back_beside_its_input(incident, part, typed):
    answer = send(part, **typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_report_that_joined_adds_facts_and_asks_for_nothing(desk, incident):
    Report.objects.filter(incident=incident).update(joined=True)
    at_desk(desk, incident, "incident_ask_analysis")
    asked = Proposal.objects.get()
    assert asked.text not in look()
    assert send(f"answer/{asked.pk}", answer="yes").status_code == 404
    assert send("limit", gross="300").status_code == 404
    assert send("fact", text="Me too.").status_code == 303
