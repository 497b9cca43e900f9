"""The callback record: every call to the customer, how it ended, how it is proven."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from emergency.models import CallbackAttempt, Incident


@dataclass(frozen=True, kw_only=True)
class CallbackCall:
    """One call to the customer.

    ``outcome``: reached | no_answer | busy | mailbox | wrong_number | wrong_person.
    ``proof``: bridge (the telephone network vouches for the customer's line) | declared
    (the technician's word). ``answered_at`` and ``talked`` are of the customer's line
    and known only of calls over the bridge; ``provider_answered_at`` is the instant as
    the provider gave it.
    """

    at: datetime
    outcome: str
    proof: str
    technician: str
    answered_at: datetime | None
    provider_answered_at: datetime | None
    talked: timedelta | None


@dataclass(frozen=True, kw_only=True)
class CallbackRecord:
    """The promise of one incident and what was done to keep it. Aware UTC.

    ``outcome``: pending | met | attempted | missed. ``reached_proof`` is the proof of
    the call that reached the customer, as of a call; empty while none has.
    """

    reference: str
    promised_by: datetime
    taken_at: datetime | None
    calls: tuple[CallbackCall, ...]
    reached_at: datetime | None
    reached_proof: str
    outcome: str


def callback_record(incident: Incident) -> CallbackRecord:
    """The record of this incident as it stands. One query."""
    attempts = incident.callback_attempts.select_related("bridge", "staff")
    calls = tuple(call_of(attempt) for attempt in attempts.order_by("at", "pk"))
    reached = [call.proof for call in calls if call.outcome == "reached"]
    return CallbackRecord(
        reference=incident.reference,
        promised_by=incident.callback_deadline_at,
        taken_at=incident.acknowledged_at,
        calls=calls,
        reached_at=incident.reached_at,
        reached_proof=reached[0] if reached and incident.reached_at else "",
        outcome=incident.callback_outcome,
    )


def call_of(attempt: CallbackAttempt) -> CallbackCall:
    """This call with its proof."""
    bridge = attempt.bridge
    return CallbackCall(
        at=attempt.at,
        outcome=attempt.outcome,
        proof=attempt.proof,
        technician=attempt.staff.full_name,
        answered_at=bridge.answered_at if bridge else None,
        provider_answered_at=bridge.provider_answered_at if bridge else None,
        talked=bridge.talked if bridge else None,
    )
