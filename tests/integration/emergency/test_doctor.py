"""One command says what is wrong with an installation, also while parts are away."""

import json
import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from emergency.actions.escalate import beat
from emergency.models import ContactMethod, SelfTest

SECOND = timedelta(seconds=1)


def examined() -> tuple[int, dict[str, list[tuple[str, str]]]]:
    """Exit code, and state and text of what was found, by part."""
    out, code = StringIO(), 0
    try:
        call_command("doctor", "--json", stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    found: dict[str, list[tuple[str, str]]] = {}
    for row in json.loads(out.getvalue()):
        found.setdefault(row["part"], []).append((row["state"], row["text"]))
    return code, found


@pytest.fixture
def well(settings, live_server, telephone_process, transactional_db):
    """Everything that can be asked answers."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_BASE_URL = live_server.url
    settings.TWILIO_API_BASE_URL = telephone_process.url
    settings.HOUSE_PHONE_NUMBER = "+491713920090"
    for name in ("tick", "watcher", "sweep"):
        beat(name=name, by="test", now=timezone.now())


def test_a_healthy_installation_passes(well, anna):
    for route in ("voice:twilio", "sms:twilio"):
        SelfTest.objects.create(
            route=route,
            started_at=timezone.now() - 3 * SECOND,
            due_at=timezone.now(),
            ended_at=timezone.now(),
            outcome="passed",
        )
    code, found = examined()
    assert {state for part in found.values() for state, _ in part} == {"ok"}, found
    assert code == 0


def test_every_part_that_is_broken_is_named(well, anna, settings):
    settings.TWILIO_AUTH_TOKEN = "another-token-than-the-provider-knows"
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    ContactMethod.objects.filter(technician=anna, kind="voice").delete()
    beat(name="tick", by="test", now=timezone.now() - 60 * SECOND)
    SelfTest.objects.create(
        route="sms:twilio",
        started_at=timezone.now() - 3 * SECOND,
        due_at=timezone.now(),
        ended_at=timezone.now(),
        outcome="failed",
        error_code="no_answer_came",
    )
    code, found = examined()
    assert code == 1
    assert found["provider"][0][0] == "broken"
    assert found["broker"][0][0] == "broken"
    assert ("broken", "tick ran 60 s ago") in found["loops"]
    assert ("warning", "Anna Berger has no verified voice number") in found["roster"]
    assert ("broken", "sms:twilio: no answer came back") in found["self tests"]


def test_an_address_that_leads_elsewhere_is_found(well, anna, settings, provider):
    settings.PUBLIC_BASE_URL = provider.url
    assert "leads elsewhere" in examined()[1]["webhooks"][0][1]
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:9"
    assert "cannot be reached" in examined()[1]["webhooks"][0][1]


def test_a_schedule_with_nobody_on_call_is_broken(well, db):
    assert examined()[1]["roster"][0][0] == "broken"


def test_without_the_database_the_rest_is_examined_all_the_same(warm):
    answer = warm.run(
        "manage.py",
        "doctor",
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing"},
    )
    assert answer.returncode == 1, answer.stderr
    assert "broken   database: OperationalError" in answer.stdout
    assert "unknown  roster: OperationalError" in answer.stdout
    assert "ok       broker: answers" in answer.stdout
    assert "Traceback" not in answer.stderr
