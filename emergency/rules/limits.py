"""How often is ordinary. Whoever asks for links or tries PINs more often gets none.

A report above its limit is marked, and nothing else: its pages go out as ever, and in
a storm calls to one telephone are gathered anyway. No more texts go to a number that
may not be the caller's.
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


REPORTS = {
    Limit.ADDRESS: Ordinary(most=3, within=timedelta(hours=1)),
    Limit.NUMBER: Ordinary(most=3, within=timedelta(hours=1)),
    Limit.ACCOUNT: Ordinary(most=5, within=timedelta(hours=1)),
    Limit.TOTAL: Ordinary(most=10, within=timedelta(minutes=15)),
}
# Limits that say something about who reports. The total only says that much is broken.
ABOUT_ONE_SOURCE = frozenset({Limit.ADDRESS, Limit.NUMBER, Limit.ACCOUNT})
# Texts to one telephone number, whatever incidents they are about.
TEXTS_TO_A_NUMBER = Ordinary(most=12, within=timedelta(hours=6))
# Requests for a sign-in link, and tries of a support PIN, from one network address.
LINKS_FROM_AN_ADDRESS = Ordinary(most=10, within=timedelta(hours=1))
PINS_FROM_AN_ADDRESS = Ordinary(most=10, within=timedelta(hours=1))
# Forms that wait to be ordered, from one network address.
DRAFTS_FROM_AN_ADDRESS = Ordinary(most=50, within=timedelta(hours=1))
LINKS_FOR_A_CONTACT = Ordinary(most=5, within=timedelta(hours=1))


def exceeded(counts: Mapping[Limit, int]) -> list[Limit]:
    """The limits above which a report is that ``counts`` include, in a fixed order."""
    return [limit for limit in Limit if counts.get(limit, 0) > REPORTS[limit].most]
