"""Our own status page, for people and for machines; and the demo's fictional one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from status.queries import local_page
from status.rules.statuspage_document import (
    LocalPage,
    ahead,
    maintenances,
    over,
    running,
    summary,
)

_HOSTING = "nl-hosting"
_COMPONENTS = (
    ("nl-hosting", "Hosting", None),
    ("nl-web", "Webserver", _HOSTING),
    ("nl-db", "Datenbankserver", _HOSTING),
    ("nl-mail", "E-Mail", None),
    ("nl-net", "Netzwerk", None),
    ("nl-backup", "Backup", None),
)


# Windows that are over and still shown to people.
_SHOWN_AFTER_END = timedelta(days=7)


def _page() -> LocalPage:
    """Our own page. Raises Http404 when nobody opened one."""
    page = local_page(
        url=settings.PUBLIC_BASE_URL + reverse("status:page"),
        time_zone=settings.TIME_ZONE,
    )
    if page is None:
        raise Http404
    return page


@require_safe
@cache_control(public=True, max_age=30)
def show_page(request: HttpRequest) -> HttpResponse:
    """What runs, what is ahead and what was, for people."""
    now, page = timezone.now(), _page()
    recent = [
        window
        for window in over(page, now)
        if window.facts.ends_at and window.facts.ends_at > now - _SHOWN_AFTER_END
    ]
    return render(
        request,
        "status/page.html",
        {
            "page": page,
            "running": running(page, now),
            "ahead": ahead(page, now),
            "over": recent[::-1],
        },
    )


def _document(choose: Callable[[LocalPage, datetime], dict[str, Any]]) -> Any:
    """A view that answers with this document, to any site that asks."""

    @require_safe
    @conditional_page
    @cache_control(public=True, max_age=30)
    def show(request: HttpRequest) -> HttpResponse:
        response = JsonResponse(choose(_page(), timezone.now()))
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return show


show_summary = _document(summary)
show_all = _document(
    lambda page, now: maintenances(
        page, [*running(page, now), *ahead(page, now), *over(page, now)[::-1]], now
    )
)
show_active = _document(lambda page, now: maintenances(page, running(page, now), now))
show_upcoming = _document(lambda page, now: maintenances(page, ahead(page, now), now))


@require_safe
def demo_summary(request: HttpRequest) -> JsonResponse:
    """A fictional hoster's page, relative to now. Outside the demo: not found."""
    if not settings.DEMO:
        raise Http404
    return JsonResponse(_demo_document(timezone.now()))


def _demo_document(now: datetime) -> dict[str, object]:
    """Everything runs; the backup servers are worked on the night after tomorrow."""
    day = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    start = day.replace(hour=1) + timedelta(days=2)
    end = start + timedelta(hours=3)
    announced = (start - timedelta(days=9)).isoformat(timespec="milliseconds")
    components = [_component(*entry) for entry in _COMPONENTS]
    return {
        "page": {
            "id": "nordlichtdemo",
            "name": "Nordlicht Hosting",
            "url": settings.PUBLIC_BASE_URL,
            "time_zone": settings.TIME_ZONE,
            "updated_at": announced,
        },
        "components": components,
        "incidents": [],
        "scheduled_maintenances": [
            {
                "id": f"nlm{start:%Y%m%d}",
                "name": "Austausch der Backup-Speicher",
                "status": "scheduled",
                "impact": "maintenance",
                "created_at": announced,
                "updated_at": announced,
                "started_at": announced,
                "monitoring_at": None,
                "resolved_at": None,
                "shortlink": "",
                "scheduled_for": start.isoformat(timespec="milliseconds"),
                "scheduled_until": end.isoformat(timespec="milliseconds"),
                "incident_updates": [],
                "components": [c for c in components if c["id"] == "nl-backup"],
            }
        ],
        "status": {"indicator": "none", "description": "All Systems Operational"},
    }


def _component(identity: str, name: str, group: str | None) -> dict[str, object]:
    return {
        "id": identity,
        "name": name,
        "status": "operational",
        "group": identity == _HOSTING,
        "group_id": group,
    }
