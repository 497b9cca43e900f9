"""The customer's view of the incident: how far it is, and when we call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emergency.queries.tracking import Tracking
from emergency.queries.tracking import tracking as find
from emergency.rules.deadline import time_left
from emergency.views.language import in_chosen_language
from emergency.views.words import by_moment, moment, prices

# Without a script the page reads itself again after so many seconds.
REFRESH_SECONDS = 30
# The place of the call in the steps.
_CALLING = 3


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the way. ``mark``: done | now | next."""

    title: str
    at: str
    mark: str


@require_safe
@in_chosen_language
def tracking(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind this secret; 404 for any other.

    ``?part=progress`` answers with the part that changes, for the page's own script.
    ``?pause=1`` is the same page at rest.
    """
    now = timezone.now()
    view = find(token, now)
    if view is None:
        raise Http404
    if "lang" not in request.GET and "django_language" not in request.COOKIES:
        translation.activate(view.language)
        request.LANGUAGE_CODE = view.language
    finished = view.status in {"closed", "cancelled"}
    context = {
        "view": view,
        "headline": _headline(view, now),
        "explanation": _explanation(view, now),
        "minutes_left": _minutes_left(view, now),
        "steps": _steps(view, now),
        "ordered_at": moment(view.opened_at, now),
        "updated_at": timezone.localtime(now),
        "prices": prices(view.terms),
        "paused": "pause" in request.GET,
        "refresh_seconds": None if finished else REFRESH_SECONDS,
    }
    part = request.GET.get("part") == "progress"
    template = "_tracking_progress.html" if part else "tracking.html"
    response = render(request, f"emergency/{template}", context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _waiting(view: Tracking) -> bool:
    return view.status in {"paging", "acknowledged"}


def _minutes_left(view: Tracking, now: datetime) -> int | None:
    """Started minutes until the callback deadline, while it is still ahead."""
    left = time_left(view.deadline_at, now)
    started = -(-left // timedelta(minutes=1))
    return started if _waiting(view) and started > 0 else None


def _headline(view: Tracking, now: datetime) -> str:
    if view.status == "cancelled":
        return _("This order is cancelled")
    if view.status in {"resolved", "closed"}:
        return _("Solved")
    if view.status == "reached":
        return _("We are working on it")
    if view.status == "unreached":
        return _("Please ring us")
    if now > view.deadline_at:
        return _("We should have called you by %(time)s") % {
            "time": by_moment(view.deadline_at, now)
        }
    return _("We call you by %(time)s") % {"time": by_moment(view.deadline_at, now)}


def _explanation(view: Tracking, now: datetime) -> str:
    """One sentence on what is happening; it is what a screen reader is told."""
    name = view.owner_first_name
    if view.status == "cancelled":
        return _("Nobody will call you about this report.")
    if view.status in {"resolved", "closed"}:
        return _("The work on this report is finished.")
    if view.status == "reached":
        return _("%(name)s has spoken with you and is working on the problem.") % {
            "name": name or _("A technician")
        }
    if view.status == "unreached":
        return _(
            "We tried at %(times)s and did not reach you. Ring us at %(number)s; we"
            " start as soon as we speak with you."
        ) % {
            "times": ", ".join(moment(at, now) for at in view.attempts),
            "number": view.hotline,
        }
    if view.attempts:
        return _(
            "We called you at %(time)s and did not reach you. We try again. Please keep"
            " your phone at hand."
        ) % {"time": moment(view.attempts[-1], now)}
    if now > view.deadline_at:
        return _(
            "We are late. The duty manager knows and more technicians are being paged."
            " You will be called."
        )
    if view.status == "acknowledged":
        return _("%(name)s has taken your report and calls you.") % {
            "name": name or _("A technician")
        }
    if view.paged_at is not None:
        return _(
            "A technician is being paged. If nobody answers, the next one is paged by"
            " itself."
        )
    return _("Your report is with us. A technician is paged now.")


def _steps(view: Tracking, now: datetime) -> list[Step]:
    """The way from report to solution, with the time of what has happened.

    A call that did not reach the customer is not behind us: its step stays the present.
    """
    name = view.owner_first_name
    last_attempt = view.attempts[-1] if view.attempts else None
    taken = (
        _("Taken by %(name)s") % {"name": name} if name else _("Taken by a technician")
    )
    way = [
        (_("Report received"), view.opened_at),
        (_("Technician paged"), view.paged_at),
        (taken, view.acknowledged_at or view.reached_at),
        (_("You are called"), last_attempt or view.reached_at),
        (_("Spoken with you"), view.reached_at),
        (_("Solved"), view.resolved_at or view.closed_at),
    ]
    reached = [
        at is not None and (position != _CALLING or view.reached_at is not None)
        for position, (_title, at) in enumerate(way)
    ]
    steps, current = [], True
    for position, (title, at) in enumerate(way):
        if any(reached[position:]):
            mark = "done"
        elif current and view.status != "cancelled":
            mark, current = "now", False
        else:
            mark = "next"
        steps.append(Step(title=title, at=moment(at, now) if at else "", mark=mark))
    return steps
