"""The timer on the incident's page: seen, confirmed, switched, stopped, reviewed."""

from datetime import timedelta

import pytest
from django.test import Client

from emergency.actions.escalate import take_one_decision
from emergency.models import DueRow, Feedback, Incident, TimeEntry, Timer
from emergency.models.report import hash_token
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.incident_page import path, post, shown
from tests.integration.desk.test_board import words
from tests.integration.desk.test_work import time


@pytest.fixture
def incident(desk: Desk, settings) -> Incident:
    """Reached at 02:20; it is 02:24."""
    settings.PRICE_EXPLANATION = "tests.integration.desk.prices.by_the_minute"
    made = people.report(now=desk.clock.now)
    desk.clock.pass_time(minutes=9)
    post(desk.anna, made, "take/")
    post(desk.anna, made, "attempt/", outcome="reached")
    desk.clock.pass_time(minutes=4)
    return made


@pytest.fixture
def client(desk: Desk) -> Client:
    return people.signed_in(desk.anna)


def head(client: Client, incident: Incident) -> str:
    return words(client.get(path(incident, "now/")).content.decode())


def begin(who, incident: Incident, **more: str) -> Timer:
    post(who, incident, "timer/", **{"kind": "support", "from": "now"} | more)
    return Timer.objects.running().get(incident=incident)


def test_the_timer_survives_the_browser_and_runs_on_the_servers_clock(
    desk: Desk, client: Client, incident: Incident
) -> None:
    assert "Start the timer, from 02:20" in words(shown(client, incident))
    begin(client, incident, **{"from": "call"})
    del client
    desk.clock.pass_time(minutes=30)
    another_browser = people.signed_in(desk.anna)
    assert "34 min Anna Berger, Support since 02:20" in head(another_browser, incident)
    text = post(another_browser, incident, f"timer/{Timer.objects.get().pk}/stop/")
    assert "The timer is stopped. Its time is saved." in text
    assert "02:20–02:54 34 Support Anna Berger" in text


def test_what_it_costs_and_the_customers_limit_are_in_sight(
    desk: Desk, client: Client, incident: Incident
) -> None:
    report = incident.reports.get()
    report.cost_limits.create(at=desk.clock.now, gross=300, currency="EUR")
    timer = begin(client, incident)
    assert "So far 240.00 EUR gross of at most 300.00 EUR" in head(client, incident)
    desk.clock.pass_time(minutes=40)
    assert "So far 280.00 EUR gross close to the limit of 300.00" in head(
        client, incident
    )
    desk.clock.pass_time(minutes=10)
    assert "So far 320.00 EUR gross beyond the limit of 300.00" in head(
        client, incident
    )
    text = post(client, incident, f"timer/{timer.pk}/stop/")
    # 45 minutes cost 300.00; the five beyond them wait.
    assert "saved; the rest waits for review: beyond the customer" in text
    entry, rest = TimeEntry.objects.get(), Timer.objects.waiting().get()
    assert entry.ended_at - entry.started_at == timedelta(minutes=45)
    assert rest.started_at == entry.ended_at
    assert rest.ended_at == desk.clock.now


def test_the_customers_running_cost_follows_the_timer(
    desk: Desk, client: Client, incident: Incident
) -> None:
    incident.reports.update(token_hash=hash_token("a-token-of-this-test"))
    timer = begin(client, incident)

    def said() -> str:
        page = people.stranger().get("/t/a-token-of-this-test/?lang=en")
        return words(page.content.decode())

    desk.clock.pass_time(minutes=40)
    assert "280.00 EUR" in said()
    post(client, incident, f"timer/{timer.pk}/stop/")
    desk.clock.pass_time(minutes=40)
    assert "280.00 EUR" in said()


def test_every_press_may_come_twice(
    desk: Desk, client: Client, incident: Incident
) -> None:
    for _twice in range(2):
        timer = begin(client, incident)
    desk.clock.pass_time(minutes=10)
    for action in ("confirm", "switch", "stop"):
        for _twice in range(2):
            post(
                client,
                incident,
                f"timer/{timer.pk}/{action}/",
                kind="application_analysis",
            )
        timer = Timer.objects.latest("pk")
    assert Timer.objects.count() == 2
    assert [e.kind for e in TimeEntry.objects.all()] == ["support"]


def test_a_colleague_may_stop_a_forgotten_timer_and_nothing_else(
    desk: Desk, client: Client, incident: Incident
) -> None:
    timer = begin(client, incident)
    bernd = people.signed_in(desk.bernd)
    assert "Stop the timer of Anna" in words(shown(bernd, incident))
    for action in ("confirm", "switch"):
        answer = bernd.post(
            path(incident, f"timer/{timer.pk}/{action}/"), {"kind": "support"}
        )
        assert answer.status_code == 404
    desk.clock.pass_time(minutes=5)
    post(bernd, incident, f"timer/{timer.pk}/stop/")
    assert TimeEntry.objects.get().technician == desk.anna
    other = people.report(now=desk.clock.now)
    assert bernd.post(path(other, f"timer/{timer.pk}/stop/")).status_code == 404


def test_on_another_incident_the_page_offers_to_stop_it_there(
    desk: Desk, client: Client, incident: Incident
) -> None:
    begin(client, incident)
    other = people.report(now=desk.clock.now)
    desk.clock.pass_time(minutes=6)
    assert "Stop it there and start it here" in words(shown(client, other))
    refused = post(client, other, "timer/", kind="support")
    assert f"Your timer runs on {incident.reference}." in refused
    post(client, other, "timer/", kind="support", stop_other="1")
    assert TimeEntry.objects.get().incident == incident
    assert Timer.objects.running().get().incident == other


def test_the_board_reminds_of_the_own_timer(
    desk: Desk, client: Client, incident: Incident
) -> None:
    begin(client, incident)
    said = f"Your timer runs on {incident.reference} since 02:24."
    assert said in words(client.get("/desk/").content.decode())
    bernd = people.signed_in(desk.bernd)
    assert said not in words(bernd.get("/desk/").content.decode())


def test_whoever_is_no_technician_has_no_timer(desk: Desk, incident: Incident) -> None:
    eva = people.signed_in(desk.eva)
    assert "Start the timer" not in words(shown(eva, incident))
    assert "Only a technician" in post(eva, incident, "timer/", kind="support")


def test_time_that_nobody_confirmed_is_reviewed_before_closing(
    desk: Desk, client: Client, incident: Incident
) -> None:
    timer = begin(client, incident)
    desk.clock.pass_time(minutes=60)
    DueRow.objects.exclude(kind="timer").update(done_at=desk.clock.now)
    assert take_one_decision(now=desk.clock.now)
    text = words(shown(client, incident))
    assert "60 minutes of Anna Berger (02:24–03:24) wait for review." in text
    post(client, incident, "resolve/", cause="other")
    people.findings(incident, desk.anna, at=desk.clock.now)
    assert "Say first what of it was work." in post(client, incident, "close/")
    address = path(incident, f"timer/{timer.pk}/review/")
    assert 'value="2026-03-10T03:24"' in client.get(address).content.decode()
    refused = client.post(address, time("02:24", "02:20"))
    assert refused.status_code == 422
    assert 'value="2026-03-10T02:20"' in refused.content.decode()
    for _twice in range(2):
        client.post(address, time("02:24", "02:50"))
    assert TimeEntry.objects.count() == 1
    post(client, incident, "close/")
    incident.refresh_from_db()
    assert incident.status == "closed"


def test_it_may_have_been_no_work(
    desk: Desk, client: Client, incident: Incident
) -> None:
    timer = begin(client, incident)
    Timer.objects.update(
        state="review", why="unconfirmed", ended_at=desk.clock.pass_time(minutes=9)
    )
    client.post(path(incident, f"timer/{timer.pk}/review/"), {"drop": "1"})
    timer.refresh_from_db()
    assert timer.state == "dropped"
    assert TimeEntry.objects.count() == 0


def test_findings_propose_the_cause_and_the_kind_of_work(
    desk: Desk, client: Client, incident: Incident
) -> None:
    begin(client, incident)
    assert "switch to application analysis?" not in shown(client, incident)
    people.findings(incident, desk.anna, at=desk.clock.now, ruled_out="no")
    page = shown(client, incident)
    assert "switch to application analysis?" in page
    assert checked(page, "cause") == ["application"]
    desk.clock.pass_time(minutes=2)
    people.findings(incident, desk.anna, at=desk.clock.now, ruled_out="yes")
    page = shown(client, incident)
    assert "switch" not in page.partition("By your findings")[2][:80]
    assert checked(page, "cause") == ["infrastructure"]


def checked(page: str, name: str) -> list[str]:
    """The values of the radio buttons that are chosen."""
    return [
        part.partition('value="')[2].partition('"')[0]
        for part in page.split("<input")
        if f'name="{name}"' in part and "checked" in part.partition(">")[0]
    ]


def test_before_closing_missing_time_is_named(
    desk: Desk, client: Client, incident: Incident
) -> None:
    desk.clock.pass_time(minutes=56)
    post(client, incident, "time/", **time("02:40", "03:00"))
    post(client, incident, "resolve/", cause="other")
    text = words(shown(client, incident))
    assert "Reached at 02:20, the first entry starts 02:40." in text
    assert "The last entry ends 03:00, resolved at 03:20." in text
    assert "Close" in text


def test_closing_asks_for_the_findings_and_shows_the_form(
    desk: Desk, client: Client, incident: Incident
) -> None:
    text = post(client, incident, "resolve/", cause="other")
    assert "has none yet. Tell them what you found, then close." in text
    assert '<details id="findings" open>' in shown(client, incident)
    assert "has none yet" in post(client, incident, "close/")
    incident.refresh_from_db()
    assert incident.status == "resolved"
    assert not Feedback.objects.exists()
