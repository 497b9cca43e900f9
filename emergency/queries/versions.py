"""What somebody had before them when they typed: posted along with a form, compared
under the lock, so that nobody overwrites what they have not seen."""

from hashlib import sha256

from emergency.models import Incident


def end_version(incident: Incident) -> str:
    """Of state, cause, disposition and resolution."""
    return _short(
        incident.status,
        incident.cause,
        incident.disposition,
        incident.resolution,
        incident.resolved_at,
    )


def charge_version(incident: Incident) -> str:
    """Of all that decides what closing charges: the end, and the time entries."""
    entries = incident.time_entries.current().order_by("pk")
    waiting = incident.timers.waiting().order_by("pk")
    return _short(
        end_version(incident),
        *entries.values_list("pk", flat=True),
        "waiting",
        *waiting.values_list("pk", flat=True),
    )


def findings_version(incident: Incident) -> str:
    """Of the findings: which are the newest."""
    return _short(*incident.feedback.order_by("pk").values_list("pk", flat=True))


def _short(*parts: object) -> str:
    return sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]
