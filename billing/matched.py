"""What fits a bank entry: rows for the rules of matching, and their answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.models import BankEntry, Booking, Document
from billing.models.money import CURRENCY
from billing.open_items import (
    accounts_of_iban,
    current_rules,
    items_of,
    open_documents,
)
from billing.rules.allocating import OpenItem, Split
from billing.rules.matching import Certainty, Entry, Proposal, Why, nothing, propose
from billing.rules.references import numbers_in


@dataclass(frozen=True)
class Found:
    """The proposal for an entry; ``returns``: the booking whose payment came back."""

    proposal: Proposal
    returns: Booking | None = None

    @property
    def is_exact(self) -> bool:
        return self.proposal.certainty is Certainty.EXACT

    @property
    def can_be_confirmed(self) -> bool:
        return self.proposal.certainty is not Certainty.NONE


def proposal_for(
    entry: BankEntry,
    items: Sequence[OpenItem] | None = None,
    tolerance: Decimal | None = None,
) -> Found:
    """What this entry seems to be. ``items`` are all open items; without them only the
    documents that it names are looked at, which is enough for an exact match.
    ``tolerance``: what is set, for whoever has asked for it already."""
    numbers = numbers_in(entry.text, entry.reference)
    if entry.returned:
        return _returned(entry, numbers)
    if items is None:
        items = items_of(open_documents().filter(number__in=numbers)) if numbers else []
    return Found(
        propose(
            Entry(
                amount=entry.amount,
                currency=entry.currency,
                text=entry.text,
                reference=entry.reference,
                iban=entry.iban,
                charges=entry.charges,
            ),
            open_items=items,
            settled=_settled(numbers, items),
            accounts_of_iban=accounts_of_iban(entry.iban) if not numbers else (),
            tolerance=current_rules().tolerance if tolerance is None else tolerance,
            currency=CURRENCY,
        )
    )


def _settled(numbers: Sequence[str], items: Sequence[OpenItem]) -> dict[str, str]:
    """The accounts of named invoices that are not open, by their numbers."""
    still_open = {item.number for item in items}
    others = [number for number in numbers if number not in still_open]
    if not others:
        return {}
    found = Document.objects.filter(number__in=others, kind=Document.Kind.INVOICE)
    rows = found.values_list("number", "account_number")
    return {number or "": account for number, account in rows}


def _returned(entry: BankEntry, numbers: Sequence[str]) -> Found:
    """The payment that came back: of the same amount, known by its end-to-end id or by
    the documents it names; the IBAN alone suggests."""
    standing = Booking.objects.filter(
        kind=Booking.Kind.PAYMENT,
        reversed_by=None,
        amount=-entry.amount,
        booked_on__lte=entry.booked_on,
    ).select_related("entry")
    sure = {
        booking.pk: booking
        for booking in standing.filter(parts__document__number__in=numbers).distinct()
    }
    if entry.end_to_end_id:
        same = standing.filter(entry__end_to_end_id=entry.end_to_end_id)
        sure |= {booking.pk: booking for booking in same}
    hinted = list(standing.filter(entry__iban=entry.iban)) if entry.iban else []
    found = list(sure.values()) or hinted
    if not found:
        return Found(nothing(entry.amount, Why.RETURNED))
    certainty = Certainty.EXACT if len(sure) == 1 else Certainty.SUGGESTED
    return Found(
        Proposal(
            certainty=certainty,
            why=(Why.RETURNED, Why.NUMBER if sure else Why.IBAN),
            split=_mirrored(found[-1]),
        ),
        found[-1],
    )


def _mirrored(booking: Booking) -> Split:
    """What the return takes back, for showing it."""
    parts = list(booking.parts.select_related("document"))
    on_account = [p.amount for p in parts if p.kind == "account"]
    difference = [p.amount for p in parts if p.kind == "difference"]
    return Split(
        parts=tuple(
            (part.document.number or "", -part.amount)
            for part in parts
            if part.document is not None
        ),
        difference=-sum(difference, booking.amount * 0),
        on_account=-sum(on_account, booking.amount * 0),
    )
