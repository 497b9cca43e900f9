"""Enough attempts in time: the chain stops and the customer is told whom to ring."""

from datetime import timedelta

import pytest

from emergency.actions import message as messages
from emergency.actions.acknowledge import acknowledge
from emergency.actions.callback import record_attempt
from emergency.actions.closing import add_note, close, reopen, resolve
from emergency.actions.refusal import Refused
from emergency.models import DueRow, Incident, Message, OperatorProfile, Page, Report
from tests.night import Night

CUSTOMER = "+491713920061"
SECOND = "+491713920062"


@pytest.fixture
def night(quiet_night: Night) -> Night:
    OperatorProfile.objects.create(
        valid_from=quiet_night.now - timedelta(days=1),
        name="Hoster",
        hotline="+43 1 5550199",
    )
    quiet_night.customers_number = CUSTOMER
    return quiet_night


@pytest.fixture
def incident(night: Night) -> Incident:
    """Anna has taken it at 02:11."""
    made = night.report()
    acknowledge(
        incident_id=made.pk, technician=night.people["Anna"], now=night.now, via="desk"
    )
    return made


def attempt(night, incident, outcome="no_answer", number=""):
    record_attempt(
        incident_id=incident.pk,
        staff=night.people["Anna"].staff,
        outcome=outcome,
        number=number,
        now=night.now,
    )
    night.act()
    incident.refresh_from_db()


def try_three_times(night, incident):
    for minutes in (9, 4, 7):
        night.pass_time(minutes=minutes)
        attempt(night, incident)


def test_after_the_third_attempt_the_customer_is_told_which_number_to_ring(
    night, incident
):
    try_three_times(night, incident)
    assert incident.status == Incident.Status.UNREACHED
    assert incident.callback_outcome == Incident.CallbackOutcome.ATTEMPTED
    text = night.network.phone(CUSTOMER).text("did not reach you")
    assert "02:20, 02:24, 02:31" in text
    assert "+43 1 5550199" in text
    assert "hunter2" not in text
    kept = Message.objects.get(purpose="attempted").text
    before_the_link, marker, after = kept.partition("{link}")
    assert marker, "the secret address is not kept"
    assert text.startswith(before_the_link)
    assert text.endswith(after)


def test_then_nobody_is_paged_any_more_and_nothing_is_missed(night, incident):
    try_three_times(night, incident)
    pages = Page.objects.count()
    night.pass_time(hours=1)
    incident.refresh_from_db()
    assert Page.objects.count() == pages
    assert not DueRow.objects.filter(done_at__isnull=True).exists()
    assert incident.callback_outcome == Incident.CallbackOutcome.ATTEMPTED


def test_two_attempts_are_too_few(night, incident):
    for _ in range(2):
        night.pass_time(minutes=9)
        attempt(night, incident)
    night.pass_time(minutes=15)
    incident.refresh_from_db()
    assert incident.callback_outcome == Incident.CallbackOutcome.MISSED


def test_whoever_calls_while_the_chain_runs_stops_it_too(night):
    incident = night.report()
    for _ in range(3):
        night.now += timedelta(seconds=30)
        attempt(night, incident)
    assert incident.status == Incident.Status.UNREACHED
    assert incident.owner == night.people["Anna"]


def test_every_given_number_has_to_be_tried(night, incident):
    first = Report.objects.get(incident=incident)
    first.pk, first.order_key, first.token_hash = None, "order-9", "hash"
    first.callback_number = SECOND
    first.ordered_at = night.now
    first.save()
    for minutes in (9, 4, 4):
        night.pass_time(minutes=minutes)
        attempt(night, incident, number=CUSTOMER)
    assert incident.status == Incident.Status.ACKNOWLEDGED
    attempt(night, incident, number=SECOND)
    assert incident.status == Incident.Status.UNREACHED
    night.network.phone(SECOND).text("did not reach you")
    night.network.phone(CUSTOMER).text("did not reach you")


def test_a_number_that_the_customer_did_not_give_is_refused(night, incident):
    with pytest.raises(Refused) as refused:
        attempt(night, incident, number="+431999")
    assert refused.value.code == "unknown_number"


@pytest.mark.parametrize(("minutes", "outcome"), [(5, "met"), (60, "attempted")])
def test_a_customer_who_rings_back_is_reached(night, incident, minutes, outcome):
    try_three_times(night, incident)
    night.pass_time(minutes=minutes)
    attempt(night, incident, "reached")
    assert incident.status == Incident.Status.REACHED
    assert incident.callback_outcome == outcome
    assert incident.missed_at is None
    assert night.facts(incident, "reached")[0]["in_time"] is True


def test_an_attempt_told_after_the_tick_that_missed_still_counts(night, incident):
    for minutes in (9, 4):
        night.pass_time(minutes=minutes)
        attempt(night, incident)
    night.pass_time(minutes=17)
    incident.refresh_from_db()
    assert incident.callback_outcome == Incident.CallbackOutcome.MISSED
    night.now = incident.callback_deadline_at
    attempt(night, incident)
    assert incident.callback_outcome == Incident.CallbackOutcome.ATTEMPTED
    assert incident.missed_at is None


def test_it_can_be_closed_and_opened_again_without_reaching_anybody(night, incident):
    try_three_times(night, incident)
    staff = night.people["Anna"].staff
    facts = {"incident_id": incident.pk, "staff": staff, "now": night.now}
    resolve(cause="undetermined", resolution="Nobody rang.", **facts)
    reopen(**facts)
    incident.refresh_from_db()
    assert incident.status == Incident.Status.UNREACHED
    resolve(cause="undetermined", resolution="Nobody rang.", **facts)
    close(**facts)
    incident.refresh_from_db()
    assert incident.status == Incident.Status.CLOSED


def test_a_missed_promise_is_told_to_the_customer_honestly(night, incident):
    night.pass_time(minutes=30)
    text = night.network.phone(CUSTOMER).text("we promised to call by 02:41")
    assert "The duty manager knows" in text
    assert night.facts(incident, "customer_told")[-1] == {"purpose": "missed"}


def test_a_text_that_cannot_be_written_does_not_hinder_the_decision(
    night, incident, monkeypatch
):
    def fail(*args):
        raise RuntimeError("no words")

    monkeypatch.setattr(messages, "customer_text", fail)
    night.pass_time(minutes=30)
    incident.refresh_from_db()
    assert incident.callback_outcome == Incident.CallbackOutcome.MISSED
    assert Page.objects.filter(purpose=Page.Purpose.MISSED).exists()
    assert night.facts(incident, "message_failed")


def test_a_note_keeps_the_reminder_away(night, incident):
    night.pass_time(minutes=8)
    from_anna = {"incident_id": incident.pk, "staff": night.people["Anna"].staff}
    add_note(text="On the line.", now=night.now, **from_anna)
    night.pass_time(minutes=3)
    assert night.facts(incident, "no_reminder") == [{"reason": "recent_activity"}]
