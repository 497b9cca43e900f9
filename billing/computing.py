"""From what emergency tells to what rating needs, and back to plain values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from billing.rules.allowance import Place
from billing.rules.charges import Code, Line
from billing.rules.policy import Cover, Increment, RatingPolicy
from billing.rules.readings import read_policy
from billing.rules.work import (
    Cause,
    Disposition,
    Emergency,
    Entry,
    Kind,
    Maintenance,
    Refused,
    Terms,
)
from emergency.billable import BillableEntry, BillableWork
from emergency.terms import FeeTerms

Known = TypeVar("Known", bound=StrEnum)

# Every instant of an incident; those of its entries and attempts come besides.
INSTANTS = (
    *("triggered_at", "callback_deadline_at", "callback_reached_at", "cancelled_at"),
    *("acknowledged_at", "free_from", "withdrawn_at", "closed_at"),
)
# The outcome of a callback that was tried in time and reached nobody.
ATTEMPTED = "attempted"


@dataclass(frozen=True, kw_only=True)
class WorkedLine:
    """A rated line in the values that a row keeps. ``details`` are the parts of the
    explanation that only some lines have, see ``details_of``."""

    code: str
    minutes: int | None
    unit_price: Decimal
    net: Decimal
    worked_seconds: int
    included_minutes: int
    not_charged_seconds: int
    place: int | None = None
    places: int | None = None
    places_from: date | None = None
    places_to: date | None = None
    details: dict[str, Any] = field(default_factory=dict)
    # Whose line it is, where a document is about several emergencies.
    incident_reference: str = ""


def whole_seconds(length: timedelta) -> int:
    """Seconds that have begun: an explanation never shows less than is charged."""
    return -(-length // timedelta(seconds=1))


def worked_line(
    line: Line, place: Place | None = None, *, spared: bool = False
) -> WorkedLine:
    """The rated line with its explanation in whole seconds; ``place``: the fee is one
    of those that a contract includes; ``spared``: included without being counted."""
    is_fee = line.code is Code.FEE
    included = place if is_fee else None
    return WorkedLine(
        code=line.code.value,
        minutes=line.minutes,
        unit_price=line.unit_price,
        net=line.net,
        worked_seconds=whole_seconds(line.worked),
        included_minutes=line.included_minutes,
        not_charged_seconds=whole_seconds(line.not_charged),
        details=details_of(line) | ({"spared": True} if is_fee and spared else {}),
        **(_place(included) if included else {}),
    )


def _place(place: Place) -> dict[str, Any]:
    return {
        "place": place.position,
        "places": place.of,
        "places_from": place.first_day,
        "places_to": place.last_day,
    }


def details_of(line: Line) -> dict[str, Any]:
    """What is not as on an ordinary line: other increments, minutes that cover any
    work, a minimum, a fee that is waived, time that is not charged and why."""
    details: dict[str, Any] = {
        "increment": line.increment.value,
        "cover": line.cover.value,
        "least_minutes": line.least_minutes,
        "unproven_seconds": whole_seconds(line.unproven),
        "free_seconds": whole_seconds(line.free),
        "waived": line.waived,
    }
    if line.cover is Cover.ANY:
        details["included_seconds"] = whole_seconds(line.included)
    ordinary = (0, "", Increment.MINUTE.value, Cover.SUPPORT.value)
    return {name: value for name, value in details.items() if value not in ordinary}


def policy_of(terms: FeeTerms) -> RatingPolicy:
    """The rating policy that was accepted with these terms. Terms from before policies
    stood on the card were all read by the standard one. Raises Refused."""
    return read_policy(dict(terms.rating_policy), "terms.rating_policy")


def rated_by(emergency: Emergency, terms: Terms, policy: RatingPolicy) -> Emergency:
    """The same emergency as if these terms had been accepted with its order."""
    return replace(emergency, terms=terms, policy=policy)


def emergency_of(work: BillableWork) -> Emergency:
    """The incident as rating reads it: with the accepted terms, never today's card.

    Raises Refused for a cause, kind or reading that billing does not know, and for an
    instant without a UTC offset.
    """
    terms = work.terms
    for name in INSTANTS:
        instant = getattr(work, name)
        if instant is not None and instant.utcoffset() is None:
            raise Refused(name, "has no UTC offset")
    return Emergency(
        cause=_known(Cause, "cause", work.cause),
        triggered_at=work.triggered_at,
        callback_reached_at=work.callback_reached_at,
        callback_attempts=work.callback_attempts,
        attempted_in_time=work.callback_outcome == ATTEMPTED,
        cancelled_at=work.cancelled_at,
        cancelled_free=work.cancelled_free,
        taken_over_at=work.acknowledged_at,
        disposition=(
            _known(Disposition, "disposition", work.disposition)
            if work.disposition
            else None
        ),
        maintenance=_known(Maintenance, "maintenance", work.maintenance),
        free_from=work.free_from,
        policy=policy_of(terms),
        entries=tuple(
            Entry(
                technician=_who(entry),
                kind=_known(Kind, f"entries[{index}].kind", entry.kind),
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


def _who(entry: BillableEntry) -> str:
    """Two people may have one name, and one whose name was erased has none."""
    number = f" #{entry.technician_id}" if entry.technician_id else ""
    return f"{entry.technician}{number}"


def _known(kind: type[Known], field: str, code: str) -> Known:
    try:
        return kind(code)
    except ValueError:
        raise Refused(field, f"is {code!r}") from None


def work_snapshot(work: BillableWork) -> dict[str, Any]:
    """The facts behind a document as JSON: instants in UTC, terms apart."""
    facts = asdict(work)
    del facts["terms"]
    del facts["frozen_at"]
    # A person's name stands with the report, where it can be erased.
    del facts["ordered_by"]
    plain: dict[str, Any] = _plain(facts)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
