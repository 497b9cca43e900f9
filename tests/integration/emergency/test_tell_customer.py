"""The customer is told at each step: by which ways, in which words, with one link."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.core import mail

from emergency import billable
from emergency.actions import message as messages
from emergency.actions.acknowledge import acknowledge, release
from emergency.actions.message import tell_customer
from emergency.actions.message_send import overdue_messages, send_message
from emergency.models import Message, OperatorProfile, RevokedLink, TrackingLink
from emergency.models.report import hash_token
from tests import people
from tests.people import NIGHT

MOBILE = "+436641234567"
LANDLINE = "+431234567890"
ADDRESS = "pat@example.com"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def incident(anna):
    return people.report(number=MOBILE)


@pytest.fixture
def report(incident):
    """Who reported gave an e-mail address, too."""
    made = incident.reports.get()
    made.reporter_email = ADDRESS
    made.save()
    return made


def told(incident, purpose):
    found = incident.messages.filter(purpose=purpose)
    return set(found.values_list("kind", "address"))


def sent(message, now=NIGHT):
    """The mail that went out for this message."""
    assert send_message(message_id=message.pk, clock=lambda: now)
    return mail.outbox[-1]


def link_in(text):
    return re.search(r"http\S+/t/(\S+)/", text)


@pytest.mark.parametrize("purpose", ["received", "joined", "taken", "attempted"])
def test_each_step_is_told_by_sms_and_by_mail(incident, report, purpose):
    tell_customer(incident=incident, purpose=purpose, report=report, now=NIGHT)
    assert told(incident, purpose) == {("sms", MOBILE), ("email", ADDRESS)}


@pytest.mark.parametrize("purpose", ["resolved", "invoice"])
def test_the_end_is_told_by_mail_alone(incident, report, purpose):
    tell_customer(
        incident=incident,
        purpose=purpose,
        report=report,
        values={"document": "R-1"},
        now=NIGHT,
    )
    assert told(incident, purpose) == {("email", ADDRESS)}


def test_an_order_and_its_acknowledgement_are_told(incident, anna):
    assert told(incident, "received") == {("sms", MOBILE)}
    acknowledge(incident_id=incident.pk, technician=anna, now=NIGHT, via="desk")
    assert "Anna" in incident.messages.get(purpose="taken").text


def test_a_landline_gets_no_text(anna):
    incident = people.report(number=LANDLINE)
    assert not incident.messages.exists()
    assert not incident.timeline.filter(code="no_way_to_tell").exists()


def test_what_must_arrive_and_cannot_is_told_to_the_desk(anna):
    incident = people.report(number=LANDLINE)
    tell_customer(incident=incident, purpose="missed", now=NIGHT)
    fact = incident.timeline.get(code="no_way_to_tell")
    assert fact.values == {"purpose": "missed"}


def test_an_earlier_owner_is_not_announced_any_more(incident, anna):
    acknowledge(incident_id=incident.pk, technician=anna, now=NIGHT, via="desk")
    release(incident_id=incident.pk, staff=anna.staff, now=NIGHT)
    bernd = people.technician("Bernd Kern")
    acknowledge(incident_id=incident.pk, technician=bernd, now=NIGHT, via="desk")
    earlier, present = incident.messages.filter(purpose="taken").order_by("pk")
    assert earlier.status == Message.Status.WITHDRAWN
    assert "Bernd" in present.text


def test_a_message_that_cannot_be_written_hinders_no_order(anna, monkeypatch):
    monkeypatch.setattr(messages, "customer_text", {}.__getitem__)
    incident = people.report(number=MOBILE)
    assert incident.pages.exists()
    assert incident.timeline.filter(code="message_failed").exists()


def test_the_mail_has_the_same_words_as_text_and_as_html(incident, report):
    tell_customer(incident=incident, purpose="received", report=report, now=NIGHT)
    letter = sent(incident.messages.get(kind="email"))
    html = str(letter.alternatives[0].content)
    assert letter.to == [ADDRESS]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert '<html lang="de">' in html
    assert "<style" not in html
    assert "<script" not in html
    for paragraph in letter.body.strip().split("\n\n"):
        assert paragraph in html
    assert letter.body.count("http") == 1
    assert "502" not in letter.body, "what the customer wrote stays here"


def test_a_mail_that_is_sent_again_is_the_same_mail(incident, report):
    tell_customer(incident=incident, purpose="received", report=report, now=NIGHT)
    message = incident.messages.get(kind="email")
    first = sent(message)
    Message.objects.filter(pk=message.pk).update(
        status="claimed", lease_until=NIGHT - MINUTE
    )
    again = sent(message)
    assert first is not again
    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]
    assert first.body == again.body
    message.refresh_from_db()
    assert message.token in first.extra_headers["Message-ID"]


def test_the_link_of_a_message_opens_the_tracking_page(incident, report, client):
    tell_customer(incident=incident, purpose="received", report=report, now=NIGHT)
    link = link_in(sent(incident.messages.get(kind="email")).body)
    page = client.get(link[0])
    assert page.status_code == HTTPStatus.OK
    assert incident.reference in page.content.decode()
    assert TrackingLink.objects.get().token_hash == hash_token(link[1])
    kept = "".join(Message.objects.values_list("text", flat=True))
    assert link[1] not in kept, "no secret is stored"


def test_the_tracking_page_offers_a_mail_with_the_reference(
    incident, report, client, settings
):
    tell_customer(incident=incident, purpose="received", report=report, now=NIGHT)
    link = link_in(sent(incident.messages.get(kind="email")).body)[0]
    offered = f'href="mailto:notfall@hoster.example?subject={incident.reference}"'
    assert offered not in client.get(link).content.decode()
    settings.EMERGENCY_MAILBOX_URL = "maildir:///var/mail/emergency"
    settings.EMERGENCY_MAIL_ADDRESS = "notfall@hoster.example"
    assert offered in client.get(link).content.decode()


def test_each_message_of_a_report_brings_the_same_link(incident, report):
    tell_customer(incident=incident, purpose="received", report=report, now=NIGHT)
    tell_customer(
        incident=incident,
        purpose="withdrawal",
        report=report,
        now=NIGHT,
        values={"statement": "Ich widerrufe.", "date": "1. 3.", "time": "02:00"},
    )
    first, second = incident.messages.filter(kind="email")
    assert link_in(sent(first).body)[0] == link_in(sent(second).body)[0]
    assert TrackingLink.objects.count() == 1


def test_a_new_key_of_the_installation_leaves_old_links_alive(
    incident, report, client, settings
):
    tell_customer(incident=incident, purpose="received", report=report, now=NIGHT)
    old = link_in(sent(incident.messages.get(kind="email")).body)[0]
    settings.SECRET_KEY = "another key, longer than thirty-two signs"
    tell_customer(incident=incident, purpose="joined", report=report, now=NIGHT)
    new = link_in(sent(incident.messages.get(kind="email", purpose="joined")).body)[0]
    assert new != old
    assert {client.get(link).status_code for link in (old, new)} == {HTTPStatus.OK}


def test_after_the_link_was_taken_back_messages_bring_none(incident, report, anna):
    RevokedLink.objects.create(report=report, at=NIGHT, staff=anna.staff)
    tell_customer(incident=incident, purpose="received", report=report, now=NIGHT)
    assert "http" not in sent(incident.messages.get(kind="email")).body


def test_a_withdrawal_is_acknowledged_with_content_date_and_time(incident, report):
    said = {"statement": "Ich widerrufe.", "date": "10. 3. 2026", "time": "02:11"}
    tell_customer(
        incident=incident, purpose="withdrawal", report=report, values=said, now=NIGHT
    )
    body = sent(incident.messages.get(purpose="withdrawal")).body
    assert all(part in body for part in said.values())


def test_without_an_address_a_withdrawal_is_acknowledged_by_sms(incident):
    said = {"statement": "Ich widerrufe.", "date": "10. 3. 2026", "time": "02:11"}
    tell_customer(incident=incident, purpose="withdrawal", values=said, now=NIGHT)
    assert told(incident, "withdrawal") == {("sms", MOBILE)}


def test_an_address_given_for_the_acknowledgement_is_used(incident):
    said = {"statement": "Ich widerrufe.", "date": "10. 3. 2026", "time": "02:11"}
    tell_customer(
        incident=incident,
        purpose="withdrawal",
        values={**said, "email": "other@example.com"},
        now=NIGHT,
    )
    assert told(incident, "withdrawal") == {("email", "other@example.com")}


def test_an_invoice_is_told_by_day(incident, report, monkeypatch):
    monkeypatch.setattr(messages, "_reports", lambda incident, purpose: [report])
    billable.record_document(
        reference=incident.reference,
        kind="invoice",
        number="R-2026-1",
        gross=Decimal(240),
        issued_at=NIGHT,
        url_name="",
    )
    message = incident.messages.get(purpose="invoice")
    morning = datetime(2026, 3, 10, 7, 0, tzinfo=UTC)
    assert message.due_at == morning, "08:00 in Vienna"
    assert message.pk not in overdue_messages(now=NIGHT, grace=timedelta(0))
    assert message.pk in overdue_messages(now=morning, grace=timedelta(0))
    assert "R-2026-1" in sent(message, morning).subject


def test_whoever_joined_and_is_not_verified_is_told_of_no_findings(incident, report):
    report.joined = True
    report.save()
    tell_customer(incident=incident, purpose="resolved", now=NIGHT)
    assert not incident.messages.filter(purpose="resolved").exists()


def test_a_message_says_who_the_operator_is(incident, report):
    OperatorProfile.objects.create(
        valid_from=NIGHT - MINUTE, name="Muster Hosting", hotline="+43 1 555"
    )
    tell_customer(incident=incident, purpose="received", report=report, now=NIGHT)
    body = sent(incident.messages.get(kind="email")).body
    assert body.strip().endswith("Muster Hosting")
    assert "+43 1 555" in body


def test_what_waited_too_long_is_not_said_any_more(incident):
    text = incident.messages.get(purpose="received")
    assert not send_message(message_id=text.pk, clock=lambda: NIGHT + 90 * MINUTE)
    text.refresh_from_db()
    assert text.status == Message.Status.WITHDRAWN
