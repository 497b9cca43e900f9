"""What holds for one emergency: the accepted terms, or the contract of its account.

A contract counts from the moment that the caller is confirmed, with the version that
was in force when the emergency was triggered; what is recorded after the approval does
not reach back behind it.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.db.models import Subquery
from django.utils import timezone

from billing.computing import emergency_of
from billing.models import Contract, Document, IncludedEmergency, VatRate
from billing.rules.allowance import Period, Place, Use, free_position, span, use_of
from billing.rules.rounding import ZERO, gross_of
from billing.rules.work import Refused
from emergency.billable import BillableWork
from emergency.terms import FeeTerms


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """The work with the prices that hold for it. ``place``: the fee is included in the
    contract, as which one of how many; ``spared``: it is included and uses none."""

    work: BillableWork
    contract: Contract | None = None
    place: Place | None = None
    spared: bool = False

    @property
    def has_own_prices(self) -> bool:
        return self.contract is not None and self.contract.rate_card is not None


def agreed(work: BillableWork) -> Agreed:
    """The prices of this work: accepted, by contract, or included in it."""
    contract = _contract_of(work)
    if contract is None:
        return Agreed(work=work)
    if contract.rate_card is not None:
        work = replace(work, terms=_own_terms(work.terms, contract, work.triggered_at))
    use = _use(work) if contract.included_emergencies else Use.NOTHING
    place = None if use is Use.NOTHING else _place(work, contract, use)
    spared = use is Use.SPARED and place is None
    if place is not None or spared:
        work = replace(work, terms=_with_fee_included(work.terms))
    return Agreed(work=work, contract=contract, place=place, spared=spared)


def _use(work: BillableWork) -> Use:
    """What it takes of the included ones; nothing while its facts contradict."""
    try:
        return use_of(emergency_of(work))
    except Refused:
        return Use.NOTHING


def _with_fee_included(terms: FeeTerms) -> FeeTerms:
    """No initial fee. What is included is invoiced however little it comes to: the
    document says which one it was."""
    return replace(
        terms,
        initial_fee_net=ZERO,
        initial_fee_gross=ZERO,
        rating_policy={**terms.rating_policy, "least_amount": str(ZERO)},
    )


def _contract_of(work: BillableWork) -> Contract | None:
    if not work.account_number or not work.caller_confirmed:
        return None
    if work.triggered_at.tzinfo is None:
        # What has no offset is on no day: rating refuses it.
        return None
    approved_at = Document.objects.filter(
        incident_reference=work.reference, kind=Document.Kind.INVOICE
    ).values("approved_at")
    return Contract.objects.in_force(
        work.account_number,
        timezone.localdate(work.triggered_at),
        known_at=Subquery(approved_at),
    )


def _own_terms(accepted: FeeTerms, contract: Contract, at: datetime) -> FeeTerms:
    """The accepted terms with the amounts of the contract's card, and its readings."""
    card = contract.rate_card
    if card is None:
        return accepted
    rate = VatRate.objects.on(timezone.localdate(at))
    policy = card.rating_policy
    return replace(
        accepted,
        version=f"contract-{contract.pk}/card-{card.pk}/vat-{rate}",
        currency=card.currency,
        initial_fee_net=card.initial_fee,
        initial_fee_gross=gross_of(card.initial_fee, rate),
        included_minutes=card.included_minutes,
        support_hourly_net=card.support_hourly,
        support_hourly_gross=gross_of(card.support_hourly, rate),
        application_analysis_hourly_net=card.application_analysis_hourly,
        application_analysis_hourly_gross=gross_of(
            card.application_analysis_hourly, rate
        ),
        vat_rate=rate,
        increment_minutes=policy.increment.minutes,
        rating_policy=policy.to_values(),
    )


def _place(work: BillableWork, contract: Contract, use: Use) -> Place | None:
    """Which of the included emergencies this is. Approved ones keep their place; drafts
    stand behind them in the order in which they were triggered."""
    day = timezone.localdate(work.triggered_at)
    first, last = span(Period(contract.included_period), day)
    places = IncludedEmergency.objects.filter(
        account_number=contract.account_number, period_from=first
    )
    own = places.filter(incident_reference=work.reference).first()
    if own is None and use is Use.SPARED:
        return None
    position = (
        own.position
        if own is not None
        else free_position(
            places.values_list("position", flat=True),
            of=contract.included_emergencies,
            ahead=_drafts_ahead(work, contract.account_number, first),
        )
    )
    if position is None:
        return None
    of = max(position, contract.included_emergencies)
    return Place(position=position, of=of, first_day=first, last_day=last)


def _drafts_ahead(work: BillableWork, account_number: str, first: date) -> int:
    """Drafts of the same period that were triggered before this work."""
    triggered = work.triggered_at.astimezone(UTC)
    return (
        Document.objects.filter(
            status=Document.Status.DRAFT,
            account_number=account_number,
            lines__places_from=first,
            work__triggered_at__lt=triggered.isoformat(),
        )
        .exclude(incident_reference=work.reference)
        .distinct()
        .count()
    )
