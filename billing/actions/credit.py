"""Correct an issued invoice by a credit note; the invoice itself never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from billing import wake
from billing.actions.history import note
from billing.actions.included import give_back_places
from billing.actions.refusal import BillingRefusal
from billing.actions.review import lock_document, release_hold
from billing.models import Document, DocumentLine, DocumentStep, DocumentTax, Hold
from billing.rules.crediting import Credit, Position, credit
from billing.rules.rounding import ZERO
from billing.rules.tax import Category, Treatment, tax_once_per_rate

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


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a credit note would say: its lines, its amounts, and how its tax comes
    about. ``vat_before`` is what earlier credit notes gave back, ``vat_together`` the
    tax on everything credited with this one."""

    lines: tuple[DocumentLine, ...]
    amounts: Credit
    net_before: Decimal
    vat_before: Decimal
    net_left: Decimal

    @property
    def net_together(self) -> Decimal:
        return self.net_before + self.amounts.net

    @property
    def vat_together(self) -> Decimal:
        return self.vat_before + self.amounts.vat_total


def plan_credit(*, original: Document, line_ids: Sequence[int] | None) -> Plan:
    """The credit note for these lines (None: all that is left) as it would be written
    now. Nothing is changed. Raises BillingRefusal."""
    if original.is_credit_note or not original.is_issued:
        raise BillingRefusal("not_issued")
    lines = list(original.lines.all())
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
    chosen = tuple(line for line in left if line.pk in wanted)
    treatment = _treatment(original)
    before = [_position(line, treatment) for line in lines if line.pk in taken]
    earlier = tax_once_per_rate((one.net, one.treatment) for one in before)
    return Plan(
        lines=chosen,
        amounts=credit(
            [_position(line, treatment) for line in left],
            before,
            [str(line.pk) for line in chosen],
        ),
        net_before=sum((one.net for one in before), ZERO),
        vat_before=sum((tax.amount for tax in earlier), ZERO),
        net_left=sum((line.net for line in left if line not in chosen), ZERO),
    )


@transaction.atomic
def credit_invoice(
    *,
    document_id: int,
    line_ids: Sequence[int] | None,
    why: str,
    staff_id: int,
    now: datetime,
    expected: Decimal | None = None,
    settles_objection: bool = False,
) -> Document:
    """An approved credit note for these lines (None: all that is left) waits for issue.

    It mirrors the lines; its tax is the tax on everything credited so far less the tax
    credited before. Each line is credited once at most. ``expected`` is the gross that
    was looked at before. With ``settles_objection`` the hold for what the customer
    objects to is released by it. Raises BillingRefusal.
    """
    original = lock_document(document_id)
    plan = plan_credit(original=original, line_ids=line_ids)
    why = why.strip()[:500]
    if not why:
        raise BillingRefusal("why_missing")
    if expected is not None and plan.amounts.gross != expected:
        raise BillingRefusal("changed")
    made = _write(original, plan.lines, plan.amounts, staff_id, now)
    give_back_places(original, plan.lines)
    note(
        original,
        DocumentStep.Code.CREDITED,
        now=now,
        staff_id=staff_id,
        why=why,
        gross=str(plan.amounts.gross),
    )
    note(made, DocumentStep.Code.DRAFTED, now=now, staff_id=staff_id, why=why)
    if settles_objection:
        _settle_objection(original, why, staff_id, now)
    wake.after_commit(wake.RENDER_DOCUMENT, made.pk)
    return made


def _settle_objection(
    original: Document, why: str, staff_id: int, now: datetime
) -> None:
    held = original.holds.filter(
        reason=Hold.Reason.CUSTOMER_OBJECTS, released_at=None
    ).first()
    if held is None:
        raise BillingRefusal("no_objection")
    release_hold(hold_id=held.pk, staff_id=staff_id, why=why, now=now)


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
            place=line.place,
            places=line.places,
            places_from=line.places_from,
            places_to=line.places_to,
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
