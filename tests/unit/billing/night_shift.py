"""Small builders for billing cases, as JSON and as objects."""

from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 3, 3, 21, 0, tzinfo=UTC)

AUSTRIAN = {
    "country": "AT",
    "business": True,
    "vat_id": "ATU13585627",
    "vat_id_valid": True,
}


def at(minutes: float) -> str:
    """The instant so many minutes after the order, as ISO 8601."""
    return (START + timedelta(minutes=minutes)).isoformat()


def entry(
    start: float,
    end: float,
    kind: str = "support",
    technician: str = "Ada",
    **more: Any,
) -> dict[str, Any]:
    return {
        "technician": technician,
        "kind": kind,
        "started_at": at(start),
        "ended_at": at(end),
        "billable": True,
        **more,
    }


def case(*entries: Any, **more: Any) -> dict[str, Any]:
    """A case called back after ten minutes, cause other, for an Austrian business."""
    return {
        "cause": "other",
        "triggered_at": at(0),
        "callback_reached_at": at(10),
        "customer": dict(AUSTRIAN),
        "entries": list(entries),
        **more,
    }
