"""Running timers: they measure, are asked about, and stop for review."""

import pytest

from emergency import billable
from emergency.actions.answer import answer_by_code, answer_by_link
from emergency.actions.closing import add_note
from emergency.actions.escalate import take_one_decision
from emergency.actions.refusal import Refused
from emergency.actions.timer import (
    confirm_timer,
    stop_timer,
    switch_timer,
)
from emergency.models import (
    DueRow,
    Page,
    TimeEntry,
    Timer,
)
from emergency.pagers.wording import short_text
from tests.integration.emergency.sending import claimed
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


def test_a_running_timer_is_asked_about_instead_of_the_idle_incident(anna, reached):
    start(anna, reached, STARTED)
    DueRow.objects.filter(kind="idle").update(done_at=None, due_at=STARTED + 2 * MINUTE)
    assert take_one_decision(now=STARTED + 2 * MINUTE)
    assert not Page.objects.filter(purpose="idle").exists()
    assert reached.timeline.filter(code="not_asked").exists()
