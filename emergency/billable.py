"""The door for billing: what was promised, worked and may be charged.

Billing pulls; nothing here knows what an invoice is. Frozen dataclasses go in and out,
no model leaves this module. All instants are aware UTC.
"""

from dataclasses import dataclass
from datetime import datetime

from emergency.terms import FeeTerms


@dataclass(frozen=True, kw_only=True)
class BillableEntry:
    """One current (not amended) time entry. ``kind``: support | application_analysis."""

    entry_id: int
    technician: str
    kind: str
    started_at: datetime
    ended_at: datetime
    billable: bool
    waiver_reason: str


@dataclass(frozen=True, kw_only=True)
class BillableWork:
    """Everything billing may know about one incident.

    ``cause``: infrastructure | application | other | undetermined.
    ``callback_outcome``: pending | met | missed.
    ``account_number`` is None while nobody has assigned the incident to an account.
    ``caller_confirmed``: a technician confirmed that the caller may order for the account.
    ``terms_fresh`` is False when the last good fee terms had to be used at the order.
    """

    reference: str
    account_number: str | None
    account_name: str
    account_kind: str
    account_language: str
    caller_confirmed: bool
    server_names: tuple[str, ...]
    triggered_at: datetime
    callback_deadline_at: datetime
    callback_reached_at: datetime | None
    callback_outcome: str
    callback_attempts: tuple[datetime, ...]
    merged_reports: int
    cause: str
    cancelled_at: datetime | None
    acknowledged_at: datetime | None
    closed_at: datetime
    entries: tuple[BillableEntry, ...]
    terms: FeeTerms
    terms_fresh: bool
    frozen_at: datetime | None


class UnknownReference(LookupError):
    """No closed incident has this reference."""
