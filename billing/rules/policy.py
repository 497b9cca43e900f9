"""How a price text is read: the rating policy that stands on a rate card.

Source: the readings A1 to A22 of the price text. What the law, arithmetic or the text
itself fixes is not a choice and has no field here: seconds are summed before they are
rounded, once per emergency and kind; waived entries do not exist; the fee is due per
emergency; tax is computed once per rate.
"""

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from billing.rules.rounding import ZERO


class Increment(StrEnum):
    """What is charged once it has begun (A1)."""

    MINUTE = "minute"
    QUARTER = "quarter"
    HOUR = "hour"

    @property
    def minutes(self) -> int:
        return {"minute": 1, "quarter": 15, "hour": 60}[self.value]


class Cover(StrEnum):
    """What the included minutes cover (A3)."""

    SUPPORT = "support"
    ANY = "any"


class Infrastructure(StrEnum):
    """What is charged when our infrastructure was the cause (A4)."""

    FEE = "fee"
    NOTHING = "nothing"


class IncludedPlace(StrEnum):
    """What an emergency that our infrastructure caused takes of those that a contract
    includes. Spare: its initial fee is included, and it does not count. The price text
    says nothing of contracts; read against its drafter, our fault uses nothing up."""

    SPARE = "spare"
    USE = "use"


class Undetermined(StrEnum):
    """What is charged when nobody found the cause (A6); always reviewed."""

    APPLICATION = "application"
    NO_ANALYSIS = "no_analysis"


class FeeRule(StrEnum):
    """What becomes of the initial fee. Review: charged after a person has looked."""

    CHARGE = "charge"
    REVIEW = "review"
    WAIVE = "waive"


class FreeHours(StrEnum):
    """What becomes of work that runs on into free office hours."""

    CHARGE = "charge"
    STOP = "stop"
    REVIEW = "review"


class CaseRule(StrEnum):
    """What becomes of an emergency that was no ordinary one."""

    CHARGE = "charge"
    REVIEW = "review"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class RatingPolicy:
    """The readings that rate an emergency.

    ``name`` and ``version`` name them: two policies that name the same read the same.
    ``minimum_minutes``: work of a kind that is charged at all is charged with so many.
    ``least_amount``: an emergency that comes to less (net) is not invoiced.
    A drill is never billed, whatever stands here.
    """

    name: str = "standard"
    version: int = 1
    increment: Increment = Increment.MINUTE
    included_cover: Cover = Cover.SUPPORT
    infrastructure: Infrastructure = Infrastructure.FEE
    infrastructure_place: IncludedPlace = IncludedPlace.SPARE
    undetermined: Undetermined = Undetermined.APPLICATION
    late_callback: FeeRule = FeeRule.REVIEW
    customer_not_reached: FeeRule = FeeRule.REVIEW
    late_cancellation: FeeRule = FeeRule.REVIEW
    maintenance: FeeRule = FeeRule.REVIEW
    into_free_hours: FreeHours = FreeHours.REVIEW
    not_an_emergency: CaseRule = CaseRule.REVIEW
    duplicate: CaseRule = CaseRule.NOTHING
    withdrawn: CaseRule = CaseRule.REVIEW
    prank: CaseRule = CaseRule.REVIEW
    minimum_minutes: int = 0
    least_amount: Decimal = ZERO

    def to_values(self) -> dict[str, str]:
        """Every field as text; ``readings.read_policy`` gives back an equal policy."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}


STANDARD = RatingPolicy()
