"""Remind of what is overdue: by day, level by level, as rows that are tried again.

Nothing goes out unless payments and reminders are both switched on, and never about a
document that never went out itself, is held or objected to, or is named by a payment
that waits to be matched.
"""

import logging
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing import wording
from billing.models import (
    BankEntry,
    BillingProfile,
    Document,
    PaymentRules,
    Reminder,
)
from billing.open_items import current_rules, open_documents, open_holds
from billing.rules.references import numbers_in
from billing.rules.reminder_texts import LEVELS
from billing.rules.reminding import Level, due_level, filled, is_day
from emergency import billable

logger = logging.getLogger(__name__)

# From this level on businesses are told of interest and lump sum, where that is set.
SEVERE = 2


def reminders_are_on(rules: PaymentRules, now: datetime) -> bool:
    """Whether a reminder may go out at this moment."""
    return (
        settings.BILLING_PAYMENTS
        and rules.sends_reminders
        and is_day(timezone.localtime(now))
    )


def plan_reminders(*, now: datetime) -> int:
    """Every document whose next level is due today has its reminder; how many are new.

    Running again adds nothing.
    """
    rules = current_rules()
    if not reminders_are_on(rules, now):
        return 0
    levels, left_alone = levels_of(rules), doubted()
    overdue = remindable(left_alone).filter(due_date__lt=timezone.localdate(now))
    made = 0
    for document_id in list(overdue.order_by("due_date", "pk").values_list("pk")):
        try:
            made += _plan(document_id[0], levels, rules, left_alone, now)
        except Exception:
            logger.exception("no reminder could be made for %s", document_id[0])
    return made


def levels_of(rules: PaymentRules) -> list[Level]:
    """The levels that are set, or the proposed ones."""
    if not rules.levels:
        return list(LEVELS)
    return [Level(**level) for level in rules.levels]


def doubted() -> Q:
    """What is left alone for now: documents that a waiting bank entry names, and those
    of incidents with an objection that nobody has seen."""
    waiting = BankEntry.objects.filter(status=BankEntry.Status.OPEN)
    named = {
        number
        for text, reference in waiting.values_list("text", "reference")
        for number in numbers_in(text, reference)
    }
    references = list(billable.objected())
    return Q(number__in=named) | Q(incident_reference__in=references)


def remindable(left_alone: Q) -> "QuerySet[Any]":
    """Invoices that went out, with something open that nobody doubts."""
    return (
        open_documents()
        .filter(
            ~Exists(open_holds()),
            kind=Document.Kind.INVOICE,
            transmitted_at__isnull=False,
            balance__gt=0,
        )
        .exclude(left_alone)
    )


@transaction.atomic
def _plan(
    document_id: int,
    levels: list[Level],
    rules: PaymentRules,
    left_alone: Q,
    now: datetime,
) -> bool:
    today = timezone.localdate(now)
    Document.objects.select_for_update().get(pk=document_id)
    document = remindable(left_alone).filter(pk=document_id).first()
    if document is None or document.due_date is None:
        return False
    standing = Reminder.objects.filter(document=document).exclude(
        status=Reminder.Status.DROPPED
    )
    sent = [
        timezone.localdate(r.ended_at)
        for r in standing.order_by("level")
        if r.status == Reminder.Status.SENT and r.ended_at
    ]
    level = due_level(due=document.due_date, sent=sent, levels=levels, today=today)
    address = address_of(document)
    if level is None or not address or standing.filter(level=level).exists():
        return False
    subject, body = worded(document, levels[level - 1], level, rules, today)
    Reminder.objects.create(
        document=document,
        level=level,
        language=document.language,
        address=address,
        subject=subject[:200],
        body=body,
        amount=document.balance,
        due_at=now,
    )
    return True


def address_of(document: Document) -> str:
    """Where the account wants its invoices today, or did when this one was issued."""
    profiles = BillingProfile.objects.filter(account_number=document.account_number)
    today = profiles.values_list("invoice_email", flat=True).first()
    return today or str(document.recipient.get("invoice_email", ""))


def worded(
    document: Any, level: Level, number: int, rules: PaymentRules, today: date
) -> tuple[str, str]:
    """Subject and text in the document's language."""
    due, issued = document.due_date or today, document.issue_date or today
    issuer = document.issuer
    iban = issuer.get("iban", "").replace(" ", "")
    with translation.override(document.language):
        values = {
            "number": document.number or "",
            "amount": wording.money(
                document.balance,
                document.currency,
            ),
            "date": wording.day(issued),
            "due": wording.day(due),
            "days": str((today - due).days),
            "name": document.recipient.get("legal_name", ""),
            "issuer": issuer.get("legal_name", ""),
            "iban": " ".join(iban[i : i + 4] for i in range(0, len(iban), 4)),
        }
        body = filled(level.text[document.language], values)
        is_business = document.recipient.get("kind") == BillingProfile.Kind.BUSINESS
        if rules.mentions_interest and is_business and number >= SEVERE:
            body += "\n\n" + interest_text()
    return " ".join(filled(level.subject[document.language], values).split()), body


def interest_text() -> str:
    """What the law gives the creditor of a business (UGB §§ 456, 458)."""
    return _(
        "Between businesses the law provides for default interest of 9.2 percentage "
        "points above the base rate (section 456 UGB) and a lump sum of 40 euro for "
        "the costs of recovery (section 458 UGB). We reserve the right to claim both."
    )
