"""The rehearsal says what the engine does, and writes nothing."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from emergency.models import (
    DueRow,
    Incident,
    Override,
    Page,
    Rotation,
    RotationMember,
    Schedule,
    TimelineEntry,
)
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.policies import policy

RINGING = timedelta(seconds=25)
PATH = "/desk/roster/what-if/"


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def asked(client: Client, **query: Any) -> str:
    answer = client.get(PATH, {"at": "2026-03-11T02:30", **query})
    assert answer.status_code == 200
    return words(answer.content.decode())


@pytest.fixture
def eva(desk: Desk) -> Client:
    return people.signed_in(desk.eva)


def test_it_says_who_is_paged_first_by_what_and_why(eva, desk) -> None:
    page = asked(eva, about="web01.example")
    assert "Wed 11 Mar 2026, 02:30" in page
    assert "web01.example (Muster Handel GmbH, 10042)" in page
    assert "02:30:00 On call: Emergency support Round 1, step 1" in page
    assert "Anna Berger 02:30:00 Voice call" in page
    assert "Layer 0: it is the turn of Anna Berger." in page
    assert "The next step, at the latest" in page
    assert "Bernd Kofler, who" not in page


def test_another_week_is_another_person(eva) -> None:
    page = asked(eva, at="2026-03-18T02:30")
    assert "it is the turn of Bernd Kofler." in page


def test_a_change_of_the_plan_is_a_reason(eva, desk) -> None:
    Override.objects.create(
        schedule=Schedule.objects.get(),
        kind="replace",
        technician=desk.bernd,
        replaced=desk.anna,
        reason="drop_out",
        starts_at=datetime(2026, 3, 11, 0, tzinfo=UTC),
        ends_at=datetime(2026, 3, 11, 6, tzinfo=UTC),
    )
    page = asked(eva)
    assert "Bernd Kofler 02:30:00 Voice call" in page
    assert "Changed: Bernd Kofler instead of Anna Berger (Drop-out)." in page


def test_layers_that_do_not_serve_are_named(eva, desk) -> None:
    Rotation.objects.update(name="Base")
    for name, fields in (
        ("Days", {"limited_to": "times", "times": [hours("08:00", "18:00")]}),
        ("Later", {"starts_on": "2026-05-01"}),
        ("Gone", {}),
    ):
        upper = Rotation.objects.create(
            schedule=Schedule.objects.get(),
            name=name,
            layer=5,
            handoff_time="08:00",
            **{"starts_on": "2026-03-02", **fields},
        )
        gone = people.technician("Gregor Gone", is_active=False) if not fields else None
        RotationMember.objects.create(
            rotation=upper, technician=gone or desk.bernd, position=0
        )
    page = asked(eva)
    assert "Days serves other hours." in page
    assert "Later has not begun or is over." in page
    assert "Gone: it would be the turn of Gregor Gone, who may not sign in." in page
    assert "Base: it is the turn of Anna Berger." in page


def hours(begin: str, end: str) -> dict[str, Any]:
    return {"days": [0, 1, 2, 3, 4, 5, 6], "from": begin, "until": end}


def test_nobody_on_call_goes_on_at_once(eva, desk, manager) -> None:
    Rotation.objects.update(ends_on="2026-03-10")
    policy(("schedule", 4), ("duty_manager", 3))
    page = asked(eva)
    assert "Nobody Nobody is on call. The next step fires at once." in page
    assert "02:30:00 The duty manager Round 1, step 2" in page
    assert "Eva Winter 02:30:00 Voice call" in page


def test_whoever_is_busy_is_paged_together_with_the_next(eva, desk, manager) -> None:
    policy(("schedule", 4), ("duty_manager", 3))
    page = asked(eva, busy=[desk.anna.pk])
    assert "Anna Berger busy" in page
    assert "All of them are busy So the next step fires together with this one." in page
    assert "02:30:00 The duty manager" in page
    # Unasked, those are busy who are so now.
    incident = people.report(now=desk.clock.now)
    Incident.objects.filter(pk=incident.pk).update(
        owner=desk.anna, status="acknowledged", acknowledged_at=desk.clock.now
    )
    form = eva.get(PATH).content.decode()
    assert re.search(rf'name="busy" value="{desk.anna.pk}"[^>]*checked', form)


def test_when_nobody_answers_all_is_shown_up_to_the_deadline(
    eva, desk, manager
) -> None:
    policy(("schedule", 4), ("duty_manager", 3))
    page = asked(eva, nobody="on")
    assert "rings until 02:30:25" in page
    assert "02:30:25 The duty manager Round 1, step 2" in page
    assert "last resort: unverified numbers too" in page
    assert "03:00:00 The callback is missed" in page
    assert "by every way they have: Eva Winter ." in page


def test_an_open_incident_of_the_server_is_said(eva, desk) -> None:
    incident = people.report(now=desk.clock.now)
    page = asked(eva, about="web01.example")
    assert f"{incident.reference} is open for this server" in page
    assert incident.reference not in asked(eva, about="10042")


def test_a_time_that_comes_twice_is_asked_for(eva) -> None:
    first = asked(eva, at="2026-10-25T02:30")
    assert ", 02:30 CEST" in first
    assert "The clock shows this time twice." in first
    assert ", 02:30 CET" in asked(eva, at="2026-10-25T02:30", at_occurrence="1")
    assert "The clock shows this time twice." not in asked(eva)
    skipped = eva.get(PATH, {"at": "2026-03-29T02:30"})
    assert skipped.status_code == 422
    assert "The clock skips this time" in skipped.content.decode()


@pytest.mark.parametrize("at", ["", "tomorrow", "2026-03-11"])
def test_what_cannot_be_read_is_kept_with_its_error(eva, at) -> None:
    answer = eva.get(PATH, {"at": at, "about": "web01.example"})
    page = answer.content.decode()
    assert answer.status_code == (200 if at == "2026-03-11" else 422)
    assert 'value="web01.example"' in page


def test_nothing_is_written_and_nobody_is_paged(eva, desk, manager, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    policy(("schedule", 4), ("everyone", 3))
    models = (Incident, Page, DueRow, TimelineEntry)
    before = [model.objects.count() for model in models]
    with transaction.atomic():
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        session_safe = eva.get(
            PATH, {"at": "2026-03-11T02:30", "about": "web01.example", "nobody": "on"}
        )
        assert session_safe.status_code == 200
        transaction.set_rollback(True)
    assert [model.objects.count() for model in models] == before
    assert not list(tmp_path.iterdir())
