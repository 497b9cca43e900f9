"""What the customer may do with the order now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from emergency.models import Account, Consent, Incident, OperatorProfile, Report
from emergency.rules import cancellation, objection, withdrawal
from emergency.rules.states import Verb, sources


@dataclass(frozen=True, kw_only=True)
class Cancelling:
    """The terms of cancelling now. ``free_until`` ends the window that is free in
    every case; without a ``taken_at`` it is free longer, until somebody takes it."""

    free: bool
    free_until: datetime
    taken_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What this report's customer may do at one instant. ``cancelling`` is None when it
    is too late; ``objections`` are the matters that can still be objected to."""

    cancelling: Cancelling | None
    may_withdraw: bool
    may_answer_solution: bool
    objections: tuple[str, ...]


def cancelling(incident: Incident, now: datetime) -> Cancelling:
    """What cancelling this incident costs at ``now``."""
    released = incident.status == Incident.Status.PAGING
    taken_at = None if released else incident.acknowledged_at
    profile = OperatorProfile.objects.in_force(incident.opened_at)
    # What was said when it was ordered holds, whatever the operator says today.
    window = (
        timedelta(minutes=profile.free_cancellation)
        if profile
        else cancellation.FREE_WINDOW
    )
    return Cancelling(
        free=cancellation.is_free(
            now, opened_at=incident.opened_at, window=window, taken_at=taken_at
        ),
        free_until=cancellation.free_until(incident.opened_at, window),
        taken_at=taken_at,
    )


def may_withdraw(report: Report, now: datetime) -> bool:
    """Whether this report's contract can still be withdrawn from. A report that joined
    an incident has none of its own."""
    incident = report.incident
    return not hasattr(report, "withdrawal") and withdrawal.may_withdraw(
        now,
        consumer=is_consumer(report) and not report.joined,
        ordered_at=report.ordered_at,
        performed_at=incident.closed_at,
        zone=ZoneInfo(settings.TIME_ZONE),
    )


def is_consumer(report: Report) -> bool:
    """Whether this customer has the rights of a consumer. Of the account only one whose
    caller was confirmed counts, so that a page tells nothing about an account to a
    stranger; whoever is not known to be a business is a consumer."""
    incident = report.incident
    account = incident.account if incident.caller_confirmed_at is not None else None
    known = account.kind if account else Account.Kind.UNKNOWN
    if known != Account.Kind.UNKNOWN:
        return known == Account.Kind.CONSUMER
    return report.consent.ordered_as != Consent.OrderedAs.BUSINESS


def matters(report: Report, now: datetime) -> tuple[str, ...]:
    """What this report's customer can still object to."""
    incident = report.incident
    invoice = incident.documents.filter(kind="invoice").order_by("issued_at").last()
    profile = OperatorProfile.objects.in_force(incident.opened_at)
    return objection.matters(
        now,
        ended_at=incident.closed_at or incident.resolved_at,
        invoiced_at=invoice.issued_at if invoice else None,
        days=profile.objection_days if profile else objection.DAYS,
        raised=frozenset(report.objections.values_list("about", flat=True)),
    )


def rights(report: Report, now: datetime) -> Rights:
    """Everything this report's customer may do with the order at ``now``."""
    incident = report.incident
    open_to_cancel = incident.status in sources(Verb.CANCEL)
    solved = incident.status in {Incident.Status.RESOLVED, Incident.Status.CLOSED}
    return Rights(
        cancelling=cancelling(incident, now) if open_to_cancel else None,
        may_withdraw=may_withdraw(report, now),
        may_answer_solution=solved,
        objections=matters(report, now),
    )
