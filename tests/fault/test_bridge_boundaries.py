"""SIGKILL at every boundary of a call over the bridge: the button, placing it, each
request of the provider. The technician is rung once, and one outcome stands."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from emergency.actions.acknowledge import acknowledge
from emergency.actions.bridge import start_bridge
from emergency.actions.bridge_send import LEASE, place_bridge
from emergency.models import Bridge, CallbackAttempt, Incident
from tests.fault.stage import stage_set
from tests.fault.test_statement_boundaries import (
    ASKS,
    COMMITS,
    killed_at_every_boundary,
    passes,
    tell,
)

pytestmark = [
    pytest.mark.fault,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("boundaries"),
]

CLAIMS = "before UPDATE emergency_bridge"
OURS, LEG = "CA" + "1" * 32, "CA" + "2" * 32


@pytest.fixture
def incident(quiet_night) -> Incident:
    """Anna has it, and nothing else waits to be sent."""
    night = quiet_night
    made: Incident = night.order()
    acknowledge(
        incident_id=made.pk, technician=night.people["Anna"], now=night.now, via="desk"
    )
    made.pages.update(status="withdrawn", ended_at=night.now)
    made.messages.update(status="withdrawn", ended_at=night.now)
    return made


def presses_the_button(night, incident: Incident) -> Bridge:
    staff = night.people["Anna"].staff
    return start_bridge(incident_id=incident.pk, staff=staff, now=night.now)


def provider_says(bridge: Bridge, what: str, **values: str) -> str:
    path = f"/webhooks/twilio/bridge/{bridge.token}/{what}"
    said = {"CallSid": OURS, **values}
    signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(
        f"{settings.PUBLIC_BASE_URL}{path}", said
    )
    answer = Client().post(path, said, headers={"X-Twilio-Signature": signature})
    assert answer.status_code in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}
    return answer.content.decode()


def account_of(incident: Incident) -> dict[str, object]:
    """How the call stands, without ids and secrets."""
    incident.refresh_from_db()
    return {
        "incident": (incident.status, incident.callback_outcome, incident.reached_at),
        "bridges": list(
            incident.bridges.values_list(
                *("stage", "provider_id", "leg_id", "leg_status"),
                *("pressed_at", "answered_at", "talked_seconds", "end_code"),
            )
        ),
        "attempts": list(
            incident.callback_attempts.values_list("outcome", "proof", "at", "number")
        ),
        "timeline": list(incident.timeline.values_list("code", flat=True)),
        "callbacks": sorted(
            incident.bridges.values_list("callbacks__kind", "callbacks__values"),
            key=str,
        ),
    }


def test_a_button_killed_at_any_boundary_is_one_call_or_none(
    quiet_night, incident, capsys
):
    night = quiet_night
    with stage_set() as stage:
        presses_the_button(night, incident)
        expected = account_of(incident)

        def go_on(name: str | None) -> None:
            # Who sees an error presses the button again.
            presses_the_button(night, incident)
            assert account_of(incident) == expected, name

        met = killed_at_every_boundary(
            stage, lambda: presses_the_button(night, incident), go_on
        )
    tell(capsys, "the bridge's button", met)
    assert passes(met, ("after INSERT emergency_bridge,", *COMMITS))


def test_a_sender_killed_at_any_boundary_rings_the_technician_once(
    quiet_night, incident, capsys
):
    night, started_at = quiet_night, quiet_night.now
    bridge = presses_the_button(night, incident)
    earlier = 0

    def orders() -> int:
        return sum(
            request["method"] == "POST" and bridge.token in request["body"]
            for request in night.network.requests()
        )

    def place() -> None:
        place_bridge(bridge_id=bridge.pk, clock=lambda: night.now)

    def begin() -> None:
        nonlocal earlier
        night.network.reset()
        night.now = started_at
        earlier = orders()

    def go_on(name: str | None) -> None:
        night.now = started_at + LEASE + timedelta(seconds=1)
        night.act()
        bridge.refresh_from_db()
        assert (bridge.stage, bridge.asked_at) == ("sent", None), name
        assert orders() == earlier + 1, name
        (call,) = night.phone("Anna").calls()
        assert bridge.provider_id == call["sid"], name

    with stage_set() as stage:
        met = killed_at_every_boundary(stage, place, go_on, begin=begin)
    tell(capsys, "placing a bridge", met)
    assert passes(met, (CLAIMS, *COMMITS, *ASKS)), met
    assert passes(met, (*ASKS, CLAIMS, *COMMITS)), met


def told(bridge: Bridge) -> dict[str, Callable[[], str]]:
    """What the provider says of one call, in its order."""
    return {
        "the key": lambda: provider_says(bridge, "key", Digits=bridge.digit),
        "the answer": lambda: provider_says(
            *(bridge, "leg"),
            CallSid=LEG,
            CallStatus="in-progress",
            SequenceNumber="2",
        ),
        "the end of the leg": lambda: provider_says(
            *(bridge, "done"),
            DialCallSid=LEG,
            DialCallStatus="completed",
            DialBridged="true",
            DialCallDuration="0",
        ),
        "the outcome": lambda: provider_says(bridge, "outcome", Digits="1"),
        "the end": lambda: provider_says(
            bridge, "status", CallStatus="completed", SequenceNumber="3"
        ),
    }


@pytest.mark.parametrize("which", list(told(Bridge())))
def test_a_web_process_killed_at_any_boundary_of_a_request_says_the_same_again(
    quiet_night, incident, which, capsys
):
    bridge = presses_the_button(quiet_night, incident)
    requests = told(bridge)
    for name, request in requests.items():
        if name == which:
            break
        request()
    with stage_set() as stage:
        answer = requests[which]()
        expected = account_of(incident)

        def go_on(name: str | None) -> None:
            assert requests[which]() == answer, name
            assert account_of(incident) == expected, name

        met = killed_at_every_boundary(stage, requests[which], go_on)
    tell(capsys, f"a bridge, {which}", met)
    assert passes(met, ("INSERT emergency_providercallback", *COMMITS)), met
    assert CallbackAttempt.objects.count() == (which in {"the outcome", "the end"})
