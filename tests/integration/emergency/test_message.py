"""Texts to customers: at least once, and what becomes of them."""

from datetime import timedelta

import pytest

from emergency.actions.callback import record_attempt
from emergency.actions.message_send import overdue_messages, send_message
from emergency.actions.message_status import (
    ask_about_silent_messages,
    record_message_status,
)
from emergency.actions.tracking_link import address_of
from emergency.models import Message, ProviderCallback
from tests import people
from tests.integration.emergency.provider import BROKEN, TAKEN
from tests.people import NIGHT

LATER = NIGHT + timedelta(minutes=12)
MOBILE = "+436641234567"


@pytest.fixture
def incident(anna):
    """A customer with a mobile telephone has ordered at 02:11."""
    return people.report(number=MOBILE)


@pytest.fixture
def message(incident, anna, provider) -> Message:
    """Three attempts in time reached nobody; the text waits to be sent."""
    for minute in (10, 11, 12):
        record_attempt(
            incident_id=incident.pk,
            staff=anna.staff,
            outcome="busy",
            now=NIGHT + timedelta(minutes=minute),
        )
    return Message.objects.get(purpose="attempted")


def send(message, now=LATER):
    sent = send_message(message_id=message.pk, clock=lambda: now)
    message.refresh_from_db()
    return sent


def tell(message, status, code=""):
    values = {"MessageStatus": status, "ErrorCode": code}
    record_message_status(token=message.token, values=values, now=LATER)
    message.refresh_from_db()


def test_the_text_is_in_the_customers_language_and_sent_once(message, provider):
    assert message.text.startswith(message.incident.reference)
    assert "nicht erreicht" in message.text
    assert send(message)
    assert message.status == Message.Status.SENT
    assert not send(message)
    assert provider.orders() == 1


def test_a_provider_in_trouble_is_asked_again(message, provider):
    provider.will(BROKEN)
    send(message)
    assert message.status == Message.Status.QUEUED
    assert message.pk not in overdue_messages(now=LATER, grace=timedelta(0))
    provider.will(TAKEN)
    send(message, LATER + timedelta(minutes=1))
    assert message.status == Message.Status.SENT


def test_a_sender_that_died_is_followed_by_another(message):
    Message.objects.update(status="claimed", lease_until=LATER - timedelta(seconds=1))
    assert send(message)
    assert message.status == Message.Status.SENT


def test_a_landline_that_takes_no_text_is_told_to_the_desk(message):
    send(message)
    tell(message, "undelivered", "30006")
    assert (message.status, message.error_code) == (Message.Status.FAILED, "30006")
    told = message.incident.timeline.get(code="message_failed")
    assert told.values == {"purpose": "attempted", "error": "30006"}


def test_late_and_repeated_words_change_nothing(message):
    send(message)
    tell(message, "delivered")
    tell(message, "sent")
    tell(message, "delivered")
    assert message.status == Message.Status.DELIVERED
    assert ProviderCallback.objects.filter(message=message).count() == 2


def test_a_callback_that_is_quicker_than_our_record_is_kept(message):
    Message.objects.update(status="claimed", lease_until=LATER + timedelta(minutes=1))
    tell(message, "delivered")
    assert message.status == Message.Status.DELIVERED


def test_a_customer_who_was_reached_meanwhile_gets_no_text(message, anna, provider):
    record_attempt(
        incident_id=message.incident_id, staff=anna.staff, outcome="reached", now=LATER
    )
    assert not send(message)
    assert message.status == Message.Status.WITHDRAWN


def test_a_text_that_a_dead_sender_left_at_the_provider_is_found_there(
    message, provider
):
    Message.objects.filter(pk=message.pk).update(
        status="claimed",
        lease_until=LATER - timedelta(seconds=1),
        asked_at=LATER - timedelta(minutes=2),
    )
    listed = {
        "sid": "SM" + "2" * 32,
        "status": "delivered",
        "body": worded(message),
    }
    provider.will((200, {"messages": [listed], "page_size": 20}))
    assert send(message)
    assert message.status == Message.Status.DELIVERED
    assert message.provider_id == listed["sid"]
    assert not provider.orders()


def worded(message):
    """The text as it leaves, with its link."""
    return message.text.replace("{link}", address_of(report=message.report, now=LATER))


def test_a_silent_text_is_asked_about(message, provider):
    send(message)
    later = LATER + timedelta(minutes=1)
    provider.will((200, {"sid": message.provider_id, "status": "undelivered"}))
    assert ask_about_silent_messages(now=LATER + timedelta(seconds=5)) == 0
    assert ask_about_silent_messages(now=later) == 1
    message.refresh_from_db()
    assert message.status == Message.Status.FAILED
