"""How often is ordinary: more sign-in links or tries of a PIN nobody needs."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Ordinary:
    """So many reports within so long surprise nobody."""

    most: int
    within: timedelta


# Requests for a sign-in link, and tries of a support PIN, from one network address.
LINKS_FROM_AN_ADDRESS = Ordinary(most=10, within=timedelta(hours=1))
PINS_FROM_AN_ADDRESS = Ordinary(most=10, within=timedelta(hours=1))
LINKS_FOR_A_CONTACT = Ordinary(most=5, within=timedelta(hours=1))
