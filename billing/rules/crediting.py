"""Credit notes against one invoice: by line, with tax that adds up to the invoice.

Source: UStG 1994 § 16 (the correction mirrors the tax shown) and the rule that the tax
of a credit note is the tax on everything credited so far less the tax credited before,
so that the last credit note leaves no cent behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.rules.rounding import ZERO
from billing.rules.tax import TaxAmount, Treatment, tax_once_per_rate
from billing.rules.work import Refused


@dataclass(frozen=True)
class Position:
    """One line of the invoice as far as crediting cares: its name, net and tax."""

    code: str
    net: Decimal
    treatment: Treatment


@dataclass(frozen=True, kw_only=True)
class Credit:
    """One credit note; amounts are positive, what the customer gets back."""

    positions: tuple[Position, ...]
    taxes: tuple[TaxAmount, ...]

    @property
    def net(self) -> Decimal:
        return sum((position.net for position in self.positions), ZERO)

    @property
    def vat_total(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), ZERO)

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat_total


def credit(
    open_positions: Sequence[Position],
    credited: Sequence[Position],
    wanted: Sequence[str],
) -> Credit:
    """The credit note for the wanted lines after what was credited before.

    A code stands for every open line with that code. Raises Refused naming the index in
    ``wanted`` when nothing is wanted, or a code is not open (any more).
    """
    if not wanted:
        raise Refused("", "names no line")
    still_open = {position.code for position in open_positions}
    for index, code in enumerate(wanted):
        if code not in still_open:
            problem = (
                "is already credited"
                if any(position.code == code for position in credited)
                else "is no line of the original"
            )
            raise Refused(f"[{index}]", problem)
        if code in wanted[:index]:
            raise Refused(f"[{index}]", "is named twice")
    chosen = tuple(p for p in open_positions if p.code in wanted)
    return Credit(positions=chosen, taxes=_tax_step(credited, chosen))


def _tax_step(
    before: Sequence[Position], chosen: Sequence[Position]
) -> tuple[TaxAmount, ...]:
    """Tax on all credits so far less the tax on the earlier ones, per rate."""
    earlier = {tax.treatment: tax.amount for tax in _taxes(before)}
    bases = {tax.treatment: tax.base for tax in _taxes(chosen)}
    return tuple(
        TaxAmount(
            treatment=tax.treatment,
            base=bases[tax.treatment],
            amount=tax.amount - earlier.get(tax.treatment, ZERO),
        )
        for tax in _taxes([*before, *chosen])
        if tax.treatment in bases
    )


def _taxes(positions: Sequence[Position]) -> tuple[TaxAmount, ...]:
    return tax_once_per_rate((p.net, p.treatment) for p in positions)
