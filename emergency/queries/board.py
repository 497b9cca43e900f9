"""What the desk's board shows, in a number of queries that does not grow with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch

from emergency.models import Heartbeat, Incident, Page, Report, ReportServer, Schedule
from emergency.queries.clock import Clock, clock_of
from emergency.queries.dialling import tel_of
from emergency.rules.states import WAITING_STATES

TICK_IS_LATE = timedelta(seconds=10)
TICK_IS_MISSING = timedelta(seconds=60)
ABOUT_THE_CASE = (Page.Purpose.EMERGENCY, Page.Purpose.REMINDER, Page.Purpose.MISSED)


@dataclass(frozen=True, kw_only=True)
class PageFates:
    """How many pages of an incident are where. Withdrawn pages do not count."""

    in_flight: int = 0
    delivered: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.in_flight + self.delivered + self.failed


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    """One open incident. ``server`` is as the customer typed it."""

    incident: Incident
    clock: Clock
    server: str
    server_known: bool
    callback_number: str
    callback_extension: str
    tel: str
    maintenance: str
    pages: PageFates


@dataclass(frozen=True, kw_only=True)
class Tick:
    """The engine's last sign of life. ``kind``: running | late | missing | never."""

    kind: str
    at: datetime | None
    seconds: int


def open_incidents(now: datetime) -> list[BoardRow]:
    """Open incidents, what is due next first: waiting customers by their deadline, then
    those that only need finishing, the oldest first. Four queries."""
    incidents = list(
        Incident.objects.open()
        .select_related("account", "owner__staff")
        .prefetch_related(
            Prefetch(
                "reports",
                queryset=Report.objects.defer("maintenance_evidence").order_by(
                    "ordered_at", "pk"
                ),
            ),
            Prefetch("reports__servers", queryset=ReportServer.objects.order_by("pk")),
        )
    )
    fates = page_fates(incidents)
    rows = [_row(incident, fates, now) for incident in incidents]
    return sorted(rows, key=_due_next)


def page_fates(incidents: Sequence[Incident]) -> dict[int, PageFates]:
    """Fates of the pages of these incidents, by the incident's key. One query."""
    counted: dict[int, dict[str, int]] = {}
    rows = (
        Page.objects.filter(
            incident_id__in=[incident.pk for incident in incidents],
            purpose__in=ABOUT_THE_CASE,
        )
        .order_by()
        .values_list("incident_id", "status")
        .annotate(number=Count("pk"))
    )
    for incident_id, status, number in rows:
        counted.setdefault(incident_id, {})[status] = number
    return {key: _fates(by_status) for key, by_status in counted.items()}


def last_tick(now: datetime) -> Tick:
    """How long ago the engine last looked for due decisions. One query."""
    beat = Heartbeat.objects.filter(name="tick").first()
    if beat is None:
        return Tick(kind="never", at=None, seconds=0)
    age = now - beat.at
    if age < TICK_IS_LATE:
        kind = "running"
    elif age < TICK_IS_MISSING:
        kind = "late"
    else:
        kind = "missing"
    return Tick(kind=kind, at=beat.at, seconds=int(age.total_seconds()))


def schedules() -> list[Schedule]:
    """Every schedule, by name. One query."""
    return list(Schedule.objects.order_by("name"))


def _row(incident: Incident, fates: dict[int, PageFates], now: datetime) -> BoardRow:
    report = next(iter(incident.reports.all()), None)
    servers: Iterable[ReportServer] = report.servers.all() if report else ()
    server = next(iter(servers), None)
    return BoardRow(
        incident=incident,
        clock=clock_of(incident, now),
        server=server.typed if server else "",
        server_known=server is not None and server.server_id is not None,
        callback_number=str(report.callback_number) if report else "",
        callback_extension=report.callback_extension if report else "",
        tel=tel_of(report),
        maintenance=report.maintenance_result if report else "unknown",
        pages=fates.get(incident.pk, PageFates()),
    )


def _fates(by_status: dict[str, int]) -> PageFates:
    waiting = (Page.Status.QUEUED, Page.Status.CLAIMED, Page.Status.SENT)
    return PageFates(
        in_flight=sum(by_status.get(status, 0) for status in waiting),
        delivered=by_status.get(Page.Status.DELIVERED, 0),
        failed=by_status.get(Page.Status.FAILED, 0),
    )


def _due_next(row: BoardRow) -> tuple[bool, datetime, int]:
    incident = row.incident
    waiting = incident.status in WAITING_STATES
    since = incident.callback_deadline_at if waiting else incident.opened_at
    return (not waiting, since, incident.pk)
