"""The outside watch: it hears from us while all is in time, and only then."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import OperationalError

from emergency.actions import escalate
from emergency.management.commands import watch
from emergency.models import (
    DropOut,
    HandOff,
    Heartbeat,
    Message,
    Page,
    Schedule,
    SelfTest,
    Technician,
)
from tests.people import NIGHT

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def watcher():
    made = watch.Watcher()
    yield made
    made.close()


@pytest.fixture
def outside_watch(settings):
    """Something real that hears heartbeats."""
    heard: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.HEARTBEAT_URL = f"http://127.0.0.1:{server.server_address[1]}/alive/word"
    yield heard
    server.shutdown()
    server.server_close()


def test_the_outside_watch_hears_from_us_every_half_minute(
    watcher, anna, outside_watch
):
    for seconds in (0, 10, 29, 30, 59, 61):
        watcher.look(NIGHT + seconds * SECOND)
        if watcher.reporting is not None:
            watcher.reporting.result(10)
    assert outside_watch == ["/alive/word"] * 3


def test_an_outside_watch_that_is_away_stops_nothing(watcher, anna, settings):
    settings.HEARTBEAT_URL = "http://127.0.0.1:9/alive"
    watcher.look(NIGHT)
    assert watcher.reporting.result(10) is False
    assert Heartbeat.objects.filter(name="watcher").exists()


def test_the_outside_watch_hears_nothing_while_the_database_cannot_be_read(
    watcher, anna, outside_watch, monkeypatch
):
    def gone(now):
        raise OperationalError("gone")

    monkeypatch.setattr(escalate, "what_waits", gone)
    watcher.look(NIGHT)
    assert watcher.reporting is None
    assert not outside_watch


@pytest.mark.parametrize("what", ["hand_off", "drop_out", "message", "self_tests"])
def test_the_outside_watch_hears_nothing_while_something_is_overdue(
    watcher, incident, outside_watch, monkeypatch, settings, what
):
    Page.objects.all().delete()
    monkeypatch.setattr(escalate, "tick", lambda **_: 0)
    # What is late stays late for as long as this look lasts.
    monkeypatch.setattr(watch, "send_message", lambda key: None)
    LATE[what](incident, settings)
    watcher.look(NIGHT + timedelta(minutes=2))
    assert watcher.reporting is None
    HandOff.objects.all().delete()
    DropOut.objects.all().delete()
    Message.objects.all().delete()
    SelfTest.objects.all().delete()
    incident.due_rows.all().delete()
    watcher.look(NIGHT + timedelta(minutes=2))
    assert watcher.reporting is not None


def _late_hand_off(incident, settings):
    HandOff.objects.create(
        schedule=Schedule.objects.get(),
        starts_at=NIGHT,
        ends_at=NIGHT + timedelta(days=7),
        incoming=Technician.objects.all()[0],
        due_at=NIGHT,
    )


def _late_drop_out(incident, settings):
    DropOut.objects.create(
        schedule=Schedule.objects.get(),
        technician=Technician.objects.all()[0],
        declared_at=NIGHT,
        declared_via="desk",
        ends_at=NIGHT + timedelta(days=1),
        due_at=NIGHT,
    )


def _late_message(incident, settings):
    Message.objects.create(
        incident=incident,
        kind="sms",
        purpose="missed",
        address="+431234567890",
        language="de",
        text="Wir rufen an.",
        token="t",
        due_at=NIGHT,
    )


def _failed_self_tests(incident, settings):
    settings.HOUSE_PHONE_NUMBER = "+491713920090"
    for route in ("voice:twilio", "sms:twilio"):
        SelfTest.objects.create(
            route=route,
            started_at=NIGHT,
            due_at=NIGHT,
            ended_at=NIGHT,
            outcome="failed",
        )


LATE = {
    "hand_off": _late_hand_off,
    "drop_out": _late_drop_out,
    "message": _late_message,
    "self_tests": _failed_self_tests,
}
