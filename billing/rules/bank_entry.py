"""What a bank file says about one movement, and how it is known again."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from billing.rules.references import numbers_in
from billing.rules.rounding import ZERO


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One booked movement on our account; money out is negative. ``returned``: the
    bank says that a payment came back."""

    account: str
    booked_on: date
    value_on: date
    amount: Decimal
    currency: str
    name: str = ""
    iban: str = ""
    text: str = ""
    reference: str = ""
    end_to_end_id: str = ""
    bank_reference: str = ""
    charges: Decimal = ZERO
    returned: bool = False

    @property
    def concerns_us(self) -> bool:
        """Money in, money that came back, and refunds of ours. Whatever else leaves the
        account (wages, rent) is nobody's business here and is not kept."""
        return (
            self.amount > 0
            or self.returned
            or bool(numbers_in(self.text, self.reference))
        )


def fingerprints(movements: Iterable[Movement]) -> Iterator[tuple[str, Movement]]:
    """Each movement with a key that is the same in every file in which the bank tells
    of it. Movements of which the bank says the very same things are counted."""
    seen: Counter[str] = Counter()
    for movement in movements:
        facts = "\x1f".join(
            (
                *(movement.account, movement.booked_on.isoformat()),
                *(f"{movement.amount:.2f}", movement.currency, movement.iban),
                *(movement.text, movement.reference, movement.end_to_end_id),
                *(movement.bank_reference, movement.name),
            )
        )
        seen[facts] += 1
        key = f"{facts}\x1f{seen[facts]}"
        yield sha256(key.encode()).hexdigest(), movement
