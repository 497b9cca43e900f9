"""Whatever is pressed, in whatever night: no second is lost or counted twice."""

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection

from emergency.actions.cancellation import cancel
from emergency.actions.refusal import Refused
from emergency.actions.timer import (
    confirm_timer,
    stop_timer,
    switch_timer,
)
from emergency.models import (
    Incident,
    TimeEntry,
    Timer,
)
from tests import people
from tests.integration.emergency.timing import (
    MINUTE,
    STARTED,
    engine,
    start,
)
from tests.integration.emergency.timing import reached as reached
from tests.people import NIGHT

SPRING = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("night", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_pressed_seconds_add_up_and_nothing_overlaps(db, night, seed):
    """Two people, two incidents, the change of the clocks: what was measured is what
    is saved or waits, to the second."""
    dice = random.Random(f"{night} {seed}")
    crew = [people.technician("Anna Berger"), people.technician("Bernd Kofler")]
    cases = [people.report(now=night), people.report(now=night)]
    measured: Counter[tuple[int, str]] = Counter()
    since: dict[int, tuple[datetime, str]] = {}
    confirmed: dict[int, datetime] = {}
    now = night

    def count(person: int, until: datetime) -> None:
        begun, kind = since.pop(person)
        measured[person, kind] += round((until - begun).total_seconds())

    for _move in range(60):
        now += timedelta(seconds=dice.randint(1, 1500))
        for key in list(since):
            if now >= confirmed[key] + timedelta(minutes=60):
                count(key, confirmed[key] + timedelta(minutes=60))
        engine(now)
        person = dice.choice(crew)
        key = person.pk
        kind = dice.choice(["support", "application_analysis"])
        running = Timer.objects.running().filter(technician=person).first()
        assert (running is not None) == (key in since)
        if running is None:
            start(person, dice.choice(cases), now, kind=kind)
            since[key], confirmed[key] = (now, kind), now
            continue
        match dice.choice(["stop", "switch", "confirm", "other"]):
            case "stop":
                stop_timer(timer_id=running.pk, staff=person.staff, now=now)
                count(key, now)
            case "switch":
                switch_timer(
                    timer_id=running.pk, staff=person.staff, kind=kind, now=now
                )
                if kind != since[key][1]:
                    count(key, now)
                    since[key], confirmed[key] = (now, kind), now
            case "confirm":
                confirm_timer(
                    timer_id=running.pk, staff=person.staff, now=now, via="desk"
                )
                if now - confirmed[key] >= MINUTE:
                    confirmed[key] = now
            case "other":
                case_there = dice.choice(cases)
                start(person, case_there, now, kind=kind, stop_other=True)
                if case_there.pk != running.incident_id:
                    count(key, now)
                    since[key], confirmed[key] = (now, kind), now
    for case in cases:
        cancel(incident_id=case.pk, staff=crew[0].staff, now=now)
    for key in list(since):
        count(key, now)
    kept: Counter[tuple[int, str]] = Counter()
    stretches = [
        (one.technician_id, one.started_at, one.ended_at, one.kind)
        for one in (*TimeEntry.objects.current(), *Timer.objects.waiting())
    ]
    for technician, begun, ended, kind in stretches:
        kept[technician, kind] += round((ended - begun).total_seconds())
    assert kept == +measured
    for person in crew:
        own = sorted(one[1:3] for one in stretches if one[0] == person.pk)
        assert all(first[1] <= second[0] for first, second in pairwise(own))


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_leave_one_timer(anna, incident):
    other = people.report(now=NIGHT)
    barrier = threading.Barrier(2)
    refused = []

    def press(case: Incident) -> None:
        try:
            barrier.wait(timeout=20)
            start(anna, case, STARTED)
        except Refused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(c,)) for c in (incident, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["timer_elsewhere"]
    assert Timer.objects.running().count() == 1
