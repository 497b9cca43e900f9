"""Living through the past with the real actions and a clock of its own."""

from datetime import datetime, timedelta

from django.utils import timezone

from emergency.actions.answer import answer_by_key
from emergency.actions.callback import record_attempt
from emergency.actions.caller import confirm_caller
from emergency.actions.closing import close, resolve
from emergency.actions.escalate import take_one_decision
from emergency.actions.feedback import Findings, give_feedback
from emergency.actions.identifiers import new_token
from emergency.actions.outcome import record_receipt
from emergency.actions.proposal import propose_analysis, record_spoken_answer
from emergency.actions.report import MaintenanceCheck, OrderForm, order
from emergency.actions.send import claim
from emergency.actions.timelog import log_time
from emergency.management.demo.nights import NIGHTS, TONIGHT, Night
from emergency.models import (
    DueRow,
    Feedback,
    Incident,
    Page,
    PageAttempt,
    Server,
    Staff,
    Technician,
    TimeEntry,
)
from emergency.pagers.base import Receipt
from emergency.terms import offered_terms

SECOND = timedelta(seconds=1)


def live_through(people: dict[str, Technician], now: datetime) -> None:
    """A year of closed incidents and tonight's open one stand."""
    for night in sorted(NIGHTS, key=lambda night: -night.days_ago):
        _live(night, people, _instant(night, now))
    tonight = now - timedelta(minutes=12)
    incident = _report(TONIGHT, tonight)
    _answer(incident, TONIGHT, tonight)
    _dial(incident, TONIGHT, tonight)


def _instant(night: Night, now: datetime) -> datetime:
    local = timezone.localtime(now) - timedelta(days=night.days_ago)
    return local.replace(
        hour=night.hour, minute=night.minute, second=12, microsecond=0
    ).astimezone(now.tzinfo)


def _live(night: Night, people: dict[str, Technician], start: datetime) -> None:
    incident = _report(night, start)
    _answer(incident, night, start)
    _dial(incident, night, start)
    incident.refresh_from_db()
    owner = incident.owner
    reached = start + timedelta(minutes=night.reached)
    _decide_until(incident, reached)
    staff = (owner or next(iter(people.values()))).staff
    record_attempt(incident_id=incident.pk, staff=staff, outcome="reached", now=reached)
    account = incident.account
    if account is not None:
        confirm_caller(
            incident_id=incident.pk,
            account_number=account.number,
            staff=staff,
            now=reached + timedelta(minutes=1),
        )
    end = reached
    for work in night.work:
        person = people[work.technician]
        end = max(end, start + timedelta(minutes=work.end))
        if work.kind == TimeEntry.Kind.APPLICATION_ANALYSIS:
            _ask(incident, person, start + timedelta(minutes=work.start))
        log_time(
            incident_id=incident.pk,
            technician=person,
            staff=person.staff,
            kind=work.kind,
            started_at=start + timedelta(minutes=work.start),
            ended_at=start + timedelta(minutes=work.end),
            billable=not work.waiver_reason,
            waiver_reason=work.waiver_reason,
            now=end + timedelta(minutes=1),
        )
    end += timedelta(minutes=2)
    _tell_findings(incident, night, staff, end)
    resolve(
        incident_id=incident.pk,
        staff=staff,
        cause=night.cause,
        resolution=night.resolution,
        now=end,
    )
    close(incident_id=incident.pk, staff=staff, now=end + timedelta(minutes=3))


def _tell_findings(
    incident: Incident, night: Night, staff: Staff, at: datetime
) -> None:
    """What was found, as the customer reads it."""
    german = incident.reports.order_by("ordered_at", "pk")[0].language == "de"
    ruled_out = {"infrastructure": "yes", "application": "no"}.get(night.cause)
    give_feedback(
        incident_id=incident.pk,
        staff=staff,
        findings=Findings(
            network=Feedback.Network.GOOD.value,
            application_ruled_out=ruled_out or Feedback.RuledOut.UNKNOWN.value,
            next_step=(
                "Wir beheben es und sagen Ihnen, sobald es wieder läuft."
                if german
                else "We mend it and tell you as soon as it works again."
            ),
            services=frozenset(),
        ),
        now=at,
    )


def _ask(incident: Incident, person: Technician, at: datetime) -> None:
    """The customer agrees on the telephone before the application is looked at."""
    asked = propose_analysis(incident_id=incident.pk, staff=person.staff, now=at)
    report = incident.reports.order_by("ordered_at", "pk")[0]
    record_spoken_answer(
        incident_id=incident.pk,
        proposal_id=asked.pk,
        staff=person.staff,
        accepted=True,
        spoken_by=report.reporter_name,
        now=at,
    )


def _report(night: Night, start: datetime) -> Incident:
    server = Server.objects.select_related("account").get(name=night.server)
    contact = server.account.contacts.first()
    language = server.account.language
    return order(
        form=OrderForm(
            servers=(night.server,),
            problem_description=night.problem,
            reproduction_steps="",
            recent_changes=night.changes,
            callback_number=contact.phone_number if contact else "+493023125100",
            callback_number_typed=contact.phone_number if contact else "",
            callback_extension="",
            reporter_name=contact.name if contact else "",
            language=language,
        ),
        order_key=new_token(),
        tracking_token=new_token(),
        terms=offered_terms(account_number=None, at=start, language=language),
        maintenance=MaintenanceCheck(result="none"),
        button_text=(
            "Zahlungspflichtig bestellen"
            if language == "de"
            else "Order with obligation to pay"
        ),
        now=start,
    )


def _answer(incident: Incident, night: Night, start: datetime) -> None:
    """Pages go out on time and the last telephone to ring is answered in time."""
    answered = start + timedelta(minutes=night.acknowledged)
    _decide_until(incident, answered)
    last = (
        PageAttempt.objects.filter(page__incident=incident, page__kind="voice")
        .select_related("page")
        .order_by("-started_at")
        .first()
    )
    if last is not None:
        answer_by_key(token=last.token, digit=last.page.digit, now=answered)
    _send(incident, answered)


def _dial(incident: Incident, night: Night, start: datetime) -> None:
    """A first attempt that found nobody, if the story has one."""
    incident.refresh_from_db()
    if night.busy_at is None or incident.owner is None:
        return
    at = start + timedelta(minutes=night.busy_at)
    _decide_until(incident, at)
    incident.refresh_from_db()
    if incident.owner is not None:
        record_attempt(
            incident_id=incident.pk, staff=incident.owner.staff, outcome="busy", now=at
        )


def _decide_until(incident: Incident, until: datetime) -> None:
    """The engine's decisions up to this instant, each at its own time.

    Whoever was paged again takes the incident a minute later: somebody must.
    """
    _send(incident, incident.opened_at + SECOND)
    while True:
        row = (
            DueRow.objects.filter(
                incident=incident, done_at__isnull=True, due_at__lte=until
            )
            .order_by("due_at", "pk")
            .first()
        )
        if row is None:
            return
        take_one_decision(now=row.due_at)
        _send(incident, row.due_at + SECOND)


def _send(incident: Incident, now: datetime) -> None:
    """Waiting pages count as sent by a network that existed at the time."""
    for page_id in (
        Page.objects.due(now).filter(incident=incident).values_list("pk", flat=True)
    ):
        claimed = claim(page_id=page_id, now=now)
        if claimed is None:
            continue
        sent, _ = claimed
        record_receipt(
            order=sent,
            receipt=Receipt(provider="demo", provider_id="", status="sent", final=True),
            now=now,
        )
