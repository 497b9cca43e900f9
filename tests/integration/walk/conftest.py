"""One world for the walk: a night at the desk, and a morning in billing."""

from tests.integration.billing.conftest import accountant, door, issuer, profile
from tests.integration.billing.test_access import address as billing_address
from tests.integration.desk.conftest import clock, desk

__all__ = [
    "accountant",
    "billing_address",
    "clock",
    "desk",
    "door",
    "issuer",
    "profile",
]
