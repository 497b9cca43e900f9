"""The demo's fictional status page: a document for the poller to read."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

_HOSTING = "nl-hosting"
_COMPONENTS = (
    ("nl-hosting", "Hosting", None),
    ("nl-web", "Webserver", _HOSTING),
    ("nl-db", "Datenbankserver", _HOSTING),
    ("nl-mail", "E-Mail", None),
    ("nl-net", "Netzwerk", None),
    ("nl-backup", "Backup", None),
)


@require_safe
def demo_summary(request: HttpRequest) -> JsonResponse:
    """A fictional hoster's page, relative to now. Outside the demo: not found."""
    if not settings.DEMO:
        raise Http404
    return JsonResponse(_document(timezone.now()))


def _document(now: datetime) -> dict[str, object]:
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
