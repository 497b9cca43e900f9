"""Consumers and businesses: who is asked, what is declared, what stands for good."""

import pytest

from emergency.models import (
    Account,
    Consent,
    Message,
    OperatorProfile,
    Report,
    TimelineEntry,
)
from emergency.operator_facts import kept
from emergency.queries.consumer_words import declarations
from emergency.queries.order_record import order_record
from emergency.queries.order_rights import is_consumer
from tests.integration.public.pages import check, order, read, text_of
from tests.people import NIGHT

WITHDRAW = "Vertrag hier widerrufen"
TICKS = {"start_now": "on", "loses_withdrawal": "on"}


def sells_to_businesses_only():
    OperatorProfile.objects.update(sells_to=OperatorProfile.SellsTo.BUSINESSES)
    kept.forget()


def ordered(client, checked, **ticks):
    return client.post("/order/", read(checked).values() | ticks)


@pytest.mark.parametrize("said", ["consumer", ""])
def test_a_consumer_and_whoever_does_not_say_ticks_two_boxes_that_are_empty(
    customer, said
):
    checked = check(customer, ordering_as=said)
    document = read(checked)
    for name in TICKS:
        box = document.by_id(f"id_{name}")
        assert box is not None
        assert "checked" not in box.attributes
    refused = ordered(customer, checked, start_now="on")
    assert refused.status_code == 200
    page = read(refused)
    left = page.by_id("id_loses_withdrawal")
    assert left is not None
    assert left.attributes["aria-invalid"] == "true"
    given = page.by_id("id_start_now")
    assert given is not None
    assert "checked" in given.attributes, "what was ticked stays ticked"
    assert "Fehler:" in text_of(refused)
    assert not Report.objects.exists()
    assert ordered(customer, refused, **TICKS).status_code == 303


def test_what_a_consumer_declares_stands_word_for_word(customer):
    ordered(customer, check(customer, ordering_as="consumer"), **TICKS)
    consent = Consent.objects.get()
    assert consent.ordered_as == "consumer"
    shown = text_of(
        check(customer, ordering_as="consumer", server_name="other.example")
    )
    assert len(consent.declarations) == 2
    for text in consent.declarations:
        assert text in shown
    record = order_record(consent.report.incident, language="de", now=NIGHT)
    texts = [text for section in record.sections for text in section.texts]
    assert set(consent.declarations) <= set(texts)
    assert is_consumer(consent.report)


def test_a_business_ticks_nothing_and_has_no_right_of_withdrawal(customer):
    checked = check(customer, ordering_as="business")
    assert read(checked).by_id("id_start_now") is None
    answer = order(customer, checked)
    consent = Consent.objects.get()
    assert (consent.ordered_as, consent.declarations) == ("business", [])
    assert not is_consumer(consent.report)
    page = text_of(customer.get(answer.headers["Location"]))
    assert WITHDRAW not in page
    private = check(customer, ordering_as="consumer", server_name="b.example")
    answer = ordered(customer, private, **TICKS)
    assert WITHDRAW in text_of(customer.get(answer.headers["Location"]))


def test_the_confirmed_account_goes_before_what_was_said(customer):
    order(customer, check(customer, ordering_as="business"))
    report = Report.objects.get()
    report.incident.account = Account.objects.create(
        number="K-1", name="Privat", kind=Account.Kind.CONSUMER
    )
    assert not is_consumer(report), "a stranger learns nothing of an account"
    report.incident.caller_confirmed_at = NIGHT
    assert is_consumer(report)


def test_an_operator_who_sells_to_businesses_only_says_so_and_does_not_ask(customer):
    sells_to_businesses_only()
    inputs = {e.attributes.get("name") for e in read(customer.get("/")).elements}
    assert "ordering_as" not in inputs
    checked = check(customer, ordering_as="consumer")
    assert "nur an Unternehmen" in text_of(checked)
    assert order(customer, checked).status_code == 303
    consent = Consent.objects.get()
    assert consent.ordered_as == "business"
    assert consent.declarations == [
        "Ich bestelle als Unternehmen, nicht als Verbraucher."
    ]


def test_receipt_and_acceptance_are_two_facts(customer):
    answer = order(customer, check(customer))
    report = Report.objects.get()
    assert report.ordered_at == report.accepted_at == NIGHT
    codes = list(TimelineEntry.objects.order_by("pk").values_list("code", flat=True))
    assert codes.index("reported") < codes.index("order_accepted")
    page = text_of(customer.get(answer.headers["Location"]))
    assert "Wir haben Ihre Bestellung um 02:11 angenommen." in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Muster-Rücktrittsformular"), ("en", "Model withdrawal form")],
)
def test_the_instruction_and_the_model_form_are_open_to_everybody(
    client, language, words
):
    OperatorProfile.objects.update(
        imprint="Nordlicht GmbH\nHafen 1\n1010 Wien", support_email="post@nord.example"
    )
    kept.forget()
    page = text_of(client.get(f"/withdrawal/?lang={language}", follow=True))
    assert words in page
    assert "Hafen 1, 1010 Wien" in page
    assert "post@nord.example" in page
    assert len(declarations()) == 2


def test_a_consumer_gets_the_instruction_by_mail_and_a_business_does_not(customer):
    ordered(customer, check(customer, ordering_as="consumer"), **TICKS)
    letter = Message.objects.get(purpose="received", kind="email")
    assert "binnen 14 Tagen ohne Angabe von Gründen" in letter.text
    assert "MUSTER-RÜCKTRITTSFORMULAR" in letter.text
    order(customer, check(customer, server_name="web-02.example.net"))
    other = Message.objects.filter(purpose="received", kind="email").latest("pk")
    assert "Rücktritt" not in other.text
