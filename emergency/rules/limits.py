"""How often is ordinary. Whoever asks for links or tries PINs more often gets none.

A report above its limit is marked, and nothing else: its pages go out as ever, and in
a storm calls to one telephone are gathered anyway. No more texts go to a number that
may not be the caller's. An administrator may set every limit, within bounds: none can
be so low that it closes a door, or so high that there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Limit(StrEnum):
    """By what reports are counted."""

    ADDRESS = "address"
    NUMBER = "number"
    ACCOUNT = "account"
    TOTAL = "total"


@dataclass(frozen=True, kw_only=True)
class Ordinary:
    """So many within so long surprise nobody."""

    most: int
    within: timedelta


def _hourly(most: int, hours: float = 1) -> Ordinary:
    return Ordinary(most=most, within=timedelta(hours=hours))


# The product's own, by the key under which each may be set.
DEFAULTS: dict[str, Ordinary] = {
    "reports-address": _hourly(3),
    "reports-number": _hourly(3),
    "reports-account": _hourly(5),
    "reports-total": _hourly(10, 0.25),
    # Forms that wait to be ordered, from one network address.
    "drafts-address": _hourly(50),
    # Requests for a sign-in link, and tries of a support PIN, from one network address.
    "links-address": _hourly(10),
    "pins-address": _hourly(10),
    "links-contact": _hourly(5),
    # Texts to one telephone number, whatever incidents they are about.
    "texts-number": _hourly(12, 6),
    # Answers to mails, to whomever: a forged sender must not be flooded through us.
    "answers-mail": _hourly(30),
    # Answers to texts of one number: two machines must come to an end.
    "answers-text": _hourly(5),
    # Calls and texts that prove one contact method.
    "proofs-method": _hourly(4, 0.25),
}
REPORTS = {limit: DEFAULTS[f"reports-{limit}"] for limit in Limit}
TEXTS_TO_A_NUMBER = DEFAULTS["texts-number"]
DRAFTS_FROM_AN_ADDRESS = DEFAULTS["drafts-address"]

# Limits that say something about who reports. The total only says that much is broken.
ABOUT_ONE_SOURCE = frozenset({Limit.ADDRESS, Limit.NUMBER, Limit.ACCOUNT})

# What may be set: never none at all, and never so many that it is no limit. Rows that
# are counted are kept for longer than a day.
FEWEST, TIMES_THE_DEFAULT = 1, 100
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=1)


def highest(key: str) -> int:
    """The highest number that may be set for this limit."""
    return DEFAULTS[key].most * TIMES_THE_DEFAULT


def bounded(key: str, ordinary: Ordinary) -> Ordinary:
    """This limit as it may be in force, whatever was written somewhere."""
    return Ordinary(
        most=min(max(ordinary.most, FEWEST), highest(key)),
        within=min(max(ordinary.within, SHORTEST), LONGEST),
    )


def exceeded(
    counts: Mapping[Limit, int], limits: Mapping[Limit, Ordinary] = REPORTS
) -> list[Limit]:
    """The limits above which a report is that ``counts`` include, in a fixed order."""
    return [limit for limit in Limit if counts.get(limit, 0) > limits[limit].most]
