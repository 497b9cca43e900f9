"""The circuit breaker of a route: which way to try first, and when to try one again.

A breaker only orders the routes of a page. It never keeps a page back: where every
route is open, the page is tried all the same, because a doubtful page is better than
none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from emergency.rules.delivery import FailureClass

FAILURES_TO_OPEN = 3
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=5)
# One alone opens the breaker: the next page would fail in the same way.
OPEN_AT_ONCE = frozenset({FailureClass.ACCOUNT, FailureClass.CONFIGURATION})
# What says nothing of the route, but of the number, the handset or the text.
NOT_THE_ROUTE = frozenset(
    {
        FailureClass.NUMBER_INVALID,
        FailureClass.NOT_FOR_SMS,
        FailureClass.OPTED_OUT,
        FailureClass.NO_ROUTE,
        FailureClass.HANDSET,
        FailureClass.ENDED,
        FailureClass.FAILED,
        FailureClass.BLOCKED,
    }
)
# Another route would send to a number that must not be used at all.
NO_OTHER_ROUTE = frozenset(
    {
        FailureClass.NUMBER_INVALID,
        FailureClass.NOT_FOR_SMS,
        FailureClass.OPTED_OUT,
    }
)


class Standing(StrEnum):
    """CLOSED lets everything through, OPEN is passed over, TRIAL lets one page try."""

    CLOSED = "closed"
    OPEN = "open"
    TRIAL = "trial"


@dataclass(frozen=True, kw_only=True)
class Health:
    """``failures`` in a row, and until when the breaker is open, if it is."""

    failures: int = 0
    open_until: datetime | None = None


def standing(health: Health, now: datetime) -> Standing:
    """How the breaker stands at ``now``."""
    if health.open_until is None:
        return Standing.CLOSED
    return Standing.OPEN if now < health.open_until else Standing.TRIAL


def concerns_the_route(failure: FailureClass) -> bool:
    """Whether the failure counts against the route rather than the number."""
    return failure not in NOT_THE_ROUTE


def another_route_helps(failure: FailureClass) -> bool:
    """Whether the same page may go by another route at once."""
    return failure not in NO_OTHER_ROUTE


def after_failure(health: Health, failure: FailureClass, now: datetime) -> Health:
    """The breaker after a failure of the route.

    It opens after ``FAILURES_TO_OPEN`` in a row, or at once where the account or our
    settings are refused; each further failure doubles the pause, up to the longest.
    """
    failures = health.failures + 1
    if failure in OPEN_AT_ONCE:
        failures = max(failures, FAILURES_TO_OPEN)
    if failures < FAILURES_TO_OPEN:
        return replace(health, failures=failures)
    return Health(failures=failures, open_until=now + pause(failures))


def after_trial_taken(health: Health, now: datetime) -> Health:
    """One page has the trial: the others pass the route over for another pause."""
    return replace(health, open_until=now + pause(max(health.failures, 1)))


def after_success() -> Health:
    """The breaker after the provider took a page."""
    return Health()


def pause(failures: int) -> timedelta:
    """How long the breaker stays open after so many failures in a row."""
    doublings = min(max(failures - FAILURES_TO_OPEN, 0), 16)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def in_order(
    routes: Sequence[tuple[str, Health]], now: datetime, *, urgent: bool
) -> list[str]:
    """All routes, the one to try first in front; closed ones in the order given.

    A route whose pause is over gets its trial from a page that may lose some seconds;
    an urgent page takes a closed route first. The open ones come last, the one that
    opens soonest before the others.
    """

    def place(item: tuple[int, tuple[str, Health]]) -> tuple[int, float]:
        position, (_, health) = item
        stands = standing(health, now)
        if stands is Standing.OPEN and health.open_until is not None:
            return 3, health.open_until.timestamp()
        if stands is Standing.TRIAL:
            return (2 if urgent else 0), position
        return 1, position

    return [route for _, (route, _) in sorted(enumerate(routes), key=place)]
