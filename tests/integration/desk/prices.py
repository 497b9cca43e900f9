"""Explanations of prices for the setting PRICE_EXPLANATION."""

from decimal import Decimal

from emergency.billable import BillableWork
from emergency.terms import PriceExplanation, PriceLine


def two_hundred(work: BillableWork) -> PriceExplanation:
    fee = Decimal("200.00")
    return PriceExplanation(
        currency="EUR",
        lines=(PriceLine(text=f"Initial fee for {work.reference}", net=fee),),
        net=fee,
        vat=Decimal("40.00"),
        gross=Decimal("240.00"),
        reasons=("The infrastructure was the cause.",),
    )


def by_the_minute(work: BillableWork) -> PriceExplanation:
    """240 gross, and 4 for each minute beyond the included ones."""
    worked = sum((e.ended_at - e.started_at).total_seconds() for e in work.entries)
    beyond = max(Decimal(worked) / 60 - work.terms.included_minutes, Decimal(0))
    gross = (240 + 4 * beyond).quantize(Decimal("0.01"))
    net = (gross / Decimal("1.2")).quantize(Decimal("0.01"))
    return PriceExplanation(
        currency="EUR",
        lines=(PriceLine(text="Work", net=net),),
        net=net,
        vat=gross - net,
        gross=gross,
    )


def broken(work: BillableWork) -> PriceExplanation:
    raise RuntimeError("the rate card is away")
