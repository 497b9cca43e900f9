"""What may come between a call over the bridge and its record."""

from datetime import timedelta

import pytest

from emergency.actions.bridge_ask import ASK_AFTER, ask_about_silent_bridges
from emergency.actions.merging import merge
from emergency.actions.reconcile import left_behind
from emergency.actions.refusal import Refused
from emergency.actions.send import claim
from emergency.models import Bridge, Incident
from emergency.queries.bridge import bridge_view
from tests.integration.emergency.bridging import (
    answers,
    customer,
    over,
    presses_the_key,
    starts,
    taken_by_anna,
)
from tests.night import Night
from tests.telephone import eventually


@pytest.fixture
def incident(night: Night) -> Incident:
    return taken_by_anna(night)


def test_what_the_provider_did_not_tell_is_asked_for(night, incident):
    """Every status report is lost; the proof is not."""
    night.network.trouble("lost", only="calls")
    bridge = starts(night, incident)
    call = answers(night)
    presses_the_key(call)
    answered = customer(night).answer()
    eventually(lambda: answered.heard() or call.heard().count("customer"), why="talk")
    call.hang_up()
    eventually(lambda: customer(night).calls()[0]["final"], why="both have hung up")
    assert Bridge.objects.get().ended_at is None
    assert ask_about_silent_bridges(now=night.now + ASK_AFTER) == 1
    over(bridge)
    (leg,) = customer(night).calls()
    assert (bridge.leg_id, bridge.leg_status) == (leg["sid"], "completed")
    assert bridge.answered_at is not None
    # Nothing is left to ask.
    assert ask_about_silent_bridges(now=night.now + 3 * ASK_AFTER) == 0
    assert bridge_view(incident, night.people["Anna"], night.now).unsettled == bridge


def test_a_call_goes_on_in_the_incident_that_takes_over_another(night, incident):
    younger = night.order("order-2", server="mail.example")
    younger.pages.update(status="withdrawn", ended_at=night.now)
    bridge = starts(night, younger, "Bernd")
    staff = night.people["Eva"].staff
    merge(incident_id=incident.pk, other_id=younger.pk, staff=staff, now=night.now)
    presses_the_key(answers(night, "Bernd"))
    customer(night).behave("busy")
    bridge.refresh_from_db()
    assert bridge.incident == incident


def test_two_calls_under_way_keep_two_incidents_apart(night, incident):
    younger = night.order("order-2", server="mail.example")
    younger.pages.update(status="withdrawn", ended_at=night.now)
    starts(night, younger, "Bernd")
    starts(night, incident)
    with pytest.raises(Refused) as refused:
        merge(
            incident_id=incident.pk,
            other_id=younger.pk,
            staff=night.people["Eva"].staff,
            now=night.now,
        )
    assert refused.value.code == "bridge_runs"


def test_a_page_that_is_looked_up_does_not_take_the_bridge_for_its_call(
    night, incident
):
    """Both ring the same telephone; only the bridge is at the provider."""
    starts(night, incident)
    other = night.order("order-2", server="mail.example")
    page = other.pages.filter(kind="voice", technician=night.people["Anna"]).get()
    claimed = claim(page_id=page.pk, now=night.now)
    assert claimed is not None
    assert left_behind(claimed[0], night.now - timedelta(minutes=1)) is None
