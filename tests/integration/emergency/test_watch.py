"""The second watcher: it ticks and sends when nobody else does, whatever happens."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connections

from emergency.actions import escalate
from emergency.management.commands import watch
from emergency.models import DueRow, Heartbeat, Message, Page
from tests.integration.emergency.provider import SILENT
from tests.people import NIGHT
from tests.telephone import eventually

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def watcher(monkeypatch):
    made = watch.Watcher()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _in_the_night(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT + 3 * SECOND)


@pytest.fixture
def heartbeats(settings, monkeypatch):
    settings.HEARTBEAT_URL = "http://127.0.0.1:9/alive"
    heard: list[str] = []
    monkeypatch.setattr(watch, "report_heartbeat", heard.append)
    return heard


def all_sent(incident):
    return not incident.pages.exclude(status=Page.Status.SENT).exists()


def test_pages_that_nobody_sent_are_sent(watcher, incident, provider):
    watcher.look(NIGHT + 2 * SECOND)
    eventually(lambda: all_sent(incident), why="the watcher sends the pages")
    assert provider.orders() == 2


def test_pages_that_are_not_late_are_left_to_the_workers(watcher, incident, provider):
    watcher.look(NIGHT + SECOND / 2)
    assert not watcher.sending
    assert provider.orders() == 0


def test_decisions_are_taken_when_nobody_ticks_and_left_alone_when_somebody_does(
    watcher, incident
):
    # A sender at work would hold the incident for a moment.
    Page.objects.all().delete()
    due = incident.due_rows.get(kind="step").due_at
    escalate.beat(name="tick", by="worker", now=due)
    watcher.look(due + SECOND)
    assert incident.due_rows.filter(kind="step", done_at__isnull=False).count() == 0

    watcher.look(due + 3 * SECOND)
    assert incident.due_rows.filter(kind="step", done_at__isnull=False).count() == 1
    assert Heartbeat.objects.get(name="tick").by.startswith("watcher@")


def test_a_clock_that_was_set_back_does_not_stop_the_watcher(watcher, incident):
    Page.objects.all().delete()
    due = incident.due_rows.get(kind="step").due_at
    escalate.beat(name="tick", by="worker", now=due + timedelta(hours=1))
    watcher.look(due)
    assert incident.due_rows.filter(kind="step", done_at__isnull=False).count() == 1


def test_a_provider_that_hangs_does_not_keep_the_watcher_from_its_next_look(
    watcher, incident, provider, settings
):
    settings.TWILIO_TIMEOUT_SECONDS = 5
    settings.TWILIO_AUTH_TOKEN = "token-of-a-patient-client"
    provider.will(SILENT)
    watcher.look(NIGHT + 2 * SECOND)
    eventually(lambda: provider.orders() == 2, why="both pages are with the provider")
    due = incident.due_rows.get(kind="step").due_at
    watcher.look(due)

    assert len(watcher.sending) >= 2
    assert incident.due_rows.filter(kind="step", done_at__isnull=False).count() == 1
    provider.released.set()


@pytest.mark.parametrize("error", [RuntimeError("a bug"), KeyError("a bug")])
def test_a_tick_that_breaks_keeps_no_page_from_being_sent(
    watcher, incident, provider, monkeypatch, error
):
    def broken(**kwargs):
        raise error

    monkeypatch.setattr(escalate, "tick", broken)
    watcher.look(NIGHT + 2 * SECOND)
    eventually(lambda: all_sent(incident), why="the watcher sends the pages")
    assert Heartbeat.objects.filter(name="watcher").exists()


def test_the_watcher_survives_whatever_a_look_raises(watcher, monkeypatch):
    stop, looks = threading.Event(), []
    troubles = [OperationalError("gone"), RuntimeError("a bug"), None]

    def tick(self, now):
        looks.append(now)
        if len(looks) == len(troubles):
            stop.set()
        trouble = troubles[len(looks) - 1]
        if trouble is not None:
            raise trouble

    monkeypatch.setattr(watch.Watcher, "tick", tick)
    watch.watch(watcher.look, stop=stop, interval=0.01)
    assert len(looks) == 3


def test_a_look_that_hangs_is_left_behind_and_the_next_one_is_taken(caplog):
    stop, goes_on, looks = threading.Event(), threading.Event(), []

    def look(now):
        looks.append(now)
        if len(looks) == 1:
            goes_on.wait(20)
        else:
            stop.set()

    watch.watch(look, stop=stop, interval=0.01, longest=0.2)
    goes_on.set()
    assert len(looks) == 2
    assert "looking anew" in caplog.text


def test_a_watcher_whose_looks_all_hang_ends_for_its_supervisor_to_start_another(
    monkeypatch,
):
    class Ended(BaseException):
        pass

    def end(status):
        raise Ended(status)

    def hang(now):
        goes_on.wait(20)

    goes_on = threading.Event()
    monkeypatch.setattr("os._exit", end)
    with pytest.raises(Ended, match="70"):
        watch.watch(
            hang,
            stop=threading.Event(),
            interval=0.01,
            longest=0.05,
        )
    goes_on.set()


def test_silent_pages_are_asked_about_when_no_worker_does(watcher, incident, provider):
    page = incident.pages.get(kind="sms")
    Page.objects.filter(pk=page.pk).update(status="sent", sent_at=NIGHT)
    page.attempts.create(
        token="t", started_at=NIGHT, provider="twilio", provider_id="SM1"
    )
    later = NIGHT + timedelta(seconds=60)
    escalate.beat(name="sweep", by="worker", now=later)
    watcher.look(later + SECOND)
    assert watcher.asking is None

    watcher.look(later + 46 * SECOND)
    eventually(lambda: watcher.asking and watcher.asking.done(), why="it has asked")
    assert Heartbeat.objects.get(name="sweep").by.startswith("watcher@")


def test_one_incident_that_cannot_be_judged_does_not_stop_the_tick(
    incident, provider, caplog
):
    call = incident.pages.get(kind="voice")
    Page.objects.filter(pk=call.pk).update(status="sent", sent_at=NIGHT)
    incident.policy_snapshot = {"of": "another version"}
    incident.save()
    escalate.tick(now=NIGHT + timedelta(minutes=2), by="test")

    assert Heartbeat.objects.get(name="tick").at == NIGHT + timedelta(minutes=2)
    assert "cannot be judged" in caplog.text


def test_the_heartbeat_is_sent_while_all_is_in_time(watcher, anna, heartbeats):
    watcher.look(NIGHT)
    eventually(lambda: heartbeats, why="the heartbeat is sent")
    watcher.look(NIGHT + 5 * SECOND)
    watcher.look(NIGHT + 29 * SECOND)
    assert len(heartbeats) == 1
    watcher.look(NIGHT + 31 * SECOND)
    eventually(lambda: len(heartbeats) == 2, why="it is sent again")


def test_the_heartbeat_is_withheld_while_a_page_is_late(
    watcher, incident, heartbeats, provider
):
    provider.will(SILENT)
    watcher.look(NIGHT + 10 * SECOND)
    assert watcher.reporting is None

    eventually(lambda: provider.orders() == 2, why="the provider hangs over them")
    watcher.look(NIGHT + 12 * SECOND)
    assert watcher.reporting is None
    assert not heartbeats
    provider.released.set()


def test_the_heartbeat_is_withheld_while_a_decision_is_late_or_failing(
    watcher, incident, heartbeats, monkeypatch
):
    Page.objects.all().delete()
    monkeypatch.setattr(escalate, "tick", lambda **_: 0)
    row = incident.due_rows.get(kind="step")
    watcher.look(row.due_at + 4 * SECOND)
    assert watcher.reporting is None

    DueRow.objects.filter(pk=row.pk).update(
        due_at=NIGHT + timedelta(hours=1), failures=1
    )
    watcher.look(NIGHT)
    assert watcher.reporting is None
    DueRow.objects.filter(pk=row.pk).update(failures=0)
    watcher.look(NIGHT)
    eventually(lambda: heartbeats, why="the heartbeat is sent")


def test_two_ticks_at_the_same_moment_take_each_decision_once(incident):
    due = incident.due_rows.get(kind="step").due_at
    together = threading.Barrier(4)

    def run():
        try:
            together.wait(10)
            escalate.tick(now=due, by="test")
        finally:
            connections.close_all()

    ticks = [threading.Thread(target=run) for _ in range(4)]
    for one in ticks:
        one.start()
    for one in ticks:
        one.join()
    # A row that was held for a moment is taken by the next tick.
    escalate.tick(now=due, by="test")
    fired = incident.timeline.filter(code="step_fired").values_list("values", flat=True)
    assert [entry["step"] for entry in fired] == [0, 1]


def test_texts_to_customers_that_nobody_sent_are_sent(watcher, incident, provider):
    Page.objects.all().delete()
    text = Message.objects.create(
        incident=incident,
        kind="sms",
        purpose="missed",
        address="+431234567890",
        language="de",
        text="Wir rufen Sie an.",
        token="t",
        due_at=NIGHT,
    )
    watcher.look(NIGHT + 2 * SECOND)

    def is_sent():
        text.refresh_from_db()
        return text.status == Message.Status.SENT

    eventually(is_sent, why="the watcher sends the text")
    assert provider.orders() == 1
