"""Reminders: by day, level by level, never about what is doubted, tried again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from billing import tasks
from billing.actions.collect import collect
from billing.actions.payment_rules import save_rules
from billing.actions.reminders import plan_reminders
from billing.actions.send_reminders import RETRIES, send_reminders
from billing.actions.transmit import send_due
from billing.models import BillingProfile, Document, Hold, Reminder
from tests.integration.billing.payments import by_hand, imported, ntry
from tests.integration.billing.stories import MORNING, issued
from tests.integration.billing.test_settling import pay

# Issued on Wednesday 4 March, due after 14 days on 18 March; a week later is the 25th.
FIRST = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)
SECOND = FIRST + timedelta(days=14)
LAST = SECOND + timedelta(days=14)


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.BILLING_PAYMENTS = True


def sent_out(door, staff, **changes):
    """An invoice that the customer has; later mail is easy to see."""
    document = issued(door, staff.pk, **changes)
    send_due(now=MORNING)
    mail.outbox.clear()
    return document


@pytest.fixture
def invoice(door, profile, accountant):
    return sent_out(door, accountant)


@pytest.fixture
def on(accountant):
    rules(accountant)


def rules(staff, **changes):
    values = {"tolerance": Decimal(0), "sends_reminders": True, **changes}
    save_rules(values=values, staff_id=staff.pk, now=MORNING)


def remind(now, connection=None):
    plan_reminders(now=now)
    return send_reminders(now=now, connection=connection)


def test_each_level_goes_out_once_and_waits_for_its_days(invoice, on):
    assert remind(FIRST - timedelta(days=1)) == 0
    assert [remind(FIRST), remind(FIRST), remind(FIRST + timedelta(days=13))] == [
        *(1, 0, 0)
    ]
    assert [remind(SECOND), remind(SECOND), remind(LAST), remind(LAST)] == [1, 0, 1, 0]
    assert remind(LAST + timedelta(days=99)) == 0
    subjects = [message.subject for message in mail.outbox]
    assert subjects == [
        f"Zahlungserinnerung zu Rechnung {invoice.number}",
        f"Zweite Zahlungserinnerung zu Rechnung {invoice.number}",
        f"Letzte Zahlungserinnerung zu Rechnung {invoice.number}",
    ]
    first = mail.outbox[0]
    assert first.to == ["rechnung@sonne.example"]
    assert "280,00\N{NO-BREAK SPACE}EUR" in first.body
    assert "18.03.2026" in first.body
    assert "AT61 1904 3002 3457 3201" in first.body
    assert first.attachments[0][0] == f"{invoice.number}.pdf"
    assert [s.code for s in invoice.steps.filter(code="reminded")] == ["reminded"] * 3


def test_nothing_goes_out_unless_both_switches_are_on(invoice, accountant, settings):
    assert remind(FIRST) == 0
    rules(accountant)
    settings.BILLING_PAYMENTS = False
    assert remind(FIRST) == 0
    assert not Reminder.objects.exists()
    settings.BILLING_PAYMENTS = True
    assert remind(FIRST) == 1


@pytest.mark.parametrize(
    "at",
    [
        FIRST.replace(hour=5),
        FIRST.replace(hour=20),
        FIRST + timedelta(days=3),
        FIRST + timedelta(days=4),
    ],
)
def test_nothing_goes_out_at_night_or_on_a_weekend(invoice, on, at):
    assert remind(at) == 0


def test_what_is_held_or_objected_to_is_left_alone(invoice, on, door):
    work = door.known["NF-TEST-1"]
    door.known["NF-TEST-1"] = replace(work, objections=("price",))
    # Not even before the objection has become a hold.
    assert remind(FIRST) == 0
    collect(now=FIRST)
    hold = Hold.objects.get(document=invoice)
    assert hold.reason == "customer_objects"
    assert remind(FIRST) == 0


def test_what_the_customer_never_got_is_not_reminded_of(door, profile, accountant, on):
    issued(door, accountant.pk)
    assert remind(FIRST) == 0


def test_what_is_paid_meanwhile_is_dropped(invoice, on, accountant):
    plan_reminders(now=FIRST)
    pay(invoice, accountant)
    assert send_reminders(now=FIRST) == 0
    assert Reminder.objects.get().status == "dropped"
    assert mail.outbox == []


def test_what_is_paid_in_part_meanwhile_is_worded_anew(invoice, on, accountant):
    plan_reminders(now=FIRST)
    (entry,) = imported(accountant, ntry("100.00", "danke", iban=""))
    by_hand(entry, [invoice.number], "", accountant)
    assert send_reminders(now=FIRST) == 0
    assert remind(FIRST) == 1
    assert "180,00" in mail.outbox[0].body
    assert [r.status for r in Reminder.objects.all()] == ["dropped", "sent"]


def test_a_payment_that_waits_to_be_matched_counts(invoice, on, accountant):
    imported(accountant, ntry("100.00", invoice.number))
    assert remind(FIRST) == 0


def test_an_address_that_was_removed_is_not_missed(invoice, on):
    BillingProfile.objects.update(invoice_email="")
    # The address of the day of issue still stands.
    assert remind(FIRST) == 1


def test_without_any_address_nobody_is_reminded(door, profile, accountant, on):
    BillingProfile.objects.update(invoice_email="")
    document = issued(door, accountant.pk)
    # Handed over in another way.
    Document.objects.update(status="transmitted", transmitted_at=MORNING)
    assert not document.recipient["invoice_email"]
    assert remind(FIRST) == 0
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(
    ("kind", "mentioned"), [("business", True), ("consumer", False)]
)
def test_interest_is_mentioned_to_businesses_alone_and_never_computed(
    door, profile, accountant, kind, mentioned
):
    profile.kind = kind
    profile.save()
    sent_out(door, accountant, account_kind=kind)
    rules(accountant, mentions_interest=True)
    remind(FIRST)
    remind(SECOND)
    assert "456" not in mail.outbox[0].body
    assert ("456 UGB" in mail.outbox[1].body) is mentioned
    assert ("458 UGB" in mail.outbox[1].body) is mentioned


def test_the_texts_are_those_that_are_set_in_the_accounts_language(
    door, profile, accountant
):
    profile.language = "en"
    profile.save()
    sent_out(door, accountant, account_language="en")
    level = {
        "days": 1,
        "subject": {"de": "Offen", "en": "Open: {number}"},
        "text": {"de": "x", "en": "{name} owes {amount} since {days} days."},
    }
    rules(accountant, levels=[level])
    assert remind(FIRST) == 1
    body = mail.outbox[0].body
    assert (
        body == "Bäckerei Sonne GmbH owes 280.00\N{NO-BREAK SPACE}EUR since 7 days.\n"
    )
    assert remind(SECOND) == 0


class Broken(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


class Refusing(EmailBackend):
    """A mail server that knows the address is wrong."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({})


def test_a_failed_attempt_is_followed_by_others_by_day(invoice, on):
    assert remind(FIRST, Broken()) == 0
    first, second = Reminder.objects.order_by("attempt")
    assert (first.status, first.problem) == ("failed", "ConnectionRefusedError")
    assert second.due_at == FIRST + RETRIES[0]
    assert remind(FIRST) == 0
    assert remind(FIRST + RETRIES[0]) == 1
    assert Reminder.objects.filter(status="sent").count() == 1


def test_an_address_that_is_refused_waits_for_a_person(invoice, on):
    assert remind(FIRST, Refusing()) == 0
    assert Reminder.objects.get().status == "failed"
    assert remind(SECOND) == 0


def test_a_claim_whose_process_died_is_taken_up_again(invoice, on):
    plan_reminders(now=FIRST)
    Reminder.objects.update(status="sending", lease_until=FIRST)
    assert send_reminders(now=FIRST) == 0
    assert send_reminders(now=FIRST + timedelta(minutes=1)) == 1


def test_the_task_plans_and_sends(invoice, on, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: FIRST)
    tasks.tend_payments()
    assert len(mail.outbox) == 1
