"""From worked time to priced lines, each with what explains it.

Source: the price text and its readings A1, A3, A4, A6, A16: seconds are summed first,
and rounded up once per emergency and kind.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from billing.rules.policy import (
    Cover,
    FreeHours,
    Increment,
    Undetermined,
)
from billing.rules.rounding import ZERO, minutes_at, started_minutes
from billing.rules.work import Cause, Emergency, Kind

NO_TIME = timedelta()


class Code(StrEnum):
    FEE = "emergency_response_fee"
    SUPPORT = "support_beyond_included"
    ANALYSIS = "application_analysis"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One priced line. ``minutes`` None: one piece at ``unit_price``, else per hour.

    The rest is the explanation: ``worked`` is what was logged, ``included`` what of it
    the fee covers (at most ``included_minutes``), ``not_charged`` what costs nothing
    because the cause was the infrastructure, ``unproven`` because nobody found the
    cause, ``free`` because free support was open. ``least_minutes`` is set where the
    work is charged with more than it took. ``waived`` says why the fee is.
    """

    code: Code
    minutes: int | None
    unit_price: Decimal
    net: Decimal
    worked: timedelta = NO_TIME
    included: timedelta = NO_TIME
    included_minutes: int = 0
    increment: Increment = Increment.MINUTE
    cover: Cover = Cover.SUPPORT
    least_minutes: int = 0
    not_charged: timedelta = NO_TIME
    unproven: timedelta = NO_TIME
    free: timedelta = NO_TIME
    waived: str = ""


@dataclass(frozen=True, kw_only=True)
class _Time:
    """Worked time of both kinds, and what of it lies beyond the included minutes."""

    support: timedelta
    analysis: timedelta
    support_beyond: timedelta
    analysis_beyond: timedelta

    @property
    def covered(self) -> timedelta:
        beyond = self.support_beyond + self.analysis_beyond
        return self.support + self.analysis - beyond


def charges_of(emergency: Emergency, *, waived: str = "") -> tuple[Line, ...]:
    """The lines of an emergency that is charged, in document order. ``waived`` is the
    reason why its initial fee is not."""
    stop = emergency.policy.into_free_hours is FreeHours.STOP
    return _lines(emergency, waived, emergency.free_from if stop else None)


def runs_into_free_hours(emergency: Emergency) -> bool:
    """Whether it makes a difference that free support opened during the work."""
    if emergency.free_from is None:
        return False
    through = _lines(emergency, "", None)
    stopped = _lines(emergency, "", emergency.free_from)
    return sum_of(through) != sum_of(stopped)


def sum_of(lines: tuple[Line, ...]) -> Decimal:
    """What the lines come to, net."""
    return sum((line.net for line in lines), ZERO)


def _lines(
    emergency: Emergency, waived: str, until: datetime | None
) -> tuple[Line, ...]:
    policy = emergency.policy
    time = _time(emergency, until)
    unproven = (
        emergency.cause is Cause.UNDETERMINED
        and policy.undetermined is Undetermined.NO_ANALYSIS
    )
    fee = _fee_line(emergency, time, waived, until)
    if emergency.cause is Cause.INFRASTRUCTURE:
        return (fee,)
    support = _timed(emergency, Code.SUPPORT, time.support, time.support_beyond)
    if unproven:
        return fee, *support
    analysis = _timed(emergency, Code.ANALYSIS, time.analysis, time.analysis_beyond)
    return fee, *support, *analysis


def _time(emergency: Emergency, until: datetime | None) -> _Time:
    """Support uses the included minutes first; where they cover any work, analysis has
    what support leaves of them."""
    support = emergency.worked(Kind.SUPPORT, until)
    analysis = emergency.worked(Kind.APPLICATION_ANALYSIS, until)
    included = timedelta(minutes=emergency.terms.included_minutes)
    any_work = emergency.policy.included_cover is Cover.ANY
    left = max(included - support, NO_TIME) if any_work else NO_TIME
    return _Time(
        support=support,
        analysis=analysis,
        support_beyond=max(support - included, NO_TIME),
        analysis_beyond=max(analysis - left, NO_TIME),
    )


def _fee_line(
    emergency: Emergency, time: _Time, waived: str, until: datetime | None
) -> Line:
    terms, policy = emergency.terms, emergency.policy
    price = ZERO if waived else terms.initial_fee
    any_work = policy.included_cover is Cover.ANY
    worked = time.support + time.analysis if any_work else time.support
    whole = sum((emergency.worked(kind) for kind in Kind), NO_TIME)
    ours = emergency.cause is Cause.INFRASTRUCTURE
    no_analysis = (
        emergency.cause is Cause.UNDETERMINED
        and policy.undetermined is Undetermined.NO_ANALYSIS
    )
    return Line(
        code=Code.FEE,
        minutes=None,
        unit_price=price,
        net=price,
        worked=worked,
        included=time.covered,
        included_minutes=terms.included_minutes,
        cover=policy.included_cover,
        not_charged=time.support_beyond + time.analysis_beyond if ours else NO_TIME,
        unproven=time.analysis_beyond if no_analysis else NO_TIME,
        free=NO_TIME if until is None else whole - time.support - time.analysis,
        waived=waived,
    )


def _timed(
    emergency: Emergency, code: Code, worked: timedelta, beyond: timedelta
) -> tuple[Line, ...]:
    """The line for time beyond what is included; none where there is none."""
    if not beyond:
        return ()
    terms, policy = emergency.terms, emergency.policy
    is_support = code is Code.SUPPORT
    hourly = terms.support_hourly if is_support else terms.application_analysis_hourly
    begun = started_minutes(beyond, policy.increment.minutes)
    least = started_minutes(
        timedelta(minutes=policy.minimum_minutes), policy.increment.minutes
    )
    minutes = max(begun, least)
    return (
        Line(
            code=code,
            minutes=minutes,
            unit_price=hourly,
            net=minutes_at(minutes, hourly),
            worked=worked,
            included=worked - beyond,
            included_minutes=terms.included_minutes if is_support else 0,
            increment=policy.increment,
            cover=policy.included_cover,
            least_minutes=least if least > begun else 0,
        ),
    )
