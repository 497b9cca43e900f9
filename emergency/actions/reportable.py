"""A case that may have to be reported to an authority is flagged and seen through.

Nothing is edited: each of these enters a fact, and what was entered last counts. The
engine reminds the duty managers (``reportable_due``).
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.notices import duty_managers, tell
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import Erasure, Incident, ReportableCase, ReportableFact, Staff
from emergency.queries.reportable import standing_of
from emergency.rules.reportable import STEPS, Kind, look_again_at

Code, Ending = ReportableFact.Code, ReportableCase.Ending


def flag(*, incident_id: int, kind: str, staff: Staff, now: datetime) -> ReportableCase:
    """There is an open case of this kind with the incident. By default we knew of it
    when its first report was received. The duty managers are told.

    Where one is open already, it is answered and nothing changes. Raises Refused
    (``wrong_state`` for an incident that went into another, ``erased_already``).
    """
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        known = ReportableCase.objects.open().filter(incidents=incident, kind=kind)
        if (case := known.first()) is not None:
            return case
        case = ReportableCase.objects.create(
            kind=Kind(kind).value, flagged_at=now, flagged_by=staff
        )
        _take_in(case, incident, staff, now)
        enter(incident, "reportable_flagged", now=now, staff=staff, case_kind=kind)
        _audit("reportable_flagged", case, staff, now, incident=incident.reference)
        _look_again(case, now)
        others = [one for one in duty_managers() if one.staff_id != staff.pk]
        tell(
            people=others,
            code="reportable_flagged",
            now=now,
            case=case.pk,
            kind=case.kind,
        )
    return case


def add_incident(
    *, case_id: int, reference: str, staff: Staff, now: datetime
) -> ReportableCase:
    """The incident belongs to the case, too. Where its first report is older, we have
    known since then, unless somebody has stated another moment.

    Raises Refused (``case_ended``, or with the field ``reference``).
    """
    with transaction.atomic():
        case = _open_case(case_id)
        incident = (
            Incident.objects.select_for_update(no_key=True)
            .filter(reference=reference.strip().upper())
            .first()
        )
        if incident is None:
            raise Refused("unknown_incident", field="reference")
        if case.incidents.filter(pk=incident.pk).exists():
            return case
        _take_in(case, incident, staff, now)
        enter(incident, "reportable_linked", now=now, staff=staff, case_kind=case.kind)
        _audit("reportable_linked", case, staff, now, incident=incident.reference)
        _look_again(case, now)
    return case


def record_step(
    *,
    case_id: int,
    step: str,
    staff: Staff,
    now: datetime,
    done_at: datetime | None = None,
    reference: str = "",
    reason: str = "",
) -> ReportableCase:
    """The step was done at ``done_at``, by default now, under this number of the
    authority. With the last step the case is complete.

    To say it again changes nothing; with another time or number it is a correction.
    Raises Refused (``case_ended``, ``not_a_step``, ``moment_ahead``).
    """
    if done_at is not None and done_at > now:
        raise Refused("moment_ahead", field="done_at")
    with transaction.atomic():
        case = _case_with_step(case_id, step)
        settling = case.facts.filter(step=step, code__in=(Code.DONE, Code.NOT_NEEDED))
        last = settling.order_by("at", "pk").last()
        said = {"moment": done_at, "reference": reference, "reason": reason}
        if last is not None and last.code == Code.DONE:
            stands = {name: getattr(last, name) for name in said}
            said = {name: value or stands[name] for name, value in said.items()}
            if said == stands:
                return case
        said["moment"] = said["moment"] or now
        _enter(case, Code.DONE, staff, now, step=step, **said)
    return case


def waive_step(
    *, case_id: int, step: str, reason: str, staff: Staff, now: datetime
) -> ReportableCase:
    """The step need not be done, because. Raises Refused (``reason_missing``,
    ``case_ended``, ``not_a_step``)."""
    _give_a_reason(reason)
    with transaction.atomic():
        case = _case_with_step(case_id, step)
        _enter(case, Code.NOT_NEEDED, staff, now, step=step, reason=reason)
    return case


def state_knowledge(
    *, case_id: int, known_at: datetime, reason: str, staff: Staff, now: datetime
) -> ReportableCase:
    """We knew of it at ``known_at``, because; every deadline counts from there. The
    moments that stood there before stay as facts. Raises Refused (``reason_missing``,
    ``moment_ahead``, ``case_ended``)."""
    _give_a_reason(reason)
    if known_at > now:
        raise Refused("moment_ahead", field="known_at")
    with transaction.atomic():
        case = _open_case(case_id)
        _enter(case, Code.KNOWN, staff, now, moment=known_at, reason=reason)
    return case


def end_as_not_reportable(
    *, case_id: int, reason: str, staff: Staff, now: datetime
) -> ReportableCase:
    """Nobody is told and nobody is reminded any more, because. Raises Refused
    (``reason_missing``, ``case_ended``)."""
    _give_a_reason(reason)
    with transaction.atomic():
        case = _open_case(case_id)
        _end(case, Ending.NOT_REPORTABLE, now)
        _enter(case, Code.ENDED, staff, now, reason=reason)
    return case


def _take_in(
    case: ReportableCase, incident: Incident, staff: Staff, now: datetime
) -> None:
    """The incident belongs to the case, which may have been known earlier by that."""
    if incident.merged_into_id is not None:
        raise Refused("wrong_state", field="reference")
    # Words of the case go with the data of its incidents.
    if incident.erasures.filter(kind=Erasure.Kind.EVIDENCE).exists():
        raise Refused("erased_already", field="reference")
    case.incidents.add(incident)
    given = {"case": case, "staff": staff, "at": now, "incident": incident}
    ReportableFact.objects.create(code=Code.INCIDENT, **given)
    received_at = _received_at(incident)
    known = case.facts.filter(code=Code.KNOWN).order_by("at", "pk").last()
    stated = known is not None and known.incident_id is None
    older = known is None or known.moment is None or received_at < known.moment
    if older and not stated:
        ReportableFact.objects.create(code=Code.KNOWN, moment=received_at, **given)


def _received_at(incident: Incident) -> datetime:
    first = incident.reports.order_by("ordered_at").first()
    return first.ordered_at if first else incident.opened_at


def _enter(
    case: ReportableCase,
    code: str,
    staff: Staff,
    now: datetime,
    **values: Any,
) -> None:
    """The fact stands in the case, in the timelines of its incidents and in the audit.
    With the last step the case is complete; else the engine looks at it when there is
    next something to say."""
    ReportableFact.objects.create(case=case, code=code, at=now, staff=staff, **values)
    step = values.get("step", "")
    for incident in case.incidents.order_by("pk"):
        enter(
            incident,
            "reportable_changed",
            now=now,
            staff=staff,
            case_kind=case.kind,
            case_fact=code,
            case_step=step,
        )
    plain = {"step": step, "moment": values.get("moment")}
    told = {name: value for name, value in plain.items() if value}
    _audit(f"reportable_{code}", case, staff, now, **told)
    _look_again(case, now)


def _look_again(case: ReportableCase, now: datetime) -> None:
    if case.ending == Ending.NOT_REPORTABLE:
        return
    standing = standing_of(case, list(case.facts.order_by("at", "pk")), now)
    if not standing.is_settled:
        case.due_at = look_again_at(standing.steps, standing.said, now)
        case.save(update_fields=["due_at"])
    elif case.ended_at is None:
        _end(case, Ending.COMPLETE, now)


def _end(case: ReportableCase, how: str, now: datetime) -> None:
    case.ended_at, case.ending, case.due_at = now, how, None
    case.save(update_fields=["ended_at", "ending", "due_at"])


def _open_case(case_id: int) -> ReportableCase:
    case = ReportableCase.objects.select_for_update(no_key=True).get(pk=case_id)
    if case.ended_at is not None:
        raise Refused("case_ended")
    return case


def _case_with_step(case_id: int, step: str) -> ReportableCase:
    """Also a complete case: what was recorded there may be corrected."""
    case = ReportableCase.objects.select_for_update(no_key=True).get(pk=case_id)
    if case.ending == Ending.NOT_REPORTABLE:
        raise Refused("case_ended")
    if step not in STEPS[Kind(case.kind)]:
        raise Refused("not_a_step")
    return case


def _give_a_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason_missing", field="reason")


def _audit(
    code: str, case: ReportableCase, staff: Staff, now: datetime, **values: Any
) -> None:
    about = f"reportable:{case.pk}"
    record(Area.AUTHORITY, code, now=now, by=staff, about=about, **values)
