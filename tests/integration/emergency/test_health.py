"""What machines are told, also while PostgreSQL or Redis cannot be reached."""

import json
import os
import socket
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from emergency.actions.escalate import beat
from emergency.models import RouteHealth
from tests import people

PATIENCE = 5.0
# Asks the application as a web server does, in a process of its own.
ASK = """
import json, sys
from wsgiref.util import setup_testing_defaults
from emergency.wsgi import application

def ask(path):
    environ, status = {}, []
    setup_testing_defaults(environ)
    environ.update(PATH_INFO=path, HTTP_HOST="127.0.0.1", REMOTE_ADDR="127.0.0.1")
    body = b"".join(application(environ, lambda line, headers, *_: status.append(line)))
    return int(status[0].split()[0]), body.decode()

import time
for path in sys.argv[1:]:
    began = time.monotonic()
    status, body = ask(path)
    print(json.dumps([path, status, body, time.monotonic() - began]))
"""


@pytest.fixture
def closed_port():
    """A loopback port on which nobody answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def silent_port():
    """A loopback port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def ask_process(warm, *paths, **environment):
    answer = warm.run("-c", ASK, *paths, env={**os.environ, **environment}, strict=True)
    assert answer.returncode == 0, answer.stderr
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    return {path: (status, body, took) for path, status, body, took in lines}


@pytest.mark.parametrize("port", ["closed_port", "silent_port"])
def test_without_postgresql_the_process_lives_and_says_what_is_missing(
    warm, port, request
):
    number = request.getfixturevalue(port)
    answers = ask_process(
        warm,
        "/healthz",
        "/readyz",
        "/metrics",
        DATABASE_URL=f"postgres://nobody@127.0.0.1:{number}/nothing",
    )
    assert answers["/healthz"][0] == 200
    status, body, _ = answers["/readyz"]
    assert status == 503
    told = json.loads(body)
    assert told["database"] == "OperationalError"
    assert told["broker"] == "ok"
    assert told["status"] == "not ready"
    assert answers["/metrics"][0] == 503
    assert max(took for _, _, took in answers.values()) < PATIENCE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("port", ["closed_port", "silent_port"])
def test_without_redis_the_process_lives_and_says_what_is_missing(
    port, request, settings
):
    number = request.getfixturevalue(port)
    settings.REDIS_URL = f"redis://127.0.0.1:{number}/0"
    client = people.stranger()
    beat(name="tick", by="test", now=timezone.now())
    began = time.monotonic()
    answer = client.get("/readyz")

    assert client.get("/healthz").status_code == 200
    assert answer.status_code == 503
    assert answer.json()["database"] == "ok"
    assert answer.json()["broker"] in {"ConnectionError", "TimeoutError"}
    assert time.monotonic() - began < PATIENCE


@pytest.mark.django_db
def test_ready_means_database_broker_and_a_fresh_tick(client):
    assert client.get("/readyz").json()["tick_age_seconds"] is None
    assert client.get("/readyz").status_code == 503

    beat(name="tick", by="test", now=timezone.now())
    assert client.get("/readyz").status_code == 200

    beat(name="tick", by="test", now=timezone.now() - timedelta(seconds=11))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["tick_age_seconds"] >= 11


@pytest.mark.django_db
def test_the_routes_are_told_and_fail_nothing(client):
    now = timezone.now()
    beat(name="tick", by="test", now=now)
    RouteHealth.objects.create(
        route="sms:twilio",
        failures=3,
        last_error="provider_503",
        open_until=now + timedelta(minutes=1),
    )
    RouteHealth.objects.create(route="email", open_until=now - timedelta(minutes=1))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["routes"] == {
        "email": {"breaker": "closed", "failures": 0, "last_error": ""},
        "sms:twilio": {
            "breaker": "open",
            "failures": 3,
            "last_error": "provider_503",
        },
    }


@pytest.mark.django_db
def test_the_counts_say_what_waits(client, incident):
    text = client.get("/metrics").content.decode()
    assert "emergency_incidents_waiting 1.0" in text
    assert "emergency_pages_due 2.0" in text


@pytest.mark.django_db
def test_a_heartbeat_costs_one_statement(django_assert_num_queries):
    now = timezone.now()
    beat(name="tick", by="test", now=now)
    with django_assert_num_queries(1):
        beat(name="tick", by="test", now=now)
