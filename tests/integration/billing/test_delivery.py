"""An e-mail that comes back, goes to another address, or waits for the morning."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.urls import reverse

from billing.actions.refusal import BillingRefusal
from billing.actions.transmit import (
    RETRIES,
    mail_returned,
    note_bounce,
    send_again,
    send_due,
)
from billing.checks import mail_hours
from billing.models import BillingProfile, DocumentStep, Transmission
from billing.queries.todo import unsent
from billing.rules.daytime import read_hours
from emergency.actions.mail import take_in
from emergency.mailboxes.base import Content, Place
from tests.integration.billing.stories import MORNING, issued
from tests.integration.billing.test_pages import signed_in, text, url
from tests.integration.billing.test_transmit import Broken

# Vienna is an hour ahead of UTC in March.
NIGHT = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)


@pytest.fixture
def invoice(door, profile, accountant):
    return issued(door, accountant.pk)


@pytest.fixture
def sent(invoice):
    send_due(now=MORNING)
    return invoice.transmissions.get()


@pytest.fixture
def by_day(settings):
    settings.INVOICE_MAIL_HOURS = "07:00-20:00"


def test_a_bounce_noted_by_hand_brings_the_document_back_to_accounting(
    sent, invoice, accountant
):
    assert not unsent().exists()
    for _ in range(2):
        note_bounce(
            transmission_id=sent.pk,
            staff_id=accountant.pk,
            why="550 no such user",
            now=MORNING,
        )
    sent.refresh_from_db()
    invoice.refresh_from_db()
    assert (sent.status, sent.problem) == ("bounced", "550 no such user")
    assert (invoice.status, invoice.transmitted_at) == ("issued", None)
    assert list(unsent()) == [invoice]
    step = invoice.steps.get(code=DocumentStep.Code.BOUNCED)
    assert (step.by, step.values["problem"]) == (accountant, "550 no such user")


def test_only_what_was_sent_comes_back(invoice, accountant):
    waiting = invoice.transmissions.get()
    with pytest.raises(BillingRefusal) as refused:
        note_bounce(
            transmission_id=waiting.pk, staff_id=accountant.pk, why="", now=MORNING
        )
    assert refused.value.code == "not_sent"


def test_after_a_bounce_it_goes_to_another_address_and_the_account_keeps_its_own(
    sent, invoice, profile, accountant
):
    note_bounce(transmission_id=sent.pk, staff_id=accountant.pk, why="", now=MORNING)
    send_again(
        document_id=invoice.pk,
        staff_id=accountant.pk,
        address="chefin@sonne.example",
        now=MORNING,
    )
    assert send_due(now=MORNING) == 1
    assert mail.outbox[-1].to == ["chefin@sonne.example"]
    profile.refresh_from_db()
    assert profile.invoice_email == "rechnung@sonne.example"
    rows = invoice.transmissions.values_list(
        "attempt", "status", "address", "requested_by"
    )
    assert list(rows) == [
        (1, "bounced", "rechnung@sonne.example", None),
        (2, "sent", "chefin@sonne.example", accountant.pk),
    ]
    invoice.refresh_from_db()
    assert invoice.status == "transmitted"
    assert not unsent().exists()


def test_an_address_that_is_none_is_refused(invoice, accountant):
    with pytest.raises(BillingRefusal) as refused:
        send_again(
            document_id=invoice.pk,
            staff_id=accountant.pk,
            address="chefin",
            now=MORNING,
        )
    assert (refused.value.code, refused.value.field) == ("address_invalid", "address")
    assert Transmission.objects.get().address == "rechnung@sonne.example"


def test_what_a_person_sends_again_is_tried_as_often_as_the_first_time(
    invoice, accountant
):
    broken, now = Broken(SMTPServerDisconnected()), MORNING
    for wait in (*RETRIES, timedelta()):
        send_due(now=now, connection=broken)
        now += wait
    assert list(unsent()) == [invoice]
    send_again(document_id=invoice.pk, staff_id=accountant.pk, now=now)
    send_due(now=now, connection=broken)
    latest = invoice.transmissions.last()
    assert (latest.status, latest.due_at) == ("due", now + RETRIES[0])
    assert latest.requested_by == accountant


def test_a_returned_mail_is_recognised_by_its_message_id(sent, invoice):
    assert sent.message_id == mail.outbox[0].extra_headers["Message-ID"]
    assert mail_returned(message_ids=["<other@x.example>", ""], now=MORNING) == 0
    assert mail_returned(message_ids=[sent.message_id], now=MORNING) == 1
    assert mail_returned(message_ids=[sent.message_id], now=MORNING) == 0
    sent.refresh_from_db()
    assert sent.status == "bounced"
    assert invoice.steps.get(code="bounced").by is None


def test_a_delivery_report_in_the_emergency_mailbox_marks_the_attempt(sent, invoice):
    report = (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undeliverable\r\n"
        "Content-Type: multipart/report; boundary=a\r\n\r\n--a\r\n\r\n"
        f"Action: failed\r\nMessage-ID: {sent.message_id}\r\n\r\n--a--"
    )
    taken = take_in(
        mailbox="test",
        content=Content(
            place=Place(uid_validity="1", uid="1"), raw=report.encode(), whole=True
        ),
        now=MORNING,
    )
    assert taken is not None
    assert taken.state == "ignored"
    sent.refresh_from_db()
    assert sent.status == "bounced"
    assert list(unsent()) == [invoice]


@pytest.mark.django_db
def test_a_mail_is_taken_in_although_nobody_can_be_told_what_came_back(settings):
    settings.MAIL_RETURNED = "billing.nobody.is_here"
    report = (
        "From: MAILER-DAEMON@mx.example\r\n"
        "Content-Type: multipart/report; boundary=a\r\n\r\n"
        "Action: failed\r\nMessage-ID: <RE-2026-00001.1@x.example>\r\n"
    )
    assert take_in(
        mailbox="test",
        content=Content(
            place=Place(uid_validity="1", uid="2"), raw=report.encode(), whole=True
        ),
        now=MORNING,
    )


def test_by_day_only_what_is_issued_by_night_waits_for_the_morning(
    by_day, door, profile, accountant
):
    document = issued(door, accountant.pk, now=NIGHT)
    assert document.transmissions.get().due_at == NEXT_MORNING
    assert send_due(now=NIGHT) == 0
    assert send_due(now=NEXT_MORNING - timedelta(seconds=1)) == 0
    assert send_due(now=NEXT_MORNING) == 1


def test_by_day_only_what_an_outage_left_over_does_not_go_by_night(by_day, invoice):
    assert send_due(now=NIGHT) == 0
    assert send_due(now=NEXT_MORNING) == 1


def test_by_day_only_a_retry_that_falls_into_the_night_waits(by_day, invoice):
    evening = datetime(2026, 3, 4, 18, 59, 30, tzinfo=UTC)
    send_due(now=evening, connection=Broken(SMTPServerDisconnected()))
    assert invoice.transmissions.last().due_at == NEXT_MORNING


def test_by_day_only_what_a_person_sends_goes_at_once(by_day, invoice, accountant):
    send_again(document_id=invoice.pk, staff_id=accountant.pk, now=NIGHT)
    assert send_due(now=NIGHT) == 1


@pytest.mark.parametrize(
    "text", ["7 to 20", "20:00-07:00", "07:00-07:00", "25:00-26:00"]
)
def test_hours_that_cannot_be_read_are_a_system_check_and_hold_nothing(
    settings, invoice, text
):
    settings.INVOICE_MAIL_HOURS = text
    assert [error.id for error in mail_hours(None)] == ["billing.E002"]
    assert send_due(now=NIGHT) == 1


def test_hours_begin_at_their_first_minute_and_end_before_their_last():
    hours = read_hours("07:00-20:00")
    assert hours is not None
    for clock, next_clock in (
        ("2026-03-04T06:59", "2026-03-04T07:00"),
        ("2026-03-04T07:00", "2026-03-04T07:00"),
        ("2026-03-04T19:59", "2026-03-04T19:59"),
        ("2026-03-04T20:00", "2026-03-05T07:00"),
    ):
        local = datetime.fromisoformat(clock)
        assert hours.next(local) == datetime.fromisoformat(next_clock)
    assert read_hours(" ") is None


def test_what_went_by_post_waits_for_nobody_and_says_so(door, profile, accountant):
    BillingProfile.objects.update(invoice_email="")
    document = issued(door, accountant.pk)
    client = signed_in(accountant)
    here, there = url("document", document.pk), url("delivered", document.pk)
    assert client.post(there, {"how": " "}).status_code == 400
    assert list(unsent()) == [document]
    shown = text(client.post(there, {"how": "By post on 4 March"}, follow=True))
    assert "Another way: By post on 4 March" in shown
    assert "Sent, By post on 4 March, Another way" in shown
    document.refresh_from_db()
    assert document.status == "transmitted"
    assert not unsent().exists()
    assert send_due(now=MORNING) == 0
    # There is no machine that goes this way.
    assert client.post(url("send", document.pk), {"kind": "other"}).status_code == 404
    assert client.get(here).status_code == 200


def test_the_page_notes_the_bounce_and_sends_elsewhere(
    client, sent, invoice, accountant, technician
):
    client.force_login(accountant)
    where = reverse("billing:bounced", args=[invoice.pk, 1])
    client.post(where, {"why": "full mailbox"})
    client.post(
        reverse("billing:send", args=[invoice.pk]), {"address": "chefin@sonne.example"}
    )
    page = client.get(reverse("billing:document", args=[invoice.pk])).content.decode()
    assert "full mailbox" in page
    assert "chefin@sonne.example" in page
    client.force_login(technician)
    assert client.post(where).status_code == 403
