"""Correct an issued invoice by a credit note; the invoice itself never changes."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from billing import wake
from billing.actions.history import note
from billing.actions.refusal import BillingRefusal
from billing.actions.review import lock_document
from billing.models import Document, DocumentLine, DocumentStep, DocumentTax
from billing.rules.crediting import Credit, Position, credit
from billing.rules.tax import Category, Treatment

COPIED = (
    "incident_reference",
    "gathers_month",
    "account_number",
    "account_name",
    "supply_from",
    "supply_to",
    "language",
    "currency",
    "required_text",
    "rating_version",
    "recipient",
    "issuer",
    "terms",
    "work",
)


@transaction.atomic
def credit_invoice(
    *,
    document_id: int,
    line_ids: Sequence[int] | None,
    why: str,
    staff_id: int,
    now: datetime,
) -> Document:
    """An approved credit note for these lines (None: all that is left) waits for issue.

    It mirrors the lines; its tax is the tax on everything credited so far less the tax
    credited before. Each line is credited once at most. Raises BillingRefusal.
    """
    original = lock_document(document_id)
    if original.is_credit_note or not original.is_issued:
        raise BillingRefusal("not_issued")
    if not why.strip():
        raise BillingRefusal("why_missing")
    lines = list(original.lines.all())
    treatment = _treatment(original)
    taken = set(
        DocumentLine.objects.filter(credits__document=original).values_list(
            "credits_id", flat=True
        )
    )
    left = [line for line in lines if line.pk not in taken]
    if not left:
        raise BillingRefusal("nothing_to_credit")
    wanted = {line.pk for line in left} if line_ids is None else set(line_ids)
    if not wanted or wanted - {line.pk for line in left}:
        raise BillingRefusal("line_not_open")
    chosen = [line for line in left if line.pk in wanted]
    amounts = credit(
        [_position(line, treatment) for line in left],
        [_position(line, treatment) for line in lines if line.pk in taken],
        [str(line.pk) for line in chosen],
    )
    note_document = _write(original, chosen, amounts, staff_id, now)
    note(
        original,
        DocumentStep.Code.CREDITED,
        now=now,
        staff_id=staff_id,
        why=why.strip()[:500],
        gross=str(amounts.gross),
    )
    note(
        note_document,
        DocumentStep.Code.DRAFTED,
        now=now,
        staff_id=staff_id,
        why=why.strip()[:500],
    )
    wake.after_commit(wake.RENDER_DOCUMENT, note_document.pk)
    return note_document


def _treatment(original: Document) -> Treatment:
    tax = original.taxes.get()
    return Treatment(Category(tax.category), tax.rate)


def _position(line: DocumentLine, treatment: Treatment) -> Position:
    """The line by its own id: codes repeat on collective invoices."""
    return Position(str(line.pk), line.net, treatment)


def _write(
    original: Document,
    chosen: Sequence[DocumentLine],
    amounts: Credit,
    staff_id: int,
    now: datetime,
) -> Document:
    document = Document.objects.create(
        kind=Document.Kind.CREDIT_NOTE,
        status=Document.Status.APPROVED,
        refers_to=original,
        net=amounts.net,
        vat_total=amounts.vat_total,
        gross=amounts.gross,
        created_at=now,
        computed_at=now,
        approved_at=now,
        approved_by_id=staff_id,
        issue_requested_at=now,
        **{name: getattr(original, name) for name in COPIED},
    )
    DocumentLine.objects.bulk_create(
        DocumentLine(
            document=document,
            position=position,
            credits=line,
            code=line.code,
            incident_reference=line.incident_reference,
            minutes=line.minutes,
            unit_price=line.unit_price,
            net=line.net,
            worked_seconds=line.worked_seconds,
            included_minutes=line.included_minutes,
            not_charged_seconds=line.not_charged_seconds,
            details=line.details,
        )
        for position, line in enumerate(chosen, start=1)
    )
    DocumentTax.objects.bulk_create(
        DocumentTax(
            document=document,
            category=tax.treatment.category.value,
            rate=tax.treatment.rate,
            base=tax.base,
            amount=tax.amount,
        )
        for tax in amounts.taxes
    )
    return document
