"""What it costs so far, and what it would cost with more time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from emergency import billable
from emergency.billable import BillableEntry, BillableWork
from emergency.models import Incident, TimeEntry
from emergency.queries.amounts import money
from emergency.rules import cost
from emergency.terms import price_explanation

SUPPORT = TimeEntry.Kind.SUPPORT.value


@dataclass(frozen=True, kw_only=True)
class RunningCost:
    """The cost as things stand, gross in words, and the support behind it in started
    minutes. ``covered`` of them are part of the fee."""

    gross: str
    minutes: int
    covered: int


def running_cost(incident: Incident, now: datetime) -> RunningCost | None:
    """What this incident costs so far, with the work that nobody has logged yet; None
    before the covered minutes near their end, and once it is not worked on."""
    if incident.status != Incident.Status.REACHED:
        return None
    work = _with_running(billable.preview(incident.reference, now=now), now)
    supported = _supported(work)
    included = timedelta(minutes=work.terms.included_minutes)
    if not cost.is_shown(supported, included):
        return None
    price = price_explanation(work)
    if price is None:
        return None
    return RunningCost(
        gross=money(price.gross, price.currency),
        minutes=-(-supported // timedelta(minutes=1)),
        covered=work.terms.included_minutes,
    )


def cost_with(
    incident: Incident,
    *,
    kind: str,
    started_at: datetime,
    ended_at: datetime,
    instead_of: int | None = None,
) -> Decimal | None:
    """The gross amount if this interval were charged, too, or instead of one entry;
    None when nobody can say."""
    work = billable.preview(incident.reference, now=ended_at)
    kept = tuple(entry for entry in work.entries if entry.entry_id != instead_of)
    work = replace(work, entries=kept)
    price = price_explanation(_with(work, kind, started_at, ended_at))
    return price.gross if price is not None and price.lines else None


def _with_running(work: BillableWork, now: datetime) -> BillableWork:
    since = cost.running_since(
        reached_at=work.callback_reached_at,
        ends=[entry.ended_at for entry in work.entries],
    )
    return work if since is None or since >= now else _with(work, SUPPORT, since, now)


def _with(
    work: BillableWork, kind: str, started_at: datetime, ended_at: datetime
) -> BillableWork:
    more = BillableEntry(
        entry_id=0,
        technician="",
        kind=kind,
        started_at=started_at,
        ended_at=ended_at,
        billable=True,
        waiver_reason="",
    )
    return replace(work, entries=(*work.entries, more))


def _supported(work: BillableWork) -> timedelta:
    return sum(
        (
            entry.ended_at - entry.started_at
            for entry in work.entries
            if entry.billable and entry.kind == SUPPORT
        ),
        timedelta(),
    )
