"""Issued documents reach the account by e-mail; every attempt is a row."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from billing.actions.refusal import BillingRefusal
from billing.actions.transmit import LEASE, RETRIES, send_again, send_due
from billing.models import BillingProfile, Document, Transmission
from billing.queries.todo import unsent
from tests.integration.billing.stories import MORNING, issued


class Broken(BaseEmailBackend):
    """A mail server that refuses in a certain way."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def send_messages(self, email_messages):
        raise self.error


@pytest.fixture
def invoice(door, profile, accountant):
    return issued(door, accountant.pk)


def states():
    return list(Transmission.objects.values_list("attempt", "status"))


def test_the_account_gets_the_bytes_that_were_issued(invoice):
    assert send_due(now=MORNING) == 1
    (message,) = mail.outbox
    assert message.to == ["rechnung@sonne.example"]
    assert message.subject == "Rechnung RE-2026-00001 von Nordlicht Hosting GmbH"
    name, content, kind = message.attachments[0]
    assert (name, kind) == ("RE-2026-00001.pdf", "application/pdf")
    assert content == bytes(invoice.file.content)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.transmitted_at) == ("transmitted", MORNING)


def test_it_is_sent_once(invoice):
    send_due(now=MORNING)
    assert send_due(now=MORNING + timedelta(hours=1)) == 0
    assert len(mail.outbox) == 1


def test_the_mail_speaks_the_language_of_the_account(door, profile, accountant):
    BillingProfile.objects.update(language="en")
    issued(door, accountant.pk)
    send_due(now=MORNING)
    assert mail.outbox[0].subject.startswith("Invoice RE-2026-00001 from")
    assert "Please pay 280.00" in mail.outbox[0].body


def test_a_failed_attempt_is_followed_by_the_next(invoice):
    broken = Broken(SMTPServerDisconnected())
    assert send_due(now=MORNING, connection=broken) == 0
    assert states() == [(1, "failed"), (2, "due")]
    assert send_due(now=MORNING + RETRIES[0]) == 1
    assert states() == [(1, "failed"), (2, "sent")]


def test_after_the_last_attempt_accounting_sees_it(invoice):
    now = MORNING
    broken = Broken(OSError("no route"))
    for wait in (*RETRIES, timedelta()):
        assert not unsent().exists()
        send_due(now=now, connection=broken)
        now += wait
    assert list(unsent()) == [invoice]
    assert set(Transmission.objects.values_list("status", flat=True)) == {"failed"}


def test_a_refused_address_is_not_tried_again(invoice):
    send_due(now=MORNING, connection=Broken(SMTPRecipientsRefused({})))
    assert states() == [(1, "failed")]
    assert list(unsent()) == [invoice]


def test_sending_again_uses_the_address_of_today(invoice, accountant):
    send_due(now=MORNING, connection=Broken(SMTPRecipientsRefused({})))
    BillingProfile.objects.update(invoice_email="new@sonne.example")
    send_again(document_id=invoice.pk, staff_id=accountant.pk, now=MORNING)
    send_again(document_id=invoice.pk, staff_id=accountant.pk, now=MORNING)
    assert send_due(now=MORNING) == 1
    assert mail.outbox[0].to == ["new@sonne.example"]
    assert not unsent().exists()


def test_an_attempt_whose_process_died_is_taken_up_when_its_lease_ends(invoice):
    Transmission.objects.update(status="sending", lease_until=MORNING + LEASE)
    assert send_due(now=MORNING) == 0
    assert send_due(now=MORNING + LEASE + timedelta(seconds=1)) == 1


def test_without_an_address_nothing_is_queued(door, profile, accountant):
    BillingProfile.objects.update(invoice_email="")
    document = issued(door, accountant.pk)
    assert not Transmission.objects.exists()
    with pytest.raises(BillingRefusal) as refused:
        send_again(document_id=document.pk, staff_id=accountant.pk, now=MORNING)
    assert refused.value.code == "address_missing"
    assert Document.objects.get().status == "issued"
    # Nobody has it: accounting sees that until it goes somewhere.
    assert unsent().get() == document
    send_again(
        document_id=document.pk,
        address="a@sonne.example",
        staff_id=accountant.pk,
        now=MORNING,
    )
    assert not unsent().exists()
