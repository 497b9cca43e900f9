"""What a month would have cost by another rate card."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from billing.computing import emergency_of, rated_by
from billing.models import Document, RateCard
from billing.rules.rating import rate
from billing.rules.rounding import ZERO
from billing.rules.tax import HOME_COUNTRY, Recipient
from billing.rules.work import Emergency, Refused
from emergency import billable
from emergency.billable import BillableWork

# Net amounts are compared: who receives them does not matter.
_ANYBODY = Recipient(
    country=HOME_COUNTRY, business=False, vat_id=None, vat_id_valid=False
)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One incident, net: what it was rated at, and what it would be by the card."""

    reference: str
    document_id: int | None
    closed_on: date
    was: Decimal
    would_be: Decimal

    @property
    def difference(self) -> Decimal:
        return self.would_be - self.was


@dataclass(frozen=True, kw_only=True)
class MonthByCard:
    """The incidents closed in a month. ``contradictions`` are those whose logged facts
    contradict each other; they are in no sum."""

    month: date
    rows: tuple[Compared, ...]
    contradictions: tuple[str, ...]

    @property
    def was(self) -> Decimal:
        return sum((row.was for row in self.rows), ZERO)

    @property
    def would_be(self) -> Decimal:
        return sum((row.would_be for row in self.rows), ZERO)

    @property
    def difference(self) -> Decimal:
        return self.would_be - self.was


def month_by_card(card: RateCard, *, now: datetime) -> MonthByCard:
    """This month's closed incidents, rated by the card as if it had been accepted with
    each order, beside what they were rated at."""
    start = timezone.localtime(now).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    end = (start + timedelta(days=32)).replace(day=1)
    rated: list[tuple[BillableWork, Emergency]] = []
    contradictions: list[str] = []
    for work in billable.closed_between(start, end):
        try:
            emergency = emergency_of(work)
            _net(emergency, work)
        except Refused:
            contradictions.append(work.reference)
        else:
            rated.append((work, emergency))
    documents = {
        document.incident_reference: document
        for document in Document.objects.filter(
            kind=Document.Kind.INVOICE,
            incident_reference__in=[work.reference for work, _ in rated],
        ).only("incident_reference", "net")
    }
    return MonthByCard(
        month=start.date(),
        rows=tuple(
            _compared(work, emergency, card, documents) for work, emergency in rated
        ),
        contradictions=tuple(contradictions),
    )


def _compared(
    work: BillableWork,
    emergency: Emergency,
    card: RateCard,
    documents: dict[str, Document],
) -> Compared:
    """A document says what it was rated at; without one it is rated as it was
    accepted."""
    document = documents.get(work.reference)
    by_card = rated_by(emergency, card.terms, card.rating_policy)
    return Compared(
        reference=work.reference,
        document_id=document.pk if document else None,
        closed_on=timezone.localdate(work.closed_at),
        was=document.net if document else _net(emergency, work),
        would_be=_net(by_card, work),
    )


def _net(emergency: Emergency, work: BillableWork) -> Decimal:
    return rate(emergency, _ANYBODY, issuer_rate=work.terms.vat_rate).net
