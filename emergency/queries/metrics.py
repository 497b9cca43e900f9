"""What an operator's monitoring counts, as names, labels and numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Max, Min

from emergency.models import DueRow, Heartbeat, Incident, Page, RouteHealth
from emergency.queries.health import overdue
from emergency.queries.self_tests import newest_ended, tested_routes
from emergency.rules.breaker import Health, Standing, standing

GRACE = timedelta(seconds=3)
# Pages are counted over this time: a scraper sees each of them at least once.
LATELY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One number. ``name`` without the prefix; all samples of a name have the same
    labels."""

    name: str
    meaning: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


def samples(*, now: datetime) -> list[Sample]:
    """Everything that is counted, in a number of queries that does not grow."""
    return [
        *_incidents(),
        *_loops(now),
        *_late(now),
        *_pages(now),
        *_first_pages(now),
        *_routes(now),
    ]


def _incidents() -> Iterator[Sample]:
    real = Incident.objects.filter(is_drill=False)
    yield Sample(
        name="incidents_open",
        meaning="Open incidents",
        value=real.open().count(),
    )
    yield Sample(
        name="incidents_waiting",
        meaning="Incidents whose customer waits for the call",
        value=real.filter(status__in=["paging", "acknowledged"]).count(),
    )


def _loops(now: datetime) -> Iterator[Sample]:
    beats = dict(Heartbeat.objects.values_list("name", "at"))
    for name in ("tick", "watcher", "sweep"):
        at = beats.get(name)
        yield Sample(
            name=f"{name}_age_seconds",
            meaning=f"Age of the last {name}; -1 before the first",
            value=-1.0 if at is None else max(0.0, (now - at).total_seconds()),
        )


def _late(now: datetime) -> Iterator[Sample]:
    yield Sample(
        name="pages_due",
        meaning="Pages that should be on their way",
        value=Page.objects.due(now).count(),
    )
    yield Sample(
        name="decisions_due",
        meaning="Due rows not yet decided",
        value=DueRow.objects.due(now).count(),
    )
    found = overdue(now=now, grace=GRACE)
    yield Sample(
        name="decisions_failing",
        meaning="Open due rows that failed at least once",
        value=found.failing,
    )
    for what in ("pages", "messages", "decisions", "roster"):
        yield Sample(
            name="overdue",
            meaning="What should have been done three seconds ago",
            value=getattr(found, what),
            labels={"what": what},
        )


def _pages(now: datetime) -> Iterator[Sample]:
    waiting = (
        Page.objects.filter(status__in=["queued", "claimed"])
        .order_by()
        .values_list("kind")
        .annotate(number=Count("pk"))
    )
    for kind, number in waiting:
        yield Sample(
            name="pages_queued",
            meaning="Pages that are not with a provider yet",
            value=number,
            labels={"kind": kind},
        )
    lately = (
        Page.objects.filter(due_at__gt=now - LATELY, due_at__lte=now, sends__gt=0)
        .order_by()
        .values_list("kind", "attempts__provider", "status")
        .annotate(number=Count("pk", distinct=True))
    )
    for kind, provider, status, number in lately:
        yield Sample(
            name="pages_last_hour",
            meaning="Pages of the last hour by kind, provider and fate",
            value=number,
            labels={"kind": kind, "provider": provider or "", "status": status},
        )


def _first_pages(now: datetime) -> Iterator[Sample]:
    took = (
        Incident.objects.filter(opened_at__gt=now - LATELY, is_drill=False)
        .annotate(first=Min("pages__sent_at"))
        .exclude(first=None)
        .annotate(took=F("first") - F("opened_at"))
        .aggregate(mean=Avg("took"), most=Max("took"))
    )
    for which, value in (("mean", took["mean"]), ("max", took["most"])):
        yield Sample(
            name="first_page_seconds",
            meaning="From the order to the first page at a provider, last hour",
            value=-1.0 if value is None else value.total_seconds(),
            labels={"which": which},
        )


def _routes(now: datetime) -> Iterator[Sample]:
    for row in RouteHealth.objects.all():
        health = Health(failures=row.failures, open_until=row.open_until)
        yield Sample(
            name="route_breaker_open",
            meaning="1 while a route is passed over",
            value=float(standing(health, now) is Standing.OPEN),
            labels={"route": row.route},
        )
    for route in tested_routes():
        test = newest_ended(route)
        if test is None or test.ended_at is None:
            continue
        passed = test.outcome == "passed"
        yield Sample(
            name="self_test_passed",
            meaning="1 when the newest self-test of a route came back",
            value=float(passed),
            labels={"route": route},
        )
        if passed:
            yield Sample(
                name="self_test_seconds",
                meaning="Round trip of the newest self-test that came back",
                value=(test.ended_at - test.started_at).total_seconds(),
                labels={"route": route},
            )
