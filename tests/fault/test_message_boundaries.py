"""SIGKILL at every boundary of sending a message to the customer: it is told, and told
once; a mail that is sent twice is the same mail."""

from datetime import timedelta

import pytest

from emergency.actions.message_send import LEASE, send_message
from emergency.models import Message
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

CLAIMS = "after UPDATE emergency_message,"


def requests_for(message: Message, night) -> int:
    """How often the provider was asked to send this message."""
    return sum(
        request["method"] == "POST" and message.token in request["body"]
        for request in night.network.requests()
    )


def test_a_sender_killed_at_any_boundary_loses_no_message_and_tells_it_once(
    quiet_night, capsys
):
    night, ordered_at = quiet_night, quiet_night.now
    night.customers_number = "+491713920061"
    incident = night.order()
    incident.pages.update(status="withdrawn", ended_at=ordered_at)
    message = incident.messages.get(purpose="received")
    earlier = 0

    def send() -> None:
        send_message(message_id=message.pk, clock=lambda: night.now)

    def begin() -> None:
        nonlocal earlier
        night.network.reset()
        night.now = ordered_at
        earlier = requests_for(message, night)

    def go_on(name: str | None) -> None:
        night.now = ordered_at + LEASE + timedelta(seconds=1)
        night.act()
        message.refresh_from_db()
        assert message.status in {Message.Status.SENT, Message.Status.DELIVERED}, name
        assert message.asked_at is None, name
        assert requests_for(message, night) == earlier + 1, name

    with stage_set() as stage:
        met = killed_at_every_boundary(stage, send, go_on, begin=begin)
    tell(capsys, "sending, message", met)
    assert passes(met, (CLAIMS, *COMMITS, *ASKS)), met
    assert passes(met, (*ASKS, CLAIMS, *COMMITS)), met
