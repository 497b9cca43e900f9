"""Words in which a call over the bridge is told."""

import re

from emergency.actions.acknowledge import acknowledge
from emergency.actions.bridge import start_bridge
from emergency.models import Bridge, CallbackAttempt, Incident
from tests.night import Night
from tests.telephone import Conversation, Telephone, eventually

CUSTOMER = "+493023125001"


def taken_by_anna(night: Night) -> Incident:
    """Anna has taken it at 02:11; no telephone rings any more."""
    made = night.order()
    made.pages.update(status="withdrawn", ended_at=night.now)
    acknowledge(
        incident_id=made.pk, technician=night.people["Anna"], now=night.now, via="desk"
    )
    made.pages.update(status="withdrawn", ended_at=night.now)
    return made


def customer(night: Night) -> Telephone:
    return night.network.phone(CUSTOMER)


def starts(night: Night, incident: Incident, who: str = "Anna", **more) -> Bridge:
    """This technician presses the button at the desk."""
    bridge = start_bridge(
        incident_id=incident.pk, staff=night.people[who].staff, now=night.now, **more
    )
    night.act()
    return bridge


def answers(night: Night, who: str = "Anna") -> Conversation:
    call = night.phone(who).answer()
    call.hears("to be connected")
    return call


def presses_the_key(call: Conversation) -> None:
    call.press(re.findall(r"Press (\d)", call.heard())[-1])
    call.hears("calling the customer")


def over(bridge: Bridge) -> Bridge:
    """The bridge once it is over, and the provider has told its end."""

    def ended() -> bool:
        bridge.refresh_from_db()
        return bridge.ended_at is not None

    eventually(ended, why="the bridge is over")
    return bridge


def attempt_of(bridge: Bridge) -> CallbackAttempt:
    def made() -> CallbackAttempt | None:
        return CallbackAttempt.objects.filter(bridge=bridge).first()

    found = eventually(made, why="an attempt stands")
    assert found is not None
    return found
