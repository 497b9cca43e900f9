"""A reportable case as plain values: every fact with its instant in UTC."""

from datetime import UTC, datetime
from typing import Any

from emergency.models import Incident, ReportableFact, Staff
from emergency.queries.reportable import CaseView, StepLine

TIMES = (
    *("opened_at", "acknowledged_at", "attempted_at", "reached_at", "resolved_at"),
    *("closed_at", "cancelled_at"),
)


def case_document(view: CaseView, *, made_at: datetime) -> dict[str, Any]:
    """What an authority asks for first: what, since when, how many, who did what when.
    Of customers it holds references and counts, never their words or numbers."""
    case, extent = view.case, view.extent
    return {
        "case": case.pk,
        "kind": case.kind,
        "made_at": _utc(made_at),
        "flagged_at": _utc(case.flagged_at),
        "flagged_by": _staff(case.flagged_by),
        "known_at": _utc(view.known_at),
        "ended_at": _utc(case.ended_at),
        "ending": case.ending,
        "customers": extent.customers,
        "reports": extent.reports,
        "since": _utc(extent.since),
        "servers": list(extent.servers),
        "steps": [_step(line) for line in view.steps],
        "facts": [_fact(fact) for fact in view.facts],
        "incidents": [_incident(incident) for incident in view.incidents],
    }


def _step(line: StepLine) -> dict[str, Any]:
    step = line.deadline
    return {
        "step": step.step.value,
        "due_at": _utc(step.due_at),
        "due_at_is_estimated": step.estimated,
        "state": step.state.value,
        "done_at": _utc(step.done_at),
        "reference": line.fact.reference if line.fact else "",
        "reason": line.fact.reason if line.fact else "",
    }


def _fact(fact: ReportableFact) -> dict[str, Any]:
    return {
        "at": _utc(fact.at),
        "fact": fact.code,
        "step": fact.step,
        "reminder": fact.reminder,
        "moment": _utc(fact.moment),
        "incident": fact.incident.reference if fact.incident else "",
        "by": _staff(fact.staff),
        "reference": fact.reference,
        "reason": fact.reason,
    }


def _incident(incident: Incident) -> dict[str, Any]:
    entries = incident.timeline.values_list("at", "code")
    return {
        "reference": incident.reference,
        "status": incident.status,
        "cause": incident.cause,
        **{name: _utc(getattr(incident, name)) for name in TIMES},
        "timeline": [{"at": _utc(at), "code": code} for at, code in entries],
    }


def _staff(staff: Staff | None) -> str:
    return f"staff:{staff.pk}" if staff else ""


def _utc(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat() if instant else None
