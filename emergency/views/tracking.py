"""The customer's view of the incident: how far it is, and when we call."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emergency.models import Report
from emergency.queries.tracking import tracking as view_of
from emergency.views.customer import tracking_page
from emergency.views.tracking_words import explanation, headline, minutes_left, steps
from emergency.views.words import moment, prices

# Without a script the page reads itself again after so many seconds.
REFRESH_SECONDS = 30


@tracking_page(everything=False)
@require_safe
def tracking(request: HttpRequest, report: Report) -> HttpResponse:
    """The page of this report.

    ``?part=progress`` answers with the part that changes, for the page's own script.
    ``?pause=1`` is the same page at rest.
    """
    now = timezone.now()
    view = view_of(report, now)
    context = {
        "view": view,
        "report": report,
        "headline": headline(view, now),
        "explanation": explanation(view, now),
        "minutes_left": minutes_left(view, now),
        "steps": steps(view, now),
        "ordered_at": moment(report.ordered_at, now),
        "updated_at": timezone.localtime(now),
        "now": now,
        "prices": prices(view.terms),
        "paused": "pause" in request.GET,
        "refresh_seconds": None if view.is_over else REFRESH_SECONDS,
    }
    part = request.GET.get("part") == "progress"
    template = "_tracking_progress.html" if part else "tracking.html"
    return render(request, f"emergency/{template}", context)
