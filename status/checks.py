"""System checks of this app, each with an id and a hint."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from status.models import Source


@register(Tags.security)
def the_demo_page_stays_on_this_machine(**kwargs: Any) -> list[CheckMessage]:
    """The fictional status page is not served to the world."""
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or ""
    if settings.DEMO and host not in {"127.0.0.1", "localhost", "::1"}:
        return [
            Warning(
                _("The demo's fictional status page would be public."),
                hint=_("Unset DEMO, or set PUBLIC_BASE_URL to this machine."),
                id="status.W001",
            )
        ]
    return []


@register(Tags.database)
def a_status_page_is_registered(
    **kwargs: Any,
) -> list[CheckMessage]:
    """Without a page every maintenance check answers "unknown"."""
    if "default" not in (kwargs.get("databases") or ()):
        return []
    try:
        if "status_source" not in connections["default"].introspection.table_names():
            return []
        found = Source.objects.filter(enabled=True).exists()
    except DatabaseError:
        return []
    if found:
        return []
    return [
        Warning(
            _("No status page is registered: the maintenance check cannot answer."),
            hint=_("Register one: manage.py add_status_source NAME URL"),
            id="status.W002",
        )
    ]
