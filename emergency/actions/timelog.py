"""Logging time. Entries are never edited: an amendment is a new version."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import Incident, Staff, Technician, TimeEntry, Timer
from emergency.queries.agreements import agreements
from emergency.queries.amounts import money
from emergency.rules.cost import exceeds


def log_time(
    *,
    incident_id: int,
    technician: Technician,
    staff: Staff,
    kind: str,
    started_at: datetime,
    ended_at: datetime,
    billable: bool = True,
    waiver_reason: str = "",
    would_cost: Decimal | None = None,
    now: datetime,
) -> TimeEntry:
    """A time entry [started_at, ended_at) of this technician stands. ``would_cost`` is
    the gross amount with it, where somebody can say; charged time beyond the customer's
    cost limit needs their recorded consent.

    Raises Refused: ``ends_before_start``, ``in_future``, ``overlap`` (one technician
    works on one thing at a time), ``timer_runs`` or ``timer_waits`` (the same, by the
    timer), ``waiver_needs_reason``, ``beyond_limit``, ``not_open`` once closed.
    """
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if not incident.is_open:
            raise Refused("not_open")
        refuse_beyond_limit(incident, would_cost if billable else None)
        entry = write_entry(
            incident=incident,
            technician=technician,
            staff=staff,
            kind=kind,
            started_at=started_at,
            ended_at=ended_at,
            billable=billable,
            waiver_reason=waiver_reason,
            now=now,
        )
        incident.active_at = now
        incident.save(update_fields=["active_at"])
        enter(
            incident,
            "time_logged",
            now=now,
            staff=staff,
            entry=entry.pk,
            kind=kind,
            seconds=round((ended_at - started_at).total_seconds()),
            billable=billable,
        )
    return entry


def amend_time(
    *,
    entry_id: int,
    staff: Staff,
    kind: str,
    started_at: datetime,
    ended_at: datetime,
    billable: bool,
    waiver_reason: str,
    reason: str,
    would_cost: Decimal | None = None,
    now: datetime,
) -> TimeEntry:
    """A new version of the entry stands and the old one is kept. ``would_cost`` as for
    ``log_time``. Raises Refused as ``log_time``, ``already_amended`` or ``frozen``."""
    with transaction.atomic():
        old = TimeEntry.objects.select_for_update(no_key=True, of=("self",)).get(
            pk=entry_id
        )
        incident = Incident.objects.select_for_update(no_key=True).get(
            pk=old.incident_id
        )
        if old.superseded_at is not None:
            raise Refused("already_amended")
        if incident.billing_frozen_at is not None:
            raise Refused("frozen")
        refuse_beyond_limit(incident, would_cost if billable else None)
        old.superseded_at = now
        old.save(update_fields=["superseded_at"])
        entry = write_entry(
            incident=incident,
            technician=old.technician,
            staff=staff,
            kind=kind,
            started_at=started_at,
            ended_at=ended_at,
            billable=billable,
            waiver_reason=waiver_reason,
            now=now,
            amends=old,
            reason=reason,
        )
        enter(
            incident,
            "time_amended",
            now=now,
            staff=staff,
            entry=entry.pk,
            amends=old.pk,
            kind=kind,
            seconds=round((ended_at - started_at).total_seconds()),
            billable=billable,
        )
    return entry


def write_entry(
    *,
    incident: Incident,
    technician: Technician,
    staff: Staff,
    kind: str,
    started_at: datetime,
    ended_at: datetime,
    billable: bool,
    waiver_reason: str,
    now: datetime,
    amends: TimeEntry | None = None,
    reason: str = "",
    of_timer: Timer | None = None,
) -> TimeEntry:
    """The entry stands, if nothing speaks against it; its incident is locked.
    ``of_timer`` measured it, and so does not stand in its way."""
    if ended_at <= started_at:
        raise Refused("ends_before_start", field="ended_at")
    if ended_at > now:
        raise Refused("in_future", field="ended_at")
    if not billable and not waiver_reason.strip():
        raise Refused("waiver_needs_reason", field="waiver_reason")
    _refuse_overlap(technician, started_at, ended_at)
    _refuse_overlap_with_timer(technician, started_at, ended_at, of_timer)
    try:
        with transaction.atomic():
            return TimeEntry.objects.create(
                incident=incident,
                technician=technician,
                kind=kind,
                started_at=started_at,
                ended_at=ended_at,
                billable=billable,
                waiver_reason="" if billable else waiver_reason.strip(),
                logged_by=staff,
                logged_at=now,
                amends=amends,
                amendment_reason=reason,
            )
    except IntegrityError as error:
        # Two requests at once: the exclusion constraint saw what the query could not.
        if "technician_works_on_one_thing" not in str(error):
            raise
        raise Refused(
            "overlap",
            field="started_at",
            technician=technician.staff.full_name,
            reference="?",
        ) from error


def refuse_beyond_limit(incident: Incident, gross: Decimal | None) -> None:
    """Raises Refused (``beyond_limit``) where the customer has agreed to less."""
    if gross is None:
        return
    known = agreements(incident)
    limit = known.limit
    if limit is None or not exceeds(gross, limit.gross, known.agreed):
        return
    raise Refused(
        "beyond_limit",
        gross=money(gross, limit.currency),
        limit=money(known.agreed or limit.gross or gross, limit.currency),
    )


def _refuse_overlap(
    technician: Technician, started_at: datetime, ended_at: datetime
) -> None:
    other = (
        TimeEntry.objects.current()
        .filter(technician=technician, started_at__lt=ended_at, ended_at__gt=started_at)
        .select_related("incident")
        .first()
    )
    if other is not None:
        raise Refused(
            "overlap",
            field="started_at",
            technician=technician.staff.full_name,
            reference=other.incident.reference,
        )


def _refuse_overlap_with_timer(
    technician: Technician,
    started_at: datetime,
    ended_at: datetime,
    own: Timer | None,
) -> None:
    """What the timer measures, or has measured and nobody has reviewed, counts."""
    timers = technician.timers.select_related("incident").filter(
        started_at__lt=ended_at
    )
    if own is not None:
        timers = timers.exclude(pk=own.pk)
    values = {"technician": technician.staff.full_name}
    running = timers.running().first()
    if running is not None:
        raise Refused(
            "timer_runs",
            field="ended_at",
            reference=running.incident.reference,
            at=f"{timezone.localtime(running.started_at):%H:%M}",
            **values,
        )
    waiting = timers.waiting().filter(ended_at__gt=started_at).first()
    if waiting is not None:
        raise Refused(
            "timer_waits",
            field="started_at",
            reference=waiting.incident.reference,
            **values,
        )
