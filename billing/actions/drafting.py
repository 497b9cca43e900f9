"""What a document says, computed from the work, the account and the issuer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from billing.actions.doubts import holds_of
from billing.actions.history import note
from billing.actions.included import lock_places
from billing.actions.refusal import BillingRefusal
from billing.actions.vat_question import request_answer
from billing.agreements import agreed
from billing.computing import WorkedLine, emergency_of, work_snapshot, worked_line
from billing.models import (
    BillingProfile,
    Document,
    DocumentLine,
    DocumentStep,
    DocumentTax,
    Hold,
    Language,
    VatRate,
)
from billing.models.money import CURRENCY
from billing.rules.rating import RATING_VERSION, Outcome, Rating, rate
from billing.rules.tax import HOME_COUNTRY, Recipient
from billing.rules.work import Refused
from emergency.billable import BillableWork

TaxRow = tuple[str, Decimal | None, Decimal, Decimal]


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A whole draft: columns, lines, taxes and the reasons why it must wait."""

    outcome: Outcome
    columns: dict[str, Any]
    lines: tuple[WorkedLine, ...]
    taxes: tuple[TaxRow, ...]
    holds: dict[str, str]


def compute(work: BillableWork, *, now: datetime) -> Computed:
    """The draft for this work as things stand now.

    An account that is seen for the first time gets its billing profile; the authority
    is asked about a VAT id on which this draft rests.
    """
    profile = _profile(work)
    if profile is not None:
        request_answer(profile, now=now)
        lock_places(profile.account_number)
    agreement = agreed(work)
    supply_from, supply_to = supply_period(work)
    vat_rate = VatRate.objects.on(supply_to)
    recipient = _recipient(profile, work)
    contradiction, dearer = "", False
    try:
        for terms in (work.terms, agreement.work.terms):
            if terms.currency != CURRENCY:
                raise Refused("terms.currency", f"is {terms.currency!r}")
        rating = rate(emergency_of(agreement.work), recipient, issuer_rate=vat_rate)
        if agreement.has_own_prices:
            accepted = rate(emergency_of(work), recipient, issuer_rate=vat_rate)
            dearer = rating.net > accepted.net
    except Refused as refused:
        contradiction = str(refused)
        rating = Rating(outcome=Outcome.INVOICE)
    holds = holds_of(agreement, profile, rating, dearer=dearer, now=now)
    if contradiction:
        holds[Hold.Reason.WORK_CONTRADICTS] = contradiction[:200]
    return Computed(
        outcome=rating.outcome,
        columns={
            **_parties(work, profile),
            "supply_from": supply_from,
            "supply_to": supply_to,
            "currency": CURRENCY,
            "net": rating.net,
            "vat_total": rating.vat_total,
            "gross": rating.gross,
            "required_text": rating.required_text or "",
            "blocked_by": list(rating.blocked_by),
            "rating_version": RATING_VERSION,
            "terms": agreement.work.terms.to_json(),
            "work": work_snapshot(work),
        },
        lines=tuple(
            worked_line(line, agreement.place, spared=agreement.spared)
            for line in rating.lines
        ),
        taxes=tuple(
            (tax.treatment.category.value, tax.treatment.rate, tax.base, tax.amount)
            for tax in rating.taxes
        ),
        holds=holds,
    )


def _parties(work: BillableWork, profile: BillingProfile | None) -> dict[str, Any]:
    return {
        "account_number": work.account_number or "",
        "account_name": work.account_name,
        "language": profile.language if profile else _language(work),
        "recipient": profile.snapshot() if profile else {},
    }


def supply_period(work: BillableWork) -> tuple[date, date]:
    """The local days of the first and last billable work, or of the callback."""
    instants = [
        instant
        for entry in work.entries
        if entry.billable
        for instant in (entry.started_at, entry.ended_at)
    ] or [work.callback_reached_at or work.triggered_at]
    days = [_local_day(instant) for instant in instants]
    return min(days), max(days)


def _local_day(instant: datetime) -> date:
    """The operator's day. What has no offset is refused by rating, not here."""
    return timezone.localdate(instant) if instant.tzinfo else instant.date()


def _profile(work: BillableWork) -> BillingProfile | None:
    """The account's billing profile; the first emergency of an account makes it."""
    if not work.account_number:
        return None
    profile, _ = BillingProfile.objects.get_or_create(
        account_number=work.account_number,
        defaults={
            "legal_name": work.account_name,
            "kind": (
                work.account_kind
                if work.account_kind in BillingProfile.Kind.values
                else BillingProfile.Kind.UNKNOWN
            ),
            "language": _language(work),
        },
    )
    return profile


def _language(work: BillableWork) -> str:
    language = work.account_language[:2]
    return language if language in Language.values else Language.DE.value


def _recipient(profile: BillingProfile | None, work: BillableWork) -> Recipient:
    if profile is not None and profile.country:
        return profile.recipient
    return Recipient(
        country=HOME_COUNTRY,
        business=work.account_kind == BillingProfile.Kind.BUSINESS,
        vat_id=None,
        vat_id_valid=False,
    )


def write(
    document: Document,
    computed: Computed,
    *,
    now: datetime,
    staff_id: int | None = None,
) -> bool:
    """The unnumbered document says what was computed; False when it already did.

    Open holds whose cause is gone end, new ones begin, and a released hold opens again
    when the amount, or the facts it names, are no longer those it was released for.
    """
    changed = _differs(document, computed)
    amount_changed = document.gross != computed.columns["gross"]
    if changed:
        for name, value in computed.columns.items():
            setattr(document, name, value)
        document.computed_at = now
        document.save()
        _write_lines(document, computed.lines)
        _write_taxes(document, computed.taxes)
    held = _write_holds(document, computed.holds, amount_changed, now)
    return changed or held


def write_approved(document: Document, computed: Computed, *, now: datetime) -> None:
    """Recipient, tax and holds of the approved document are those of now; its lines are
    what was approved. Raises BillingRefusal (``lines_changed``) where they would not
    be."""
    if lines_of(document) != computed.lines:
        raise BillingRefusal("lines_changed")
    write(document, computed, now=now)


def create(reference: str, computed: Computed, *, now: datetime) -> Document:
    """The new draft of this incident with all that was computed, written once. Raises
    IntegrityError where the incident has one already."""
    document = Document.objects.create(
        incident_reference=reference,
        kind=Document.Kind.INVOICE,
        created_at=now,
        computed_at=now,
        **computed.columns,
    )
    _add_lines(document, computed.lines)
    _add_taxes(document, computed.taxes)
    Hold.objects.bulk_create(
        Hold(document=document, reason=reason, detail=detail, created_at=now)
        for reason, detail in computed.holds.items()
    )
    held = (
        DocumentStep(
            document=document,
            at=now,
            code=DocumentStep.Code.HELD,
            values={"reason": reason},
        )
        for reason in computed.holds
    )
    drafted = DocumentStep(document=document, at=now, code=DocumentStep.Code.DRAFTED)
    DocumentStep.objects.bulk_create([drafted, *held])
    return document


def _differs(document: Document, computed: Computed) -> bool:
    if any(getattr(document, name) != v for name, v in computed.columns.items()):
        return True
    lines = lines_of(document)
    taxes = {(t.category, t.rate, t.base, t.amount) for t in document.taxes.all()}
    return lines != computed.lines or taxes != set(computed.taxes)


def lines_of(document: Document) -> tuple[WorkedLine, ...]:
    """The document's lines as plain values."""
    names = tuple(WorkedLine.__dataclass_fields__)
    return tuple(
        WorkedLine(**{name: getattr(row, name) for name in names})
        for row in document.lines.all()
    )


def _write_lines(document: Document, lines: Sequence[WorkedLine]) -> None:
    document.lines.all().delete()
    _add_lines(document, lines)


def _add_lines(document: Document, lines: Sequence[WorkedLine]) -> None:
    DocumentLine.objects.bulk_create(
        DocumentLine(document=document, position=position, **vars(line))
        for position, line in enumerate(lines, start=1)
    )


def _write_taxes(document: Document, taxes: Sequence[TaxRow]) -> None:
    document.taxes.all().delete()
    _add_taxes(document, taxes)


def _add_taxes(document: Document, taxes: Sequence[TaxRow]) -> None:
    DocumentTax.objects.bulk_create(
        DocumentTax(
            document=document, category=category, rate=rate, base=base, amount=amount
        )
        for category, rate, base, amount in taxes
    )


def _write_holds(
    document: Document, wanted: dict[str, str], amount_changed: bool, now: datetime
) -> bool:
    present = {hold.reason: hold for hold in document.holds.all()}
    changed = False
    for reason, hold in present.items():
        if reason not in wanted and hold.released_at is None:
            hold.delete()
            note(document, DocumentStep.Code.HOLD_ENDED, now=now, reason=reason)
            changed = True
    for reason, detail in wanted.items():
        known = present.get(reason)
        if known is None:
            Hold.objects.create(
                document=document, reason=reason, detail=detail, created_at=now
            )
        elif known.released_at is not None and (
            amount_changed or known.detail != detail
        ):
            Hold.objects.filter(pk=known.pk).update(
                released_at=None, released_by=None, why="", detail=detail
            )
        elif known.detail != detail:
            Hold.objects.filter(pk=known.pk).update(detail=detail)
            continue
        else:
            continue
        note(document, DocumentStep.Code.HELD, now=now, reason=reason)
        changed = True
    return changed


def open_holds(document: Document) -> bool:
    """Whether somebody still has to look at this document."""
    return document.holds.filter(released_at=None).exists()
