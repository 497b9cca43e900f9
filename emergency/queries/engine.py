"""What the desk shows of the engine: its loops, its routes, what waits and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.utils.translation import gettext as _

from emergency.models import DueRow, Heartbeat, Page, RouteHealth, SelfTest
from emergency.models.sending import SendingQuerySet
from emergency.pagers.sentences.about_the_engine import route_name
from emergency.queries.health import Overdue, overdue
from emergency.queries.page_wording import error_word
from emergency.queries.self_tests import tested_routes
from emergency.rules.breaker import Health, Standing, standing

SHOWN_TESTS = 5
MOST_ROWS = 50
MISSING_AFTER = timedelta(seconds=60)
# Each loop and how old its last sign of life may be.
LOOPS = {
    "tick": timedelta(seconds=10),
    "watcher": timedelta(seconds=10),
    "sweep": timedelta(seconds=60),
}
GRACE = timedelta(seconds=3)


@dataclass(frozen=True, kw_only=True)
class Loop:
    """A loop's last sign of life. ``kind``: running | late | missing | never."""

    name: str
    kind: str
    at: datetime | None = None
    by: str = ""
    seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class Test:
    """One self-test; ``seconds`` from the page to the answer, where one came."""

    outcome: str
    started_at: datetime
    seconds: float | None
    error: str


@dataclass(frozen=True, kw_only=True)
class Route:
    """A way out of the house. ``standing``: closed | open | trial of its breaker."""

    code: str
    name: str
    standing: str
    health: RouteHealth | None
    error: str
    tests: Sequence[Test]
    is_tested: bool
    is_configured: bool

    @property
    def newest(self) -> Test | None:
        """The last test whose outcome is known."""
        return next((test for test in self.tests if test.outcome != "pending"), None)

    @property
    def is_under_way(self) -> bool:
        return bool(self.tests) and self.tests[0].outcome == "pending"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Pages of one kind that wait for one reason."""

    kind: str
    reason: str
    number: int
    oldest: datetime


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The whole page."""

    loops: Sequence[Loop]
    routes: Sequence[Route]
    waiting: Sequence[Waiting]
    overdue: Overdue
    put_aside: Sequence[DueRow]


def engine(now: datetime) -> Engine:
    """How the engine does at ``now``. Ten queries, however much waits."""
    return Engine(
        loops=_loops(now),
        routes=routes(now),
        waiting=_waiting(now),
        overdue=overdue(now=now, grace=GRACE),
        put_aside=list(
            DueRow.objects.filter(done_at__isnull=True, failures__gt=0)
            .select_related("incident")
            .order_by("due_at", "pk")[:MOST_ROWS]
        ),
    )


def routes(now: datetime) -> list[Route]:
    """Every route that is set up or has a past. Two queries."""
    tested = tested_routes()
    known = {row.route: row for row in RouteHealth.objects.all()}
    tests = _newest_tests(len(tested))
    return [
        _route(code, known.get(code), tests.get(code, []), code in tested, now)
        for code in [*tested, *sorted(known.keys() - set(tested))]
    ]


def trouble(now: datetime) -> list[str]:
    """What is wrong with the routes, a sentence each; empty when nothing is. At most
    two queries."""
    said = []
    for route in routes(now):
        if route.standing == Standing.OPEN:
            said.append(_("%(route)s: passed over, it fails") % {"route": route.name})
        elif route.newest is not None and route.newest.outcome == "failed":
            said.append(_("%(route)s: self-test failed") % {"route": route.name})
    return said


def _newest_tests(number: int) -> dict[str, list[Test]]:
    if not settings.HOUSE_PHONE_NUMBER:
        return {}
    found: dict[str, list[Test]] = {}
    # Routes take turns, so the last few of all hold the last few of each.
    for row in SelfTest.objects.order_by("-pk")[: SHOWN_TESTS * max(number, 1) * 2]:
        passed = row.outcome == SelfTest.Outcome.PASSED
        took = row.ended_at - row.started_at if passed and row.ended_at else None
        of_route = found.setdefault(row.route, [])
        if len(of_route) < SHOWN_TESTS:
            of_route.append(
                Test(
                    outcome=row.outcome,
                    started_at=row.started_at,
                    seconds=round(took.total_seconds(), 1) if took else None,
                    error=why_failed(row.error_code) if row.error_code else "",
                )
            )
    return found


def _route(
    code: str,
    row: RouteHealth | None,
    tests: Sequence[Test],
    is_tested: bool,
    now: datetime,
) -> Route:
    health = Health(failures=row.failures, open_until=row.open_until) if row else None
    return Route(
        code=code,
        name=route_name(code),
        standing=standing(health, now) if health else Standing.CLOSED,
        health=row,
        error=why_failed(row.last_error) if row and row.last_error else "",
        tests=tests,
        is_tested=is_tested and bool(settings.HOUSE_PHONE_NUMBER),
        is_configured=is_tested,
    )


def why_failed(code: str) -> str:
    """Why a route or a test failed, in words."""
    words = {
        "not_sent": _("it was never sent"),
        "no_answer_came": _("no answer came back"),
        "too_late": _("the answer came too late"),
        "page_gone": _("its page is gone"),
    }
    return words.get(code) or error_word(code)


def _loops(now: datetime) -> list[Loop]:
    beats = {beat.name: beat for beat in Heartbeat.objects.all()}
    loops = []
    for name, allowed in LOOPS.items():
        beat = beats.get(name)
        if beat is None:
            loops.append(Loop(name=name, kind="never"))
            continue
        age = abs(now - beat.at)
        late = "late" if age < max(MISSING_AFTER, 2 * allowed) else "missing"
        loops.append(
            Loop(
                name=name,
                kind="running" if age < allowed else late,
                at=beat.at,
                by=beat.by,
                seconds=int(age.total_seconds()),
            )
        )
    return loops


def _waiting(now: datetime) -> list[Waiting]:
    rows = (
        _not_sent()
        .order_by()
        .values("kind", "status", "held_reason")
        .annotate(number=Count("pk"), oldest=Min("due_at"))
        .order_by("oldest")
    )
    kinds = dict(Page._meta.get_field("kind").flatchoices)
    return [
        Waiting(
            kind=str(kinds.get(row["kind"], row["kind"])),
            reason=_why_waiting(row["status"], row["held_reason"], row["oldest"], now),
            number=row["number"],
            oldest=row["oldest"],
        )
        for row in rows
    ]


def _not_sent() -> SendingQuerySet[Page]:
    return Page.objects.filter(status__in=[Page.Status.QUEUED, Page.Status.CLAIMED])


def _why_waiting(status: str, held: str, due_at: datetime, now: datetime) -> str:
    if status == Page.Status.CLAIMED:
        return _("being sent just now")
    words = {
        "own_rule": _("as the technician's own rules say"),
        "digest": _("is read out with others in one call"),
        "retry": _("is tried again after a failure"),
        "breaker": _("its route is passed over"),
    }
    if held in words:
        return words[held]
    return _("due, waits for a sender") if due_at <= now else _("not due yet")
