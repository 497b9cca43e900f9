"""What an emergency costs, said a second time: whole seconds, cents and fractions.

Written from the price text and the readings, without anything of the product; it knows
no dates, only seconds since the order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

Priced = tuple[str, int | None, int]
STEP = {"minute": 60, "quarter": 900, "hour": 3600}


@dataclass(frozen=True)
class Piece:
    """Work of one technician from one second to another."""

    who: str
    kind: str
    start: int
    end: int
    billable: bool = True


@dataclass(frozen=True, kw_only=True)
class Night:
    """One emergency. Prices in cents; ``policy`` in the words of a rate card."""

    pieces: tuple[Piece, ...] = ()
    cause: str = "other"
    reached: int | None = 600
    attempts: tuple[int, ...] = ()
    cancelled: int | None = None
    taken: int | None = None
    disposition: str | None = None
    maintenance: str = "none"
    free_from: int | None = None
    deadline: int = 1800
    fee: int = 20000
    included: int = 30
    support: int = 20000
    analysis: int = 20000
    policy: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Price:
    """``lines`` are (code, minutes, cents); without any there is no document."""

    lines: tuple[Priced, ...]
    review: frozenset[str] = frozenset()

    @property
    def net(self) -> int:
        return sum(cents for _code, _minutes, cents in self.lines)


def half_up(value: Fraction) -> int:
    """The nearest whole, halves upwards; amounts are never negative here."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def vat(net: int, hundredths_of_percent: int) -> int:
    return half_up(Fraction(net * hundredths_of_percent, 10000))


def price(night: Night) -> Price:
    """The lines and the doubts of one emergency."""
    rule = night.policy
    if _is_nothing(night):
        return Price(())
    in_vain = len([at for at in night.attempts if at <= night.deadline]) >= 3
    silent = night.reached is None and not (
        in_vain or (night.cancelled is not None and night.cancelled <= night.deadline)
    )
    if silent and not any(p.billable and p.end > p.start for p in night.pieces):
        return Price((), frozenset({"callback_never_made"}))
    review = {"callback_never_made"} if silent else set()
    if night.cause == "undetermined":
        review.add("cause_undetermined")
    if night.disposition and rule[night.disposition] == "review":
        review.add("disposition_" + night.disposition)
    waived = False
    for what, decision in _against_the_fee(night, silent, in_vain):
        if decision == "waive":
            waived = True
        elif decision == "review":
            review.add(what)
    to_the_end, until_free = _lines(night, None), _lines(night, night.free_from)
    differ = sum(x[2] for x in to_the_end) != sum(x[2] for x in until_free)
    if rule["into_free_hours"] == "review" and differ:
        review.add("into_free_hours")
    lines = until_free if rule["into_free_hours"] == "stop" else to_the_end
    if waived:
        lines = [(lines[0][0], None, 0), *lines[1:]]
    total = sum(cents for _code, _minutes, cents in lines)
    if (waived and total == 0) or total < Fraction(rule["least_amount"]) * 100:
        lines = []
    return Price(tuple(lines), frozenset(review))


def _is_nothing(night: Night) -> bool:
    rule, kind = night.policy, night.disposition
    if kind == "drill" or (kind and rule[kind] == "nothing"):
        return True
    if night.cancelled is not None and _cancelled_first(night):
        taken = night.taken
        if taken is None or night.cancelled <= max(taken, 120):
            return True
    return night.cause == "infrastructure" and rule["infrastructure"] == "nothing"


def _cancelled_first(night: Night) -> bool:
    if night.cancelled is None:
        return False
    return night.reached is None or night.cancelled < night.reached


def _against_the_fee(night: Night, silent: bool, in_vain: bool):
    rule = night.policy
    cancelled_in_time = (
        night.cancelled is not None and night.cancelled <= night.deadline
    )
    if _cancelled_first(night):
        yield "cancelled_before_callback", rule["late_cancellation"]
    if night.reached is not None and night.reached > night.deadline:
        yield "callback_missed", rule["late_callback"]
    if silent and rule["late_callback"] == "waive":
        yield "callback_missed", "waive"
    if night.reached is None and in_vain and not cancelled_in_time:
        yield "customer_not_reached", rule["customer_not_reached"]
    if night.maintenance != "none":
        word = {"matching": "window", "overrun": "overrun"}[night.maintenance]
        yield f"maintenance_{word}", rule["maintenance"]


def _lines(night: Night, until: int | None):
    """Fee, support, analysis: every second is counted where it falls."""
    rule = night.policy
    seconds = {"support": 0, "application_analysis": 0}
    for piece in night.pieces:
        end = piece.end if until is None else min(piece.end, until)
        if piece.billable:
            seconds[piece.kind] += max(end - piece.start, 0)
    purse = night.included * 60
    beyond = {}
    for kind in ("support", "application_analysis"):
        may_use = kind == "support" or rule["included_cover"] == "any"
        used = min(purse, seconds[kind]) if may_use else 0
        purse -= used
        beyond[kind] = seconds[kind] - used
    lines: list[Priced] = [("emergency_response_fee", None, night.fee)]
    if night.cause == "infrastructure":
        return lines
    hourly = {"support": night.support, "application_analysis": night.analysis}
    code = {"support": "support_beyond_included"}
    free = night.cause == "undetermined" and rule["undetermined"] == "no_analysis"
    for kind, over in beyond.items():
        if over and not (free and kind == "application_analysis"):
            step = STEP[rule["increment"]]
            minimum = int(rule["minimum_minutes"]) * 60
            steps = max(-(-over // step), -(-minimum // step))
            minutes = steps * step // 60
            cents = half_up(Fraction(minutes * hourly[kind], 60))
            lines.append((code.get(kind, kind), minutes, cents))
    return lines
