"""Customers who have proven to speak for an account."""

from dataclasses import dataclass

from emergency.models import Account, Contact, Report


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody who speaks for this account. ``verification``: link (then ``contact``
    is the person) or pin (then nobody knows who of the account it is)."""

    account: Account
    contact: Contact | None
    verification: Report.Verification
