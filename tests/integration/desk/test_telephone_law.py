"""What the law wants of an order that was spoken (FAGG §§ 7, 9, 10)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from emergency.models import Consent, Incident, Message
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.telephone_page import BOTH, MOBILE, TICKS, asked, ordered
from tests.integration.public.pages import text_of


@pytest.fixture
def anna(offering: None, desk: Desk) -> Client:
    return people.signed_in(desk.anna)


def consent() -> Consent:
    return Consent.objects.get()


def test_a_consumer_declares_twice_and_gets_all_of_it_in_writing(anna: Client) -> None:
    page = asked(anna, ordering_as="consumer")
    assert "14" in " ".join(page.context["text"].sentences)
    without = ordered(anna, page, **TICKS)
    assert without.status_code == 422
    assert without.context["missing"] == ["start_now", "loses_withdrawal"]
    assert not Incident.objects.exists()
    assert ordered(anna, without, **TICKS, **BOTH).status_code == 303
    assert consent().ordered_as == "consumer"
    assert len(consent().declarations) == 2
    letter = Message.objects.get(purpose="confirmation")
    assert letter.kind == "email"
    for sentence in (*consent().read_out, *consent().declarations):
        assert sentence in letter.text
    for fact in ("Nordlicht GmbH, 1010 Wien", "Anna Berger", "help@nordlicht.example"):
        assert fact in letter.text
    # The instruction comes once, with the contract that it is about.
    assert "WIDERRUF" in letter.text.upper() or "RÜCKTRITT" in letter.text.upper()
    received = Message.objects.get(purpose="received", kind="email")
    assert len(received.text) < 600 < len(letter.text)


def test_whoever_does_not_say_that_they_are_a_business_is_a_consumer(
    anna: Client,
) -> None:
    page = asked(anna, ordering_as="")
    assert set(page.context["text"].declarations) == set(BOTH)


def test_a_consumer_without_an_address_is_asked_and_gets_a_text(anna: Client) -> None:
    asks = asked(anna, ordering_as="consumer", reporter_email="")
    assert asks.status_code == 422
    assert "A consumer gets a written confirmation." in text_of(asks)
    page = asked(anna, ordering_as="consumer", reporter_email="", no_email="on")
    assert ordered(anna, page, **TICKS, **BOTH).status_code == 303
    text = Message.objects.get(purpose="confirmation")
    assert (text.kind, text.address) == ("sms", MOBILE)
    assert "240,00" in text.text
    assert "14" in text.text


def test_a_consumer_who_can_be_sent_nothing_is_shown_to_the_desk(
    anna: Client,
) -> None:
    page = asked(
        anna,
        ordering_as="consumer",
        reporter_email="",
        no_email="on",
        callback_number="01 5551234",
    )
    assert "post the order record" in text_of(page)
    ordered(anna, page, **TICKS, **BOTH)
    entry = Incident.objects.get().timeline.get(code="no_way_to_tell")
    assert entry.values["purpose"] == "confirmation"


def test_a_consumer_whom_we_rang_cannot_order_by_word_of_mouth(anna: Client) -> None:
    refused = asked(anna, ordering_as="consumer", rung_by="operator")
    assert refused.status_code == 422
    assert "bound by a written order only" in text_of(refused)
    assert asked(anna, rung_by="operator").status_code == 200
    ordered(anna, asked(anna, rung_by="operator"), **TICKS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.update(ordered_as="consumer")
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.update(taken_by=None)


def test_the_order_record_names_the_witness_and_prints_what_was_read(
    anna: Client, settings
) -> None:
    settings.ORDER_RECORD = "tests.integration.public.test_evidence.printed"
    ordered(anna, asked(anna), **TICKS)
    reference = Incident.objects.get().reference
    record = anna.get(f"/desk/i/{reference}/order-record.pdf").content.decode()
    assert (
        "taken by telephone by Anna Berger, price read out,"
        " consent spoken at 2026-03-10 01:11:00 UTC" in record
    )
    assert "The caller rang us" in record
    for sentence in consent().read_out:
        assert sentence in record
    assert "Button" not in record
