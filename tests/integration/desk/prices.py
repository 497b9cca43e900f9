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


def broken(work: BillableWork) -> PriceExplanation:
    raise RuntimeError("the rate card is away")
