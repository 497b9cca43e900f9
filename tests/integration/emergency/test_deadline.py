"""The last second of the promise, and who is told when it is broken."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from emergency.actions import escalate
from emergency.actions.acknowledge import acknowledge
from emergency.actions.callback import record_attempt
from emergency.actions.escalate import tick
from emergency.models import ContactMethod, Incident, Technician
from tests.people import NIGHT

MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def taken(incident, anna):
    acknowledge(incident_id=incident.pk, technician=anna, now=NIGHT, via="desk")
    incident.refresh_from_db()
    return incident


def reach(incident, at):
    staff = Technician.objects.get(staff__full_name="Anna Berger").staff
    record_attempt(incident_id=incident.pk, staff=staff, outcome="reached", now=at)
    incident.refresh_from_db()


def test_nothing_is_missed_a_moment_before_the_deadline(taken):
    tick(now=taken.callback_deadline_at - MOMENT, by="test")
    taken.refresh_from_db()
    assert taken.callback_outcome == Incident.CallbackOutcome.PENDING


@pytest.mark.parametrize("early", [timedelta(0), MOMENT])
def test_whoever_reached_in_time_kept_the_promise_even_if_the_tick_was_quicker(
    taken, early
):
    deadline = taken.callback_deadline_at
    tick(now=deadline, by="test")
    taken.refresh_from_db()
    assert taken.callback_outcome == Incident.CallbackOutcome.MISSED

    reach(taken, deadline - early)
    assert taken.callback_outcome == Incident.CallbackOutcome.MET
    assert taken.missed_at is None


def test_whoever_reached_a_moment_later_did_not(taken):
    reach(taken, taken.callback_deadline_at + MOMENT)
    assert taken.callback_outcome == Incident.CallbackOutcome.MISSED


def test_a_duty_manager_without_a_telephone_is_replaced_by_everybody(taken, anna):
    ContactMethod.objects.exclude(technician=anna).delete()
    tick(now=taken.callback_deadline_at, by="test")
    missed = taken.pages.filter(purpose="missed")
    assert set(missed.values_list("technician", flat=True)) == {anna.pk}


def test_trouble_of_the_database_does_not_put_a_decision_aside(taken, monkeypatch):
    def lock_timeout(incident, row, now):
        raise OperationalError("canceling statement due to lock timeout")

    deadline = taken.callback_deadline_at
    with monkeypatch.context() as patched:
        patched.setitem(escalate.DECISIONS, "deadline", lock_timeout)
        tick(now=deadline, by="test")
    row = taken.due_rows.get(kind="deadline")
    assert (row.done_at, row.due_at, row.failures) == (None, deadline, 0)

    tick(now=deadline, by="test")
    taken.refresh_from_db()
    assert taken.callback_outcome == Incident.CallbackOutcome.MISSED
