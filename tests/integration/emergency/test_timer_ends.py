"""How a timer ends: reviewed, refused, stopped with the incident; nothing is lost."""

from decimal import Decimal
from typing import Any

import pytest

from emergency.actions.cancellation import cancel
from emergency.actions.closing import close, reopen, resolve
from emergency.actions.merging import merge
from emergency.actions.refusal import Refused
from emergency.actions.timelog import amend_time, log_time
from emergency.actions.timer import (
    confirm_timer,
    stop_timer,
)
from emergency.actions.timer_review import drop_timer, review_timer
from emergency.models import (
    CostLimit,
    DueRow,
    Incident,
    Technician,
    TimeEntry,
    Timer,
)
from tests import people
from tests.integration.emergency.timing import (
    MINUTE,
    REACHED,
    STARTED,
    code_of,
    engine,
    entries,
    start,
)
from tests.integration.emergency.timing import reached as reached
from tests.people import NIGHT


def stopped_for_review(anna: Technician, incident: Incident) -> Timer:
    timer = start(anna, incident, STARTED)
    engine(STARTED + 60 * MINUTE)
    timer.refresh_from_db()
    return timer


def test_a_person_says_what_of_the_time_was_work(anna, reached):
    timer = stopped_for_review(anna, reached)
    for _twice in range(2):
        review_timer(
            timer_id=timer.pk,
            staff=anna.staff,
            kind="application_analysis",
            started_at=STARTED,
            ended_at=STARTED + 25 * MINUTE,
            billable=True,
            waiver_reason="",
            now=STARTED + 90 * MINUTE,
        )
    assert entries() == [("application_analysis", 25 * 60)]
    timer.refresh_from_db()
    assert timer.entry == TimeEntry.objects.get()


def test_closing_waits_for_the_review_and_for_the_findings(anna, reached):
    timer = stopped_for_review(anna, reached)
    now = STARTED + 70 * MINUTE
    doing = {"incident_id": reached.pk, "staff": anna.staff, "now": now}
    resolve(cause="other", resolution="", **doing)
    with pytest.raises(Refused) as refused:
        close(**doing)
    assert code_of(refused) == "time_waits"
    drop_timer(timer_id=timer.pk, staff=anna.staff, now=now)
    with pytest.raises(Refused) as refused:
        close(**doing)
    assert code_of(refused) == "findings_missing"
    people.findings(reached, anna, at=now)
    close(**doing)
    assert entries() == []


def test_time_by_hand_and_by_timer_never_overlap(anna, reached):
    timer = start(anna, reached, STARTED)
    by_hand: dict[str, Any] = {
        "staff": anna.staff,
        "kind": "support",
        "now": STARTED + 30 * MINUTE,
    }
    times: dict[str, Any] = {"started_at": REACHED, "ended_at": STARTED + 10 * MINUTE}
    with pytest.raises(Refused) as refused:
        log_time(incident_id=reached.pk, technician=anna, **times, **by_hand)
    assert code_of(refused) == "timer_runs"
    entry = log_time(
        incident_id=reached.pk,
        technician=anna,
        started_at=REACHED,
        ended_at=STARTED,
        **by_hand,
    )
    with pytest.raises(Refused) as refused:
        amend_time(
            entry_id=entry.pk,
            billable=True,
            waiver_reason="",
            reason="More.",
            **times,
            **by_hand,
        )
    assert code_of(refused) == "timer_runs"
    engine(STARTED + 60 * MINUTE)
    with pytest.raises(Refused) as refused:
        log_time(
            incident_id=reached.pk,
            technician=anna,
            started_at=STARTED + MINUTE,
            ended_at=STARTED + 2 * MINUTE,
            **(by_hand | {"now": STARTED + 70 * MINUTE}),
        )
    assert code_of(refused) == "timer_waits"
    assert timer.entry is None


def test_a_second_incident_offers_to_stop_the_first(anna, reached):
    other = people.report(now=NIGHT)
    start(anna, reached, STARTED)
    with pytest.raises(Refused) as refused:
        start(anna, other, STARTED + 20 * MINUTE)
    assert code_of(refused) == "timer_elsewhere"
    assert reached.reference in str(refused.value)
    start(anna, other, STARTED + 20 * MINUTE, stop_other=True)
    assert entries() == [("support", 1200)]
    assert Timer.objects.running().get().incident == other


def test_technicians_work_in_parallel_and_resolving_stops_them_all(anna, reached):
    bernd = people.technician("Bernd Kofler")
    start(anna, reached, STARTED)
    start(bernd, reached, STARTED + 5 * MINUTE)
    resolve(
        incident_id=reached.pk,
        staff=anna.staff,
        cause="other",
        resolution="",
        now=STARTED + 15 * MINUTE,
    )
    assert entries() == [("support", 900), ("support", 600)]
    with pytest.raises(Refused) as refused:
        start(anna, reached, STARTED + 16 * MINUTE)
    assert code_of(refused) == "not_open"
    reopen(incident_id=reached.pk, staff=anna.staff, now=STARTED + 17 * MINUTE)
    start(anna, reached, STARTED + 17 * MINUTE)


def test_cancelling_stops_the_timer_and_merging_takes_it_along(anna, incident):
    start(anna, incident, STARTED)
    other = people.report(now=NIGHT + MINUTE)
    merge(
        incident_id=incident.pk,
        other_id=other.pk,
        staff=anna.staff,
        now=STARTED + MINUTE,
    )
    younger = people.report(now=NIGHT + 2 * MINUTE)
    start(anna, younger, STARTED + 2 * MINUTE, stop_other=True)
    merge(
        incident_id=incident.pk,
        other_id=younger.pk,
        staff=anna.staff,
        now=STARTED + 3 * MINUTE,
    )
    running = Timer.objects.running().get()
    assert running.incident == incident
    assert DueRow.objects.get(kind="timer", done_at__isnull=True).incident == incident
    cancel(incident_id=incident.pk, staff=anna.staff, now=STARTED + 5 * MINUTE)
    assert entries() == [("support", 120), ("support", 180)]


def test_beyond_the_customers_limit_the_time_waits_instead_of_being_refused(
    anna, reached
):
    report = reached.reports.get()
    CostLimit.objects.create(report=report, at=NIGHT, gross=300, currency="EUR")
    for would_cost in (Decimal(301), None):
        timer = start(anna, reached, STARTED)
        ended = stop_timer(
            timer_id=timer.pk,
            staff=anna.staff,
            would_cost=would_cost,
            now=STARTED + 20 * MINUTE,
        )
        assert (ended.state, ended.why) == ("review", "beyond_limit")
        drop_timer(timer_id=ended.pk, staff=anna.staff, now=STARTED + 21 * MINUTE)
    timer = start(anna, reached, STARTED)
    stop_timer(
        timer_id=timer.pk,
        staff=anna.staff,
        would_cost=Decimal(300),
        now=STARTED + 20 * MINUTE,
    )
    assert entries() == [("support", 1200)]


def test_whoever_stops_for_somebody_silent_leaves_the_rest_to_be_reviewed(
    anna, reached
):
    bernd = people.technician("Bernd Kofler")
    timer = start(bernd, reached, STARTED)
    at = STARTED + 10 * MINUTE
    confirm_timer(timer_id=timer.pk, staff=bernd.staff, now=at, via="desk")
    engine(STARTED + 56 * MINUTE)
    resolve(
        incident_id=reached.pk,
        staff=anna.staff,
        cause="other",
        resolution="",
        now=STARTED + 58 * MINUTE,
    )
    assert entries() == [("support", 600)]
    rest = Timer.objects.waiting().get()
    assert (rest.technician, rest.started_at) == (bernd, at)
    assert rest.ended_at == STARTED + 58 * MINUTE


def test_an_entry_that_came_in_between_loses_no_measured_time(anna, reached):
    timer = start(anna, reached, STARTED)
    # As by a clock of another machine that runs ahead.
    TimeEntry.objects.create(
        incident=reached,
        technician=anna,
        kind="support",
        started_at=REACHED,
        ended_at=STARTED + MINUTE,
        logged_by=anna.staff,
        logged_at=STARTED,
    )
    ended = stop_timer(timer_id=timer.pk, staff=anna.staff, now=STARTED + 20 * MINUTE)
    assert (ended.state, ended.why) == ("review", "overlap")
    assert ended.ended_at == STARTED + 20 * MINUTE
