"""From what emergency tells to what rating needs, and back to plain values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.rules.rating import Line
from billing.rules.work import Cause, Emergency, Entry, Kind, Refused, Terms
from emergency.billable import BillableWork

# The outcome of a callback that was tried in time and reached nobody.
ATTEMPTED = "attempted"


@dataclass(frozen=True, kw_only=True)
class WorkedLine:
    """A rated line in the values that a row keeps."""

    code: str
    minutes: int | None
    unit_price: Decimal
    net: Decimal
    worked_seconds: int
    included_minutes: int
    not_charged_seconds: int
    # Whose line it is, where a document is about several emergencies.
    incident_reference: str = ""


def whole_seconds(length: timedelta) -> int:
    """Seconds that have begun: an explanation never shows less than is charged."""
    return -(-length // timedelta(seconds=1))


def worked_line(line: Line) -> WorkedLine:
    """The rated line with its explanation in whole seconds."""
    return WorkedLine(
        code=line.code.value,
        minutes=line.minutes,
        unit_price=line.unit_price,
        net=line.net,
        worked_seconds=whole_seconds(line.worked),
        included_minutes=line.included_minutes,
        not_charged_seconds=whole_seconds(line.not_charged),
    )


def emergency_of(work: BillableWork) -> Emergency:
    """The incident as rating reads it: with the accepted terms, never today's card.

    Raises Refused for a cause or kind that billing does not know, and for an order or a
    promise without a UTC offset.
    """
    terms = work.terms
    for name in ("triggered_at", "callback_deadline_at"):
        if getattr(work, name).utcoffset() is None:
            raise Refused(name, "has no UTC offset")
    return Emergency(
        cause=_cause(work.cause),
        triggered_at=work.triggered_at,
        callback_reached_at=work.callback_reached_at,
        callback_attempts=work.callback_attempts,
        attempted_in_time=work.callback_outcome == ATTEMPTED,
        cancelled_at=work.cancelled_at,
        cancelled_free=work.cancelled_free,
        taken_over_at=work.acknowledged_at,
        entries=tuple(
            Entry(
                technician=entry.technician,
                kind=_kind(entry.kind, index),
                started_at=entry.started_at,
                ended_at=entry.ended_at,
                billable=entry.billable,
            )
            for index, entry in enumerate(work.entries)
        ),
        terms=Terms(
            initial_fee=terms.initial_fee_net,
            included_minutes=terms.included_minutes,
            support_hourly=terms.support_hourly_net,
            application_analysis_hourly=terms.application_analysis_hourly_net,
            callback_within=work.callback_deadline_at - work.triggered_at,
        ),
    )


def _cause(code: str) -> Cause:
    try:
        return Cause(code)
    except ValueError:
        raise Refused("cause", f"is {code!r}") from None


def _kind(code: str, index: int) -> Kind:
    try:
        return Kind(code)
    except ValueError:
        raise Refused(f"entries[{index}].kind", f"is {code!r}") from None


def work_snapshot(work: BillableWork) -> dict[str, Any]:
    """The facts behind a document as JSON: instants in UTC, terms apart."""
    facts = asdict(work)
    del facts["terms"]
    del facts["frozen_at"]
    plain: dict[str, Any] = _plain(facts)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
