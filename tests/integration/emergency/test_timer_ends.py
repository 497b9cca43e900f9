"""How a timer ends: reviewed, refused, stopped with the incident; nothing is lost."""

from datetime import datetime
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
    switch_timer,
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


def _limited(incident: Incident, gross: int) -> None:
    CostLimit.objects.create(
        report=incident.reports.get(), at=NIGHT, gross=gross, currency="EUR"
    )


def by_the_minute(at: datetime) -> Decimal:
    """240.00 for the fee, and 4.00 for each started minute since the timer began."""
    return Decimal(240) + 4 * -(-(at - STARTED) // MINUTE)


def test_time_within_the_customers_limit_is_saved_and_only_the_rest_waits(
    anna, reached
):
    _limited(reached, 300)
    timer = start(anna, reached, STARTED)
    ended = stop_timer(
        timer_id=timer.pk,
        staff=anna.staff,
        cost_at=by_the_minute,
        now=STARTED + 20 * MINUTE,
    )
    # 15 minutes cost 60.00; the sixteenth would be beyond.
    assert ended.state == "saved"
    assert entries() == [("support", 15 * 60)]
    rest = Timer.objects.waiting().get()
    assert (rest.why, rest.kind, rest.technician) == ("beyond_limit", "support", anna)
    assert (rest.started_at, rest.ended_at) == (
        STARTED + 15 * MINUTE,
        STARTED + 20 * MINUTE,
    )


@pytest.mark.parametrize("cost_at", [None, lambda _at: None, lambda _at: Decimal(301)])
def test_where_nothing_is_within_it_or_nobody_can_say_all_of_it_waits(
    cost_at, anna, reached
):
    _limited(reached, 300)
    timer = start(anna, reached, STARTED)
    ended = stop_timer(
        timer_id=timer.pk,
        staff=anna.staff,
        cost_at=cost_at,
        now=STARTED + 20 * MINUTE,
    )
    assert (ended.state, ended.why) == ("review", "beyond_limit")
    assert entries() == []


def test_up_to_the_limit_itself_all_of_it_is_saved(anna, reached):
    _limited(reached, 320)
    timer = start(anna, reached, STARTED)
    stop_timer(
        timer_id=timer.pk,
        staff=anna.staff,
        cost_at=by_the_minute,
        now=STARTED + 20 * MINUTE,
    )
    assert entries() == [("support", 1200)]
    assert not Timer.objects.waiting().exists()


def test_after_a_switch_the_next_kind_runs_whatever_waits(anna, reached):
    _limited(reached, 280)
    timer = start(anna, reached, STARTED)
    switch_timer(
        timer_id=timer.pk,
        staff=anna.staff,
        kind="application_analysis",
        cost_at=by_the_minute,
        now=STARTED + 20 * MINUTE,
    )
    assert entries() == [("support", 600)]
    running = Timer.objects.running().get()
    assert running.started_at == STARTED + 20 * MINUTE
    assert Timer.objects.waiting().get().ended_at == running.started_at


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
