"""Everything the desk's incident page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils.translation import gettext as _

from emergency.models import (
    CallbackAttempt,
    Consent,
    Incident,
    Message,
    Note,
    Page,
    ReceivedMail,
    Report,
    ReportServer,
    Server,
    Technician,
    TimeEntry,
)
from emergency.pagers.sentences.to_the_customer import LINK
from emergency.queries.accounts import Document, document_of
from emergency.queries.callers import CallerView, caller_view
from emergency.queries.clock import Clock, clock_of
from emergency.queries.dialling import number_to_ring, numbers_given, tel_of
from emergency.queries.mail import mails_of
from emergency.queries.page_wording import error_word, waiting_word
from emergency.queries.recent import Recent, recent_incidents
from emergency.queries.server_links import ServerLinks, links_of
from emergency.queries.tariff_words import OrderedUnder, ordered_under
from emergency.queries.wording import Sentence, in_words


@dataclass(frozen=True, kw_only=True)
class PageLine:
    """One page; why it failed, if it did, and why it waits, if it does."""

    page: Page
    trouble: str
    waits: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageLine:
    """One text to the customer and, if it did not arrive, why. The address of the
    tracking page is a secret of the customer; ``text`` only says where it stands."""

    message: Message
    text: str
    trouble: str


@dataclass(frozen=True, kw_only=True)
class WorkLine:
    """One time entry and its length in started minutes."""

    entry: TimeEntry
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Head:
    """What changes by itself: state, clock, and a version that any entry moves."""

    incident: Incident
    clock: Clock
    version: int
    helpers: tuple[Technician, ...]


@dataclass(frozen=True, kw_only=True)
class IncidentView:
    """One incident. ``next_step``: take | call | wait | log_time | resolve | close |
    done. Timeline and pages stand newest first. ``numbers`` are the customer's, in
    E.164; ``hotline`` is ours. ``requests`` are technicians who were asked to take the
    incident over or to help and have not answered: hand_over | join."""

    head: Head
    next_step: str
    report: Report | None
    tel: str
    reports: tuple[Report, ...]
    further_reports: tuple[Report, ...]
    servers: tuple[ReportServer, ...]
    consent: Consent | None
    ordered_under: OrderedUnder | None
    numbers: tuple[str, ...]
    hotline: str
    messages: tuple[MessageLine, ...]
    mails: tuple[ReceivedMail, ...]
    requests: dict[int, str]
    pages: tuple[PageLine, ...]
    timeline: tuple[Sentence, ...]
    attempts: tuple[CallbackAttempt, ...]
    notes: tuple[Note, ...]
    entries: tuple[WorkLine, ...]
    former_entries: tuple[TimeEntry, ...]
    worked_minutes: int
    documents: tuple[Document, ...]
    caller: CallerView
    links: tuple[ServerLinks, ...]
    recent: tuple[Recent, ...]

    def asks(self, technician: Technician | None) -> str:
        """What this technician is asked for, if anything."""
        return self.requests.get(technician.pk, "") if technician else ""


def head_of(incident: Incident, now: datetime) -> Head:
    """State and clock of the incident, and who helps. Two queries."""
    newest = incident.timeline.order_by("-pk").values_list("pk", flat=True).first()
    return Head(
        incident=incident,
        clock=clock_of(incident, now),
        version=newest or 0,
        helpers=tuple(incident.helpers.select_related("staff")),
    )


def incident_view(incident: Incident, now: datetime) -> IncidentView:
    """The whole page of this incident at ``now``."""
    reports = list(
        incident.reports.select_related("consent__taken_by", "circumstances")
        .prefetch_related("servers__server__account")
        .order_by("ordered_at", "pk")
    )
    report = reports[0] if reports else None
    servers = tuple(report.servers.all()) if report else ()
    entries = list(
        incident.time_entries.select_related("technician__staff", "logged_by").order_by(
            "started_at", "pk"
        )
    )
    current = tuple(_line(entry) for entry in entries if entry.superseded_at is None)
    return IncidentView(
        head=head_of(incident, now),
        next_step=next_step(
            incident,
            has_time=bool(current) or incident.timers.running().exists(),
        ),
        report=report,
        tel=tel_of(report),
        reports=tuple(reports),
        further_reports=tuple(reports[1:]),
        servers=servers,
        consent=getattr(report, "consent", None),
        ordered_under=_ordered_under(report),
        numbers=tuple(numbers_given(incident)),
        hotline=number_to_ring(now),
        messages=_messages(incident),
        mails=tuple(mails_of(incident)),
        requests=_requests(incident),
        pages=_pages(incident),
        timeline=tuple(reversed(_timeline(incident))),
        attempts=tuple(incident.callback_attempts.select_related("staff", "bridge")),
        notes=tuple(incident.notes.select_related("staff")),
        entries=current,
        former_entries=tuple(e for e in entries if e.superseded_at is not None),
        worked_minutes=sum(line.minutes for line in current),
        documents=tuple(document_of(fact) for fact in incident.documents.all()),
        caller=caller_view(incident, reports, servers),
        links=links_of(_servers(reports), now),
        recent=recent_incidents(
            incident, [named for r in reports for named in r.servers.all()], now
        ),
    )


def _servers(reports: Sequence[Report]) -> list[Server]:
    """The servers of ours that were reported; they come with the reports."""
    named = (named for report in reports for named in report.servers.all())
    return [one.server for one in named if one.server is not None]


def _ordered_under(report: Report | None) -> OrderedUnder | None:
    circumstances = getattr(report, "circumstances", None)
    return ordered_under(circumstances) if circumstances else None


def next_step(incident: Incident, *, has_time: bool) -> str:
    """The one thing to do next. Work without time, logged or running, is logged before
    the cause is named; whoever has nothing to log may name it all the same."""
    steps = {
        Incident.Status.PAGING: "take",
        Incident.Status.ACKNOWLEDGED: "call",
        Incident.Status.UNREACHED: "wait",
        Incident.Status.REACHED: "resolve" if has_time else "log_time",
        Incident.Status.RESOLVED: "close",
    }
    return steps.get(Incident.Status(incident.status), "done")


def work_begins(
    incident: Incident, lines: Sequence[WorkLine], technician: Technician | None
) -> datetime | None:
    """Where the next time entry of this technician probably starts: after their last
    one, else when the customer was reached."""
    own = [line.entry.ended_at for line in lines if line.entry.technician == technician]
    if own:
        return max(own)
    reached = incident.reached_at
    return reached.replace(second=0, microsecond=0) if reached else None


def _timeline(incident: Incident) -> list[Sentence]:
    return in_words(list(incident.timeline.select_related("staff")))


def _line(entry: TimeEntry) -> WorkLine:
    seconds = (entry.ended_at - entry.started_at).total_seconds()
    return WorkLine(entry=entry, minutes=ceil(seconds / 60))


def _messages(incident: Incident) -> tuple[MessageLine, ...]:
    return tuple(
        MessageLine(
            message=message,
            text=message.text.replace(LINK, _("(link to the tracking page)")),
            trouble=error_word(message.error_code) if message.error_code else "",
        )
        for message in incident.messages.all()
    )


def _requests(incident: Incident) -> dict[int, str]:
    """Only the newest request of a person counts, and only while nobody answered it."""
    rows = incident.pages.filter(purpose=Page.Purpose.JOIN).order_by("pk")
    asked: dict[int, str] = {}
    for page in rows:
        asked[page.technician_id] = page.values.get("code", "")
        if page.answered_at is not None:
            del asked[page.technician_id]
    return asked


def _pages(incident: Incident) -> tuple[PageLine, ...]:
    rows = incident.pages.select_related("technician__staff").order_by("-due_at", "-pk")
    return tuple(
        PageLine(
            page=page,
            trouble=error_word(page.error_code) if page.error_code else "",
            waits=waiting_word(page.held_reason),
        )
        for page in rows
    )
