"""The maintenance check at report time: asked once, shown, and kept as evidence.

It is asked with what the customer typed and nothing else. What staff know of the server
must not show on a public page before the caller is confirmed.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import Error
from django.utils.translation import gettext as _

from emergency.actions.report import MaintenanceCheck
from emergency.views.words import by_moment, moment
from status.queries import verdict
from status.rules.maintenance import PageRead, Reason, Result
from status.rules.matching import Ground
from status.rules.windows import WindowFacts

logger = logging.getLogger(__name__)


def check_maintenance(*, servers: Sequence[str], now: datetime) -> MaintenanceCheck:
    """What the stored status pages say of these names at ``now``.

    Never raises: when they cannot be read the answer is unknown.
    """
    try:
        found = verdict(names=list(servers), now=now)
    except Error:
        logger.exception("the maintenance check cannot be made")
        return MaintenanceCheck(
            result=Result.UNKNOWN.value,
            evidence={
                "reason": Reason.UNAVAILABLE.value,
                "checked_at": now.isoformat(),
            },
        )
    return MaintenanceCheck(
        result=found.result.value,
        evidence={
            "reason": found.reason.value,
            "checked_at": now.isoformat(),
            "fetched_at": found.fetched_at.isoformat() if found.fetched_at else None,
            "sources": list(found.sources),
            "pages": [_read(page) for page in found.pages],
            "windows": [_plain(window) for window in found.windows],
            "others": [_plain(window) for window in found.others],
        },
    )


def _read(page: PageRead) -> dict[str, Any]:
    return {
        "name": page.name,
        "fetched_at": page.fetched_at.isoformat() if page.fetched_at else None,
        "body_hash": page.body_hash,
    }


def _plain(window: WindowFacts) -> dict[str, Any]:
    return {
        "id": window.id,
        "source": window.source,
        "why": window.ground.value if window.ground else "",
        "name": window.name,
        "starts_at": window.starts_at.isoformat() if window.starts_at else None,
        "ends_at": window.ends_at.isoformat() if window.ends_at else None,
        "components": [component.name for component in window.components],
        "url": window.url,
    }


@dataclass(frozen=True, kw_only=True)
class ShownWindow:
    name: str
    until: str
    parts: str
    url: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ShownCheck:
    """The check as the page says it. ``age_minutes`` is the age of the reading."""

    result: str
    windows: list[ShownWindow]
    others: list[ShownWindow]
    read_at: str
    needs_confirmation: bool


def shown(check: MaintenanceCheck, now: datetime) -> ShownCheck:
    """The check with its times in the operator's zone and the active language."""
    evidence = check.evidence
    fetched = evidence.get("fetched_at")
    return ShownCheck(
        result=check.result,
        windows=[_shown(window, now) for window in evidence.get("windows", [])],
        others=[_shown(window, now) for window in evidence.get("others", [])],
        read_at=moment(datetime.fromisoformat(fetched), now) if fetched else "",
        needs_confirmation=check.result == Result.ACTIVE,
    )


def _shown(window: dict[str, Any], now: datetime) -> ShownWindow:
    end = datetime.fromisoformat(window["ends_at"]) if window["ends_at"] else None
    return ShownWindow(
        name=window["name"],
        until=by_moment(end, now) if end and end > now else "",
        parts=", ".join(window["components"]),
        url=window["url"],
        why=_why(window.get("why", "")),
    )


def _why(ground: str) -> str:
    """Why this window is shown to whoever asked for this server."""
    return {
        Ground.MAPPED.value: _("It names your server."),
        Ground.EXACT.value: _("It names your server."),
        Ground.NAME.value: _("It names your server."),
        Ground.SHORT.value: _("It names a server with the same short name."),
        Ground.PARENT.value: _("It concerns the group that your server belongs to."),
        Ground.MENTIONED.value: _("Its title mentions your server."),
        Ground.WHOLE_PAGE.value: _("It names no servers and may concern all."),
    }.get(ground, "")
