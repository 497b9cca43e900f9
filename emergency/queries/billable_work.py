"""An incident as billing sees it: frozen values, no models."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from emergency.models import (
    Account,
    Circumstances,
    Incident,
    Proposal,
    Report,
    TimeEntry,
)
from emergency.queries.agreements import agreed
from emergency.rules.disposition import for_rating
from emergency.terms import FeeTerms

# A window runs, or should run by the clock.
MAINTAINED = frozenset({"active", "due"})


@dataclass(frozen=True, kw_only=True)
class BillableEntry:
    """One current (not amended) time entry. ``kind``: support |
    application_analysis. ``technician`` is the name; ``technician_id`` tells namesakes
    apart."""

    entry_id: int
    technician: str
    technician_id: int = 0
    kind: str
    started_at: datetime
    ended_at: datetime
    billable: bool
    waiver_reason: str


@dataclass(frozen=True, kw_only=True)
class BillableWork:
    """Everything billing may know about one incident.

    ``cause``: infrastructure | application | other | undetermined.
    ``callback_outcome``: pending | met | attempted (in time, often enough and in
    vain: no late callback) | missed.
    ``account_number`` is None while nobody has assigned the incident to an account.
    ``caller_confirmed``: a technician confirmed that the caller may order for the
    account. ``terms_fresh`` is False when the last good fee terms had to be used at
    the order. ``no_fee_day``: it was ordered on a closing day for which the customer
    was told that no initial fee is due. ``maintenance``: none | matching | overrun, as
    the status page stood at the order. ``free_from``: when free support opened next, as
    the customer was told, None while it was open. ``disposition``: what it turned out
    to be when it was no ordinary emergency (not_an_emergency | duplicate | withdrawn |
    prank | drill); empty while nobody says so.
    ``may_cost``: up to what, gross, the customer need not be asked, None without a
    limit of theirs. ``ordered_by`` is the name that whoever ordered gave, perhaps none.
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
    cancelled_free: bool | None
    withdrawn_at: datetime | None
    objections: tuple[str, ...]
    analysis_agreed: bool
    acknowledged_at: datetime | None
    closed_at: datetime
    entries: tuple[BillableEntry, ...]
    terms: FeeTerms
    terms_fresh: bool
    frozen_at: datetime | None
    no_fee_day: bool = False
    ordered_by: str = ""
    maintenance: str = "none"
    free_from: datetime | None = None
    disposition: str = ""
    may_cost: Decimal | None = None


class UnknownReference(LookupError):
    """No closed incident has this reference."""


def billable_incidents() -> QuerySet[Incident]:
    """Incidents with everything that ``as_work`` reads."""
    return Incident.objects.select_related("account", "cancellation").prefetch_related(
        "reports__withdrawal",
        "reports__objections",
        "reports__servers__server",
        "reports__consent",
        "reports__circumstances",
        "reports__cost_limits",
        "callback_attempts",
        Prefetch("proposals", queryset=Proposal.objects.select_related("answer")),
        Prefetch(
            "time_entries",
            queryset=TimeEntry.objects.current()
            .select_related("technician__staff")
            .order_by("started_at", "pk"),
        ),
    )


def as_work(incident: Incident, *, closed_at: datetime | None) -> BillableWork:
    """The incident as billing sees it, closed at this instant. Raises UnknownReference
    where it is not closed."""
    if closed_at is None:
        raise UnknownReference(incident.reference)
    reports = list(incident.reports.all())
    consent = reports[0].consent
    account = incident.account
    cancellation = getattr(incident, "cancellation", None)
    said = agreed(
        (limit for report in reports for limit in report.cost_limits.all()),
        incident.proposals.all(),
    )
    return BillableWork(
        reference=incident.reference,
        account_number=account.number if account else None,
        account_name=account.name if account else "",
        account_kind=account.kind if account else Account.Kind.UNKNOWN.value,
        account_language=account.language if account else reports[0].language,
        caller_confirmed=incident.caller_confirmed_at is not None,
        server_names=tuple(
            named.server.name if named.server else named.typed
            for report in reports
            for named in report.servers.all()
        ),
        triggered_at=incident.opened_at,
        callback_deadline_at=incident.callback_deadline_at,
        callback_reached_at=incident.reached_at,
        callback_outcome=incident.callback_outcome,
        callback_attempts=tuple(a.at for a in incident.callback_attempts.all()),
        merged_reports=len(reports),
        analysis_agreed=said.analysis,
        cause=incident.cause or Incident.Cause.UNDETERMINED.value,
        cancelled_at=incident.cancelled_at,
        cancelled_free=cancellation.free if cancellation else None,
        withdrawn_at=_withdrawn_at(reports),
        objections=tuple(
            sorted({one.about for report in reports for one in report.objections.all()})
        ),
        acknowledged_at=incident.acknowledged_at,
        closed_at=closed_at,
        entries=_entries(incident),
        terms=FeeTerms.from_json(consent.terms),
        terms_fresh=consent.terms_fresh,
        frozen_at=incident.billing_frozen_at,
        no_fee_day=_no_fee_day(reports[0]),
        maintenance=_maintenance(reports),
        free_from=_free_from(incident, reports[0]),
        ordered_by=reports[0].reporter_name,
        may_cost=said.may_cost,
        disposition=for_rating(incident.disposition, is_drill=incident.is_drill),
    )


def _entries(incident: Incident) -> tuple[BillableEntry, ...]:
    return tuple(
        BillableEntry(
            entry_id=entry.pk,
            technician=entry.technician.staff.full_name,
            technician_id=entry.technician_id,
            kind=entry.kind,
            started_at=entry.started_at,
            ended_at=entry.ended_at,
            billable=entry.billable,
            waiver_reason=entry.waiver_reason,
        )
        for entry in incident.time_entries.all()
    )


def _withdrawn_at(reports: list[Report]) -> datetime | None:
    withdrawn = [r.withdrawal.at for r in reports if hasattr(r, "withdrawal")]
    return min(withdrawn) if withdrawn else None


def _no_fee_day(report: Report) -> bool:
    said = getattr(report, "circumstances", None)
    return said is not None and said.tariff_case == Circumstances.TariffCase.NO_FEE


def _free_from(incident: Incident, report: Report) -> datetime | None:
    """When free support would open next, as it was said at the order. An opening before
    the incident it was joined to says nothing of that one."""
    said = getattr(report, "circumstances", None)
    text = said.values.get("opens_at") if said is not None else None
    opens_at = datetime.fromisoformat(text) if text else None
    return opens_at if opens_at and opens_at > incident.opened_at else None


def _maintenance(reports: list[Report]) -> str:
    """Whether a window was about a server of the incident at one of its reports, and
    still ran after its announced end. State beats clock: a running window may be
    late."""
    found = [report for report in reports if report.maintenance_result in MAINTAINED]
    if not found:
        return "none"
    return "overrun" if any(_overrun(report) for report in found) else "matching"


def _overrun(report: Report) -> bool:
    ends = [
        datetime.fromisoformat(window["ends_at"])
        for window in report.maintenance_evidence.get("windows", [])
        if window.get("ends_at")
    ]
    return bool(ends) and max(ends) <= report.ordered_at
