"""The account's own callback deadline, once a technician has confirmed the caller."""

from datetime import datetime, timedelta

from emergency.actions.timeline import enter
from emergency.models import DueRow, Incident, Staff
from emergency.rules.deadline import callback_deadline

BEFORE = (DueRow.Kind.REMINDER, DueRow.Kind.REPAGE)


def keep_own_deadline(
    *, incident: Incident, within: timedelta | None, staff: Staff, now: datetime
) -> None:
    """The clock of this incident ends when its contract says, if that is sooner than
    what was promised at the order and nobody has reached the customer yet.

    What was promised is never taken back. The caller has locked the incident.
    """
    if within is None or not incident.is_open:
        return
    if incident.callback_outcome != Incident.CallbackOutcome.PENDING:
        return
    own = callback_deadline(incident.opened_at, within)
    if own >= incident.callback_deadline_at:
        return
    incident.callback_deadline_at = own
    incident.save(update_fields=["callback_deadline_at"])
    open_rows = DueRow.objects.filter(incident=incident, done_at__isnull=True)
    open_rows.filter(kind__in=BEFORE, due_at__gte=own).update(done_at=now)
    open_rows.filter(kind=DueRow.Kind.DEADLINE).update(due_at=own)
    enter(
        incident,
        "deadline_by_contract",
        now=now,
        staff=staff,
        minutes=int(within.total_seconds() // 60),
    )
