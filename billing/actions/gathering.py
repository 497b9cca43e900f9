"""Collective invoices: approved emergencies of an account and month in one document.

Every emergency keeps its own document: there it is computed, held, released and
approved. The collective document takes over those lines as they are, so that included
minutes are never pooled, and computes the tax once on all of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from billing.actions.doubts import large_amount, missing_of
from billing.actions.drafting import (
    Computed,
    compute,
    lines_of,
    open_holds,
    write,
    write_approved,
)
from billing.actions.history import note
from billing.actions.included import give_back_place
from billing.actions.refusal import BillingRefusal
from billing.models import BillingProfile, Document, DocumentStep, Hold
from billing.rules.rating import Outcome
from billing.rules.rounding import ZERO
from billing.rules.tax import Category, Treatment, tax_once_per_rate, vat_id_missing
from emergency import billable

OF_ALL = (
    *("account_number", "account_name", "language", "currency", "required_text"),
    *("rating_version", "recipient"),
)


def gather_due(*, now: datetime) -> int:
    """The approved emergencies of months that are over stand in collective drafts of
    accounts that want them; how many drafts were made or grew.

    Running again adds nothing. Drafts of accounts that do not want them any more are
    taken apart. Where emergencies are handed over nothing is gathered: the other system
    makes the invoices, and what has no number here is taken apart.
    """
    wanting = _wanting()
    unwanted = Document.objects.filter(
        kind=Document.Kind.INVOICE, gathers_month__isnull=False, status__in=_apart()
    ).exclude(account_number__in=wanting.values("account_number"))
    for document_id in list(unwanted.values_list("pk", flat=True)):
        _take_apart(document_id)
    months = {
        (number, supply_to.replace(day=1))
        for number, supply_to in _ripe(now)
        .filter(account_number__in=wanting.values("account_number"))
        .values_list("account_number", "supply_to")
        if supply_to is not None
    }
    return sum(
        gather(account_number=number, month=month, now=now) is not None
        for number, month in sorted(months)
    )


def _wanting() -> QuerySet[BillingProfile]:
    """Accounts that get one invoice a month from us."""
    if settings.BILLING_MODE == "hand_over":
        return BillingProfile.objects.none()
    return BillingProfile.objects.filter(collective=True)


def _apart() -> list[str]:
    """Which collective documents may be taken apart."""
    if settings.BILLING_MODE == "hand_over":
        return [Document.Status.DRAFT, Document.Status.APPROVED]
    return [Document.Status.DRAFT]


def _ripe(now: datetime) -> QuerySet[Document]:
    """Approved documents of one emergency each, of months that are over."""
    return Document.objects.filter(
        kind=Document.Kind.INVOICE,
        status=Document.Status.APPROVED,
        gathers_month__isnull=True,
        gathered_into__isnull=True,
        issue_requested_at__isnull=True,
        supply_to__lt=timezone.localdate(now).replace(day=1),
    )


@transaction.atomic
def gather(*, account_number: str, month: date, now: datetime) -> Document | None:
    """The one collective draft of this account and month with all that is ripe; None
    where nothing new is. What is in another currency or taxed otherwise waits for the
    next one."""
    profile = (
        _wanting().select_for_update().filter(account_number=account_number).first()
    )
    if profile is None:
        return None
    draft = _draft_of(account_number, month).select_for_update().first()
    ripe = [
        member
        for member in _ripe(now)
        .select_for_update(of=("self",))
        .filter(account_number=account_number)
        .order_by("supply_to", "pk")
        if member.supply_to and member.supply_to.replace(day=1) == month
    ]
    alike = draft.members.first() if draft else (ripe[0] if ripe else None)
    fitting = [member for member in ripe if alike and _terms(member) == _terms(alike)]
    if not fitting:
        return None
    if draft is None:
        draft = Document.objects.create(
            gathers_month=month,
            account_number=account_number,
            created_at=now,
            computed_at=now,
        )
        note(draft, DocumentStep.Code.DRAFTED, now=now)
    Document.objects.filter(pk__in=[m.pk for m in fitting]).update(gathered_into=draft)
    for member in fitting:
        note(member, DocumentStep.Code.GATHERED, now=now)
    regather(draft, now=now)
    return draft


def _draft_of(account_number: str, month: date | None) -> QuerySet[Document]:
    return Document.objects.filter(
        kind=Document.Kind.INVOICE,
        status=Document.Status.DRAFT,
        account_number=account_number,
        gathers_month=month,
    )


def _terms(document: Document) -> tuple[Any, ...]:
    """What all emergencies of one document share."""
    taxes = tuple((tax.category, tax.rate) for tax in document.taxes.all())
    return document.currency, taxes


def is_gathered_later(document: Document) -> bool:
    """Whether this document of one emergency waits for the invoice of its month."""
    return (
        not document.is_credit_note
        and not document.is_collective
        and _wanting().filter(account_number=document.account_number).exists()
    )


def regather(document: Document, *, now: datetime) -> None:
    """The unnumbered collective document says what its members and the account say."""
    if write(document, gathered(document), now=now):
        note(document, DocumentStep.Code.RECOMPUTED, now=now)


def settle_gathered(document: Document, *, now: datetime) -> None:
    """Recipient and tax of every member are those of the day of issue, and the document
    says so. Raises BillingRefusal (``held``, ``lines_changed``) where one of them needs
    a person."""
    for member in members_of(document):
        work = billable.freeze(reference=member.incident_reference, now=now)
        write_approved(member, compute(work, now=now), now=now)
        if open_holds(member):
            raise BillingRefusal("held")
    write(document, gathered(document), now=now)


def return_to_draft(document: Document, *, now: datetime) -> None:
    """Members that need a person are drafts of their own again; the others are in a
    collective draft, which is gone where nothing is left of it."""
    for member in members_of(document):
        work = billable.work(member.incident_reference)
        computed = compute(work, now=now)
        changed = lines_of(member) != computed.lines
        write(member, computed, now=now)
        if changed or open_holds(member):
            member.gathered_into = None
            unapprove(member, now, reason="lines_changed" if changed else "held")
            write(member, compute(work, now=now), now=now)
    keep_the_rest(document, now=now, reason="held")


def keep_the_rest(document: Document, *, now: datetime, reason: str) -> None:
    """What is left of the collective document is in one draft of its month; where
    nothing is, the document is gone."""
    drafts = _draft_of(document.account_number, document.gathers_month)
    another = drafts.exclude(pk=document.pk).first()
    if another is not None:
        document.members.update(gathered_into=another)
        regather(another, now=now)
    if not document.members.exists():
        document.delete()
        return
    if document.status == Document.Status.APPROVED:
        unapprove(document, now, reason=reason)
    regather(document, now=now)


def unapprove(
    document: Document,
    now: datetime,
    code: DocumentStep.Code = DocumentStep.Code.RETURNED,
    *,
    staff_id: int | None = None,
    **values: str,
) -> None:
    """The document is a draft again, its included place is free for another, and its
    emergency's time can be amended. Its history says so with ``code`` and ``values``;
    whoever calls has locked it."""
    document.status = Document.Status.DRAFT
    document.approved_at = document.approved_by = None
    document.issue_requested_at = None
    document.issue_problem = ""
    document.save()
    give_back_place(document)
    if document.incident_reference:
        billable.thaw(reference=document.incident_reference, now=now)
    note(document, code, now=now, staff_id=staff_id, **values)


@transaction.atomic
def _take_apart(document_id: int) -> None:
    document = Document.objects.select_for_update().filter(pk=document_id).first()
    if document is None or document.status not in _apart():
        return
    document.members.update(gathered_into=None)
    document.delete()


def members_of(document: Document) -> list[Document]:
    """The documents of its emergencies, locked, in the order in which they began."""
    return sorted(
        document.members.select_for_update(of=("self",)),
        key=lambda member: (member.work.get("triggered_at", ""), member.pk),
    )


def gathered(document: Document) -> Computed:
    """The collective document as its members stand, to the account as it stands."""
    members = members_of(document)
    first = members[0]
    profile = BillingProfile.objects.get(account_number=document.account_number)
    lines = [
        replace(line, incident_reference=member.incident_reference)
        for member in members
        for line in lines_of(member)
    ]
    taxes = tax_once_per_rate(
        (line.net, _treatment(member))
        for member in members
        for line in member.lines.all()
    )
    net = sum((tax.base for tax in taxes), ZERO)
    vat = sum((tax.amount for tax in taxes), ZERO)
    taxed = any(tax.treatment.category is Category.STANDARD for tax in taxes)
    blocked = vat_id_missing(profile.recipient, gross=net + vat, taxed=taxed)
    holds = {Hold.Reason.RECIPIENT_VAT_ID_REQUIRED.value: ""} if blocked else {}
    if missing := missing_of(profile, taxes, gross=net + vat):
        holds[Hold.Reason.RECIPIENT_INCOMPLETE.value] = ", ".join(missing)
    holds |= large_amount(net + vat)
    columns = {name: getattr(first, name) for name in OF_ALL} | {
        "language": profile.language,
        "recipient": profile.snapshot(),
        "supply_from": min(m.supply_from for m in members if m.supply_from),
        "supply_to": max(m.supply_to for m in members if m.supply_to),
        "net": net,
        "vat_total": vat,
        "gross": net + vat,
        "blocked_by": [Hold.Reason.RECIPIENT_VAT_ID_REQUIRED.value] if blocked else [],
        "terms": {"emergencies": _by_reference(members, "terms")},
        "work": {"emergencies": [member.work for member in members]},
    }
    return Computed(
        outcome=Outcome.BLOCKED if blocked else Outcome.INVOICE,
        columns=columns,
        lines=tuple(lines),
        taxes=tuple(
            (tax.treatment.category.value, tax.treatment.rate, tax.base, tax.amount)
            for tax in taxes
        ),
        holds=holds,
    )


def _by_reference(members: Sequence[Document], name: str) -> dict[str, Any]:
    return {member.incident_reference: getattr(member, name) for member in members}


def _treatment(member: Document) -> Treatment:
    tax = member.taxes.get()
    return Treatment(Category(tax.category), tax.rate)
