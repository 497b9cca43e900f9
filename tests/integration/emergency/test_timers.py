"""Running timers: asked about, stopped for review; no second is lost or doubled."""

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from emergency import billable
from emergency.actions.answer import answer_by_code, answer_by_link
from emergency.actions.callback import record_attempt
from emergency.actions.cancellation import cancel
from emergency.actions.closing import add_note, close, reopen, resolve
from emergency.actions.escalate import take_one_decision
from emergency.actions.merging import merge
from emergency.actions.refusal import Refused
from emergency.actions.timelog import amend_time, log_time
from emergency.actions.timer import (
    confirm_timer,
    start_timer,
    stop_timer,
    switch_timer,
)
from emergency.actions.timer_review import drop_timer, review_timer
from emergency.models import (
    CostLimit,
    DueRow,
    Incident,
    Page,
    Technician,
    TimeEntry,
    Timer,
)
from emergency.pagers.wording import short_text
from tests import people
from tests.integration.emergency.sending import claimed
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


def test_a_timer_measures_from_start_to_stop_and_repeating_changes_nothing(
    anna, reached
):
    timer = start(anna, reached, STARTED)
    assert start(anna, reached, STARTED + MINUTE) == timer
    for minutes in (23, 24):
        stop_timer(timer_id=timer.pk, staff=anna.staff, now=STARTED + minutes * MINUTE)
    assert entries() == [("support", 23 * 60)]
    assert TimeEntry.objects.get().billable
    assert not DueRow.objects.filter(kind="timer", done_at__isnull=True).exists()


def test_a_timer_may_begin_with_the_call(anna, reached):
    timer = start(anna, reached, STARTED + 5 * MINUTE, from_the_call=True)
    assert timer.started_at == REACHED
    codes = list(reached.timeline.values_list("code", flat=True))
    assert "timer_started_before" in codes


def test_switching_the_kind_splits_the_time_without_a_second_between(anna, reached):
    timer = start(anna, reached, STARTED)
    to_analysis = {"staff": anna.staff, "kind": "application_analysis"}
    at = STARTED + 12 * MINUTE
    after = switch_timer(timer_id=timer.pk, now=at, **to_analysis)
    assert switch_timer(timer_id=after.pk, now=at + MINUTE, **to_analysis) == after
    with pytest.raises(Refused) as refused:
        switch_timer(timer_id=timer.pk, now=at, **to_analysis)
    assert code_of(refused) == "timer_has_ended"
    stop_timer(timer_id=after.pk, staff=anna.staff, now=STARTED + 30 * MINUTE)
    assert entries() == [("support", 720), ("application_analysis", 1080)]
    first, second = TimeEntry.objects.order_by("started_at")
    assert first.ended_at == second.started_at


def test_its_owner_is_asked_once_and_one_tap_keeps_it_running(anna, reached):
    timer = start(anna, reached, STARTED)
    engine(STARTED + 44 * MINUTE)
    assert not Page.objects.filter(purpose="timer").exists()
    engine(STARTED + 50 * MINUTE)
    page = Page.objects.get(purpose="timer")
    assert (page.technician, page.kind) == (anna, "sms")
    assert "Still at it?" in short_text(claimed(page.pk, STARTED + 50 * MINUTE))
    answered = answer_by_link(page_id=page.pk, now=STARTED + 51 * MINUTE)
    assert answered.code == "timer_goes_on"
    engine(STARTED + 90 * MINUTE)
    timer.refresh_from_db()
    assert timer.state == Timer.State.RUNNING
    assert timer.confirmed_at == STARTED + 51 * MINUTE


def test_a_text_with_the_code_confirms_it(anna, reached):
    start(anna, reached, STARTED)
    engine(STARTED + 45 * MINUTE)
    page = Page.objects.get(purpose="timer")
    claimed(page.pk, STARTED + 45 * MINUTE)
    answered = answer_by_code(
        sender=page.address,
        text=page.code,
        message_id="SM1",
        now=STARTED + 46 * MINUTE,
    )
    assert answered is not None
    assert answered.code == "timer_goes_on"


def test_unconfirmed_for_sixty_minutes_it_stops_and_nothing_of_it_is_billed(
    anna, reached
):
    timer = start(anna, reached, STARTED)
    # The tick comes late; the instant is that of the rule.
    assert take_one_decision(now=STARTED + 77 * MINUTE)
    timer.refresh_from_db()
    assert timer.state == Timer.State.REVIEW
    assert timer.why == Timer.Why.UNCONFIRMED
    assert timer.ended_at == STARTED + 60 * MINUTE
    assert entries() == []
    assert billable.preview(reached.reference, now=STARTED).entries == ()
    notice = Page.objects.get(purpose="notice")
    assert "say what of it was work" in short_text(
        claimed(notice.pk, STARTED + 78 * MINUTE)
    )
    late = Page.objects.filter(purpose="timer").first()
    assert late is None


def test_what_was_confirmed_is_saved_and_only_the_rest_waits(anna, reached):
    timer = start(anna, reached, STARTED)
    confirm_timer(
        timer_id=timer.pk, staff=anna.staff, now=STARTED + 40 * MINUTE, via="desk"
    )
    engine(STARTED + 3 * 60 * MINUTE)
    assert entries() == [("support", 40 * 60)]
    rest = Timer.objects.waiting().get()
    assert (rest.started_at, rest.ended_at) == (
        STARTED + 40 * MINUTE,
        STARTED + 100 * MINUTE,
    )
    with pytest.raises(Refused) as refused:
        confirm_timer(
            timer_id=timer.pk, staff=anna.staff, now=STARTED + 2 * MINUTE, via="desk"
        )
    assert code_of(refused) == "timer_has_ended"


def test_an_answer_that_comes_too_late_starts_nothing(anna, reached):
    start(anna, reached, STARTED)
    engine(STARTED + 61 * MINUTE)
    page = Page.objects.get(purpose="timer")
    answered = answer_by_link(page_id=page.pk, now=STARTED + 62 * MINUTE)
    assert answered.code == "timer_has_ended"
    assert not Timer.objects.running().exists()


def test_whoever_writes_a_note_need_not_confirm(anna, reached):
    timer = start(anna, reached, STARTED)
    add_note(
        incident_id=reached.pk,
        staff=anna.staff,
        text="Looking at the logs.",
        now=STARTED + 40 * MINUTE,
    )
    engine(STARTED + 70 * MINUTE)
    assert not Page.objects.filter(purpose="timer").exists()
    timer.refresh_from_db()
    assert timer.confirmed_at == STARTED + 40 * MINUTE


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


def test_a_running_timer_is_asked_about_instead_of_the_idle_incident(anna, reached):
    start(anna, reached, STARTED)
    DueRow.objects.filter(kind="idle").update(done_at=None, due_at=STARTED + 2 * MINUTE)
    assert take_one_decision(now=STARTED + 2 * MINUTE)
    assert not Page.objects.filter(purpose="idle").exists()
    assert reached.timeline.filter(code="not_asked").exists()


SPRING = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("night", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize("seed", range(5))
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
