"""Working with a timer, in few words; the engine decides when it is told to."""

from datetime import datetime, timedelta

import pytest

from emergency.actions.callback import record_attempt
from emergency.actions.escalate import take_one_decision
from emergency.actions.refusal import Refused
from emergency.actions.timer import (
    start_timer,
)
from emergency.models import (
    DueRow,
    Incident,
    Page,
    Technician,
    TimeEntry,
    Timer,
)
from tests.people import NIGHT

MINUTE = timedelta(minutes=1)
REACHED = NIGHT + 9 * MINUTE
STARTED = NIGHT + 10 * MINUTE


@pytest.fixture
def reached(anna, incident):
    record_attempt(
        incident_id=incident.pk, staff=anna.staff, outcome="reached", now=REACHED
    )
    DueRow.objects.exclude(kind="timer").update(done_at=REACHED)
    Page.objects.all().update(status="withdrawn")
    incident.refresh_from_db()
    return incident


def start(person: Technician, incident: Incident, now: datetime, **more) -> Timer:
    values = {"kind": "support", **more}
    return start_timer(
        incident_id=incident.pk,
        technician=person,
        staff=person.staff,
        now=now,
        **values,
    )


def engine(until: datetime) -> None:
    """What is due until then is decided, each at its time."""
    while True:
        row = DueRow.objects.due(until).filter(kind="timer").first()
        if row is None:
            return
        assert take_one_decision(now=row.due_at)


def entries() -> list[tuple[str, int]]:
    return [
        (entry.kind, round((entry.ended_at - entry.started_at).total_seconds()))
        for entry in TimeEntry.objects.current().order_by("started_at", "pk")
    ]


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return refusal.value.code
