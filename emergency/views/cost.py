"""What it costs so far, and what it would cost with more time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from emergency import billable
from emergency.billable import BillableEntry, BillableWork
from emergency.models import Incident, Technician, TimeEntry
from emergency.queries.agreements import agreements
from emergency.queries.amounts import money
from emergency.rules import cost
from emergency.rules.states import TIMED_STATES
from emergency.terms import price_explanation

# Whoever has used so much of the customer's limit asks soon.
NEARLY = Decimal("0.9")
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
    work = _with_running(billable.preview(incident.reference, now=now), incident, now)
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


@dataclass(frozen=True, kw_only=True)
class DeskCost:
    """What stands behind the running timers, in words: the gross amount so far, and
    the customer's limit or what they agreed to beyond it, where they set one.
    ``beyond``: it is passed; ``near``: less than a tenth of it is left."""

    gross: str
    limit: str
    beyond: bool
    near: bool


def desk_cost(incident: Incident, now: datetime) -> DeskCost | None:
    """What this incident costs so far with its running timers; None while nobody works
    on it, and when nobody can say."""
    if incident.status not in TIMED_STATES:
        return None
    if incident.reached_at is None and not incident.timers.running().exists():
        return None
    price = price_explanation(
        _with_timers(billable.preview(incident.reference, now=now), incident, now)
    )
    if price is None or not price.lines:
        return None
    known = agreements(incident)
    limit = None
    if known.limit is not None and known.limit.gross is not None:
        limit = max(known.limit.gross, known.agreed or Decimal(0))
    return DeskCost(
        gross=money(price.gross, price.currency),
        limit="" if limit is None else money(limit, price.currency),
        beyond=limit is not None and price.gross > limit,
        near=limit is not None and price.gross > limit * NEARLY,
    )


def cost_if_stopped(incident: Incident, now: datetime) -> Decimal | None:
    """The gross amount if every running timer were stopped now; None when nobody can
    say."""
    work = _with_timers(billable.preview(incident.reference, now=now), incident, now)
    price = price_explanation(work)
    return price.gross if price is not None and price.lines else None


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


def _with_running(
    work: BillableWork, incident: Incident, now: datetime
) -> BillableWork:
    """With the running timers; where nobody has used one, with the time since the
    customer was reached or since the last entry."""
    if incident.timers.exists():
        return _with_timers(work, incident, now)
    since = cost.running_since(
        reached_at=work.callback_reached_at,
        ends=[entry.ended_at for entry in work.entries],
    )
    return work if since is None or since >= now else _with(work, SUPPORT, since, now)


def _with_timers(work: BillableWork, incident: Incident, now: datetime) -> BillableWork:
    for timer in incident.timers.running().select_related("technician__staff"):
        if timer.started_at < now:
            who = timer.technician
            work = _with(work, timer.kind, timer.started_at, now, who=who)
    return work


def _with(
    work: BillableWork,
    kind: str,
    started_at: datetime,
    ended_at: datetime,
    *,
    who: Technician | None = None,
) -> BillableWork:
    more = BillableEntry(
        entry_id=0,
        technician=who.staff.full_name if who else "",
        technician_id=who.pk if who else 0,
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
