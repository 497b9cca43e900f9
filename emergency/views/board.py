"""The desk's board: every open incident, and what everybody at the desk must see.

Everybody sees the same. One rendering serves all who look within a second, so that two
hundred open boards cost no more than one (decision 0005).
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from emergency.queries import board
from emergency.queries.engine import trouble
from emergency.queries.mail import waiting_count
from emergency.queries.reach import cannot_be_reached
from emergency.queries.readiness import coming_gaps
from emergency.queries.reportable import board_lines
from emergency.queries.roster import OnCall, everybody_on_call
from emergency.queries.self_tests import newest_of_all
from emergency.queries.storm import storm
from emergency.queries.timers import timer_of
from emergency.views.access import DESK_ROLES, StaffRequest, staff_required
from emergency.views.desk import etag_of, fragment_response

Value = TypeVar("Value")
GAPS_AHEAD = timedelta(days=14)
# The icon has room for two digits.
MOST_ON_THE_ICON = 99


@dataclass
class Shared(Generic[Value]):
    """A value by language that is made anew when it is older than ``seconds``.

    Whoever comes while it is being made waits for it instead of making it, too. What
    takes long to make is kept for twice as long as that took: a third of the time, at
    the most, goes into making. With no ``seconds`` nothing is kept.
    """

    seconds: float
    _made: dict[str, tuple[float, float, Value]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, make: Callable[[], Value]) -> Value:
        """The value for the active language. Raises what ``make`` raises."""
        language = get_language() or ""
        with self._lock:
            at, took, value = self._made.get(language, (0.0, 0.0, None))
            began = time.monotonic()
            kept = max(self.seconds, 2 * took) if self.seconds else 0.0
            if value is None or began - at >= kept:
                value = make()
                now = time.monotonic()
                self._made[language] = now, now - began, value
            return value


@dataclass(frozen=True, kw_only=True)
class Fragment:
    """The changing part of the board, and how many incidents are open."""

    html: str
    count: int
    etag: str


shared_fragment: Shared[Fragment] = Shared(seconds=1.0)
# Fourteen days of a schedule take longer to compute than they take to change.
shared_gaps: Shared[list[tuple[str, int]]] = Shared(seconds=60.0)


@staff_required(*DESK_ROLES)
@require_safe
def show_board(request: StaffRequest) -> HttpResponse:
    """Every open incident, what is due next first."""
    now = timezone.now()
    fragment = _fragment(request, now)
    return render(
        request,
        "emergency/desk_board.html",
        {
            "area": "board",
            "fragment": fragment.html,
            "etag": fragment.etag,
            "count": fragment.count,
            "icon": min(fragment.count, MOST_ON_THE_ICON),
            "unreachable": cannot_be_reached(request.user),
            "own_timer": timer_of(request.user),
            "now": now,
        },
    )


@staff_required(*DESK_ROLES)
@require_safe
def board_fragment(request: StaffRequest) -> HttpResponse:
    """The changing part of the board; 304 when it reads as before."""
    now = timezone.now()
    fragment = _fragment(request, now)
    return fragment_response(request, fragment.html, now, etag=fragment.etag)


@staff_required(*DESK_ROLES)
@require_safe
@cache_control(private=True, max_age=31_536_000, immutable=True)
def icon(request: StaffRequest, count: int) -> HttpResponse:
    """The desk's icon with this number of open incidents on it."""
    shown = min(count, MOST_ON_THE_ICON)
    svg = render_to_string("emergency/desk_icon.svg", {"count": shown})
    return HttpResponse(svg, content_type="image/svg+xml")


def _fragment(request: HttpRequest, now: datetime) -> Fragment:
    return shared_fragment.get(lambda: _render(request, now))


def _render(request: HttpRequest, now: datetime) -> Fragment:
    rows = board.open_incidents(now)
    on_call = everybody_on_call(now)
    cases, more_cases = board_lines(now)
    html = render_to_string(
        "emergency/_desk_board.html",
        {
            "rows": rows,
            "icon": min(len(rows), MOST_ON_THE_ICON),
            "on_call": on_call,
            "next": _next_hand_off(on_call),
            "gaps": shared_gaps.get(lambda: _gaps(now)),
            "tick": board.last_tick(now),
            "trouble": trouble(now),
            "self_test": newest_of_all(),
            "storm": storm(now),
            "mails": waiting_count(),
            "cases": cases,
            "more_cases": more_cases,
            "now": now,
        },
        request,
    )
    return Fragment(html=html, count=len(rows), etag=etag_of(html))


def _next_hand_off(on_call: list[OnCall]) -> OnCall | None:
    """The schedule whose hand-off is next."""
    coming = [
        (one.next_hand_off.at, place, one)
        for place, one in enumerate(on_call)
        if one.next_hand_off
    ]
    return min(coming)[2] if coming else None


def _gaps(now: datetime) -> list[tuple[str, int]]:
    """Names of schedules with gaps ahead, and how many each has."""
    found = coming_gaps(now, until=GAPS_AHEAD)
    return [(schedule.name, len(gaps)) for schedule, gaps in found if gaps]
