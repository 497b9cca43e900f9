"""The promise: a call within 30 minutes, whatever happens meanwhile."""

import re

import pytest
from django.db import IntegrityError, transaction

from emergency.actions import escalate
from emergency.actions.acknowledge import acknowledge, release
from emergency.actions.callback import record_attempt
from emergency.models import DueRow, Incident, Page


@pytest.fixture
def night(quiet_night):
    """Nothing here depends on what a provider reports."""
    return quiet_night


def taken_by_anna(night):
    incident = night.report()
    acknowledge(
        incident_id=incident.pk,
        technician=night.people["Anna"],
        now=night.now,
        via="desk",
    )
    return incident


def attempt(night, incident, outcome):
    record_attempt(
        incident_id=incident.pk,
        staff=night.people["Anna"].staff,
        outcome=outcome,
        now=night.now,
    )
    incident.refresh_from_db()


def open_kinds():
    return list(
        DueRow.objects.filter(done_at__isnull=True).values_list("kind", flat=True)
    )


def test_reaching_the_customer_in_the_last_second_keeps_the_promise(night):
    incident = taken_by_anna(night)
    night.now = incident.callback_deadline_at
    attempt(night, incident, "reached")
    assert incident.callback_outcome == Incident.CallbackOutcome.MET
    assert incident.status == Incident.Status.REACHED


def test_acknowledging_alone_does_not_stop_the_clock(night):
    incident = taken_by_anna(night)
    night.pass_time(minutes=30)
    incident.refresh_from_db()
    assert incident.callback_outcome == Incident.CallbackOutcome.MISSED
    assert incident.missed_at == incident.callback_deadline_at


@pytest.mark.parametrize("outcome", ["no_answer", "busy", "mailbox", "wrong_number"])
def test_an_attempt_that_reaches_nobody_does_not_stop_the_clock(night, outcome):
    incident = taken_by_anna(night)
    night.pass_time(minutes=5)
    attempt(night, incident, outcome)
    assert incident.status == Incident.Status.ACKNOWLEDGED
    night.pass_time(minutes=25)
    incident.refresh_from_db()
    assert incident.callback_outcome == Incident.CallbackOutcome.MISSED


def test_the_owner_is_reminded_and_then_the_whole_chain_is_paged_again(night):
    incident = taken_by_anna(night)
    night.pass_time(minutes=17)
    assert len(night.facts(incident, "reminded")) == 2
    night.phone("Anna").text("the customer still waits")

    night.pass_time(minutes=1)
    incident.refresh_from_db()
    assert incident.status == Incident.Status.PAGING
    assert "paging_again" in night.timeline(incident)


def test_a_reminder_right_after_an_attempt_is_left_out_and_says_why(night):
    incident = taken_by_anna(night)
    night.pass_time(minutes=8)
    attempt(night, incident, "busy")
    night.pass_time(minutes=3)
    assert night.facts(incident, "no_reminder") == [{"reason": "recent_activity"}]


def test_a_missed_deadline_pages_the_duty_manager_and_goes_on(night):
    incident = taken_by_anna(night)
    night.pass_time(minutes=31)
    night.phone("Eva").text("callback deadline 02:41 missed")
    before = Page.objects.filter(incident=incident).count()
    night.pass_time(minutes=12)
    assert Page.objects.filter(incident=incident).count() > before

    attempt(night, incident, "reached")
    assert incident.callback_outcome == Incident.CallbackOutcome.MISSED
    assert incident.status == Incident.Status.REACHED


def test_after_reached_nothing_is_due_any_more(night):
    incident = taken_by_anna(night)
    attempt(night, incident, "reached")
    assert open_kinds() == ["idle"]
    pages = Page.objects.count()
    night.pass_time(minutes=59)
    assert Page.objects.count() == pages


def test_calling_the_customer_without_acknowledging_first_counts(night):
    incident = night.report()
    night.pass_time(minutes=2)
    attempt(night, incident, "reached")
    assert incident.callback_outcome == Incident.CallbackOutcome.MET
    assert incident.owner == night.people["Anna"]
    assert open_kinds() == ["idle"]


def test_a_second_reached_changes_nothing(night):
    incident = taken_by_anna(night)
    attempt(night, incident, "reached")
    first = incident.reached_at
    night.pass_time(minutes=3)
    attempt(night, incident, "reached")
    assert incident.reached_at == first
    assert night.timeline(incident).count("reached") == 1


def test_reached_after_the_deadline_is_missed_even_if_the_tick_was_late(night):
    incident = taken_by_anna(night)
    night.now = incident.callback_deadline_at + (
        night.now - night.now.replace(second=0)
    )
    night.now = night.now.replace(microsecond=1)
    attempt(night, incident, "reached")
    assert incident.callback_outcome == Incident.CallbackOutcome.MISSED
    assert incident.missed_at == incident.callback_deadline_at


def test_releasing_pages_again_from_the_first_step(night):
    incident = taken_by_anna(night)
    release(incident_id=incident.pk, staff=night.people["Anna"].staff, now=night.now)
    night.act()
    incident.refresh_from_db()
    assert (incident.status, incident.round) == (Incident.Status.PAGING, 1)
    assert re.search("EMERGENCY", night.phone("Anna").texts()[0])


def test_one_row_that_cannot_be_decided_stops_nobody_else(night, monkeypatch):
    broken, healthy = taken_by_anna(night), night.report("order-2")
    row = DueRow.objects.get(incident=broken, kind="deadline")
    DueRow.objects.filter(pk=row.pk).update(due_at=night.now)
    acknowledge(
        incident_id=healthy.pk,
        technician=night.people["Carla"],
        now=night.now,
        via="desk",
    )
    DueRow.objects.filter(incident=healthy, kind="deadline").update(due_at=night.now)

    def raise_for_broken(incident, row, now):
        if incident.pk == broken.pk:
            raise RuntimeError("cannot decide")
        original(incident, row, now)

    original = escalate.DECISIONS["deadline"]
    monkeypatch.setitem(escalate.DECISIONS, "deadline", raise_for_broken)
    # A provider's callback may hold a row for a moment; the next tick takes it then.
    night.act()

    row.refresh_from_db()
    healthy.refresh_from_db()
    assert row.done_at is None
    assert row.due_at > night.now
    assert (row.failures, row.last_error) == (1, "RuntimeError")
    assert "decision_failed" in night.timeline(broken)
    assert Page.objects.filter(incident=broken, purpose="engine").exists()
    assert healthy.callback_outcome == Incident.CallbackOutcome.MISSED


def test_the_timeline_cannot_be_changed_or_removed(night):
    entry = night.report().timeline.first()
    entry.code = "something_else"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.delete()


def test_a_reminder_that_cannot_reach_the_owner_goes_to_the_duty_manager(night):
    incident = taken_by_anna(night)
    night.people["Anna"].contact_methods.all().delete()
    night.pass_time(minutes=11)
    night.phone("Eva").text("the customer still waits")
    assert night.facts(incident, "reminded")[0]["technicians"] == [
        night.people["Eva"].pk
    ]


def test_a_decision_that_goes_on_failing_is_told_with_less_and_less_haste(night):
    incident = taken_by_anna(night)
    row = DueRow.objects.get(incident=incident, kind="deadline")
    told = []
    for _ in range(8):
        escalate.put_aside(row_id=row.pk, error=RuntimeError(), now=night.now)
        told.append(Page.objects.filter(purpose="engine", kind="voice").count())
    assert told == [1, 2, 2, 3, 3, 3, 3, 4]
    assert night.timeline(incident).count("decision_failed") == 8
