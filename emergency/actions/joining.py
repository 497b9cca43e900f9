"""A second report for a server whose incident is open joins that incident: one fee, one
deadline, another person to call.

Everything here runs inside the order's transaction.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q

from emergency.actions.identifiers import new_reference
from emergency.actions.owner_notice import tell_owner
from emergency.actions.timeline import enter
from emergency.models import Incident, Report, ReportServer
from emergency.queries.customers import Customer
from emergency.rules.joining import JOINABLE_STATES, Named, joins

# Names a lock of PostgreSQL together with the server that is reported.
LOCK = 20_712


def incident_to_join(
    names: Sequence[Named], *, number: str, caller: Customer | None
) -> Incident | None:
    """The open incident that a report of these servers belongs to, locked, or None.

    Until the transaction ends nobody else opens an incident for one of these servers: a
    simultaneous report waits and then finds the one that was opened. A verified caller
    joins no incident of another account.
    """
    if not names or not all(named.key for named in names):
        return None
    _lock(names)
    for incident_id in _open_with(names):
        incident = (
            Incident.objects.select_for_update(no_key=True)
            .filter(pk=incident_id, status__in=JOINABLE_STATES)
            .first()
        )
        if incident is not None and _fits(incident, names, number, caller):
            return incident
    return None


def would_join(
    names: Sequence[Named], *, number: str, caller: Customer | None
) -> Incident | None:
    """As ``incident_to_join``, for whoever only asks: nothing is locked."""
    if not names or not all(named.key for named in names):
        return None
    for incident in Incident.objects.filter(pk__in=_open_with(names)).order_by(
        "opened_at", "pk"
    ):
        if _fits(incident, names, number, caller):
            return incident
    return None


def join(*, incident: Incident, report: Report, now: datetime) -> None:
    """The report is part of this incident, and whoever has the incident is told.

    While it is being paged the pages already run; nobody is paged twice.
    """
    enter(
        incident,
        "report_joined",
        now=now,
        report=report.pk,
        verification=report.verification,
    )
    if incident.status == Incident.Status.PAGING:
        return
    tell_owner(incident=incident, code="report_joined", now=now)


def confirm_for(*, incident: Incident, caller: Customer, now: datetime) -> None:
    """The incident belongs to the account for which this caller is verified."""
    if incident.caller_confirmed_at is not None:
        return
    incident.account = caller.account
    incident.caller_confirmed_at = now
    incident.save(update_fields=["account", "caller_confirmed_at"])
    enter(
        incident,
        "caller_verified",
        now=now,
        account=caller.account.number,
        verification=caller.verification.value,
    )


def leave(*, incident: Incident, report: Report, now: datetime) -> Incident:
    """The report stands alone in an incident of its own, which nobody is paged for:
    whoever gives up ends nothing for the others. Answers that incident, or the same one
    where nobody else has reported.

    Pages, clock and calls go on for the others; the first of them now prices and dates
    their incident. The caller has locked it.
    """
    others = incident.reports.exclude(pk=report.pk).order_by("ordered_at", "pk")
    first = others.first()
    if first is None:
        return incident
    own = Incident.objects.create(
        reference=new_reference(),
        account=incident.account,
        caller_confirmed_at=now if report.is_verified else None,
        status=incident.status,
        opened_at=report.ordered_at,
        callback_deadline_at=incident.callback_deadline_at,
        policy_snapshot=incident.policy_snapshot,
        owner=incident.owner,
        acknowledged_at=incident.acknowledged_at,
    )
    report.incident, report.joined = own, False
    report.save(update_fields=["incident", "joined"])
    others.filter(pk=first.pk).update(joined=False)
    enter(own, "left_the_others", now=now, other=incident.reference)
    enter(incident, "report_left", now=now, other=own.reference)
    return own


def _lock(names: Sequence[Named]) -> None:
    """In one order for everybody, so that two reports never wait for each other."""
    with connection.cursor() as cursor:
        for key in sorted({named.key for named in names}):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, key]
            )


def _open_with(names: Sequence[Named]) -> list[int]:
    """Open incidents of which one of these servers was reported, the oldest first."""
    words = {n.name for n in names if n.server is None}
    found = Incident.objects.filter(
        Q(reports__servers__name__in=words.union(*(n.others for n in names)))
        | Q(reports__servers__server__in=[n.server for n in names if n.server]),
        status__in=JOINABLE_STATES,
        # Nobody real may wait in a drill.
        is_drill=False,
    )
    return list(
        found.order_by("opened_at", "pk").values_list("pk", flat=True).distinct()
    )


def _fits(
    incident: Incident, names: Sequence[Named], number: str, caller: Customer | None
) -> bool:
    rows = ReportServer.objects.filter(report__incident=incident)
    reported = [
        Named(typed=typed, server=server)
        for typed, server in rows.values_list("typed", "server")
    ]
    same_number = incident.reports.filter(callback_number=number).exists()
    ours = (
        caller is None
        or incident.caller_confirmed_at is None
        or incident.account_id == caller.account.pk
    )
    return ours and joins(names, reported=reported, same_number=same_number)
