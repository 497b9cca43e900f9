"""The maintenance check at report time: asked once, shown, and kept as evidence.

It is asked with what was typed. What staff know of the server (its address, the parts
of a status page that it is) must not show on a public page before the caller is
confirmed: it counts for a signed-in customer's own servers, and for staff.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import Error
from django.utils.translation import gettext as _

from emergency.actions.report import MaintenanceCheck
from emergency.models import Account
from emergency.queries.servers import find_server
from emergency.views.words import by_moment, moment
from status.queries import AskedServer, verdict_of_any
from status.rules.maintenance import PageRead, Reason, Result
from status.rules.matching import Ground
from status.rules.windows import WindowFacts

logger = logging.getLogger(__name__)


def _asked(
    typed: Sequence[str], *, account: Account | None, by_staff: bool = False
) -> list[AskedServer]:
    """Each server under the name that was typed, and, for whoever may know, under all
    that is known of it."""
    asked = []
    for name in typed:
        may_know = by_staff or account is not None
        known = find_server(name, account=account) if may_know else None
        if known is None:
            asked.append(AskedServer(names=[name]))
        else:
            asked.append(
                AskedServer(
                    names=[name, known.name],
                    addresses=[known.address] if known.address else [],
                    mapped=known.status_components,
                )
            )
    return asked


def asked_again(
    check: MaintenanceCheck, *, servers: Sequence[str], account: Account | None
) -> list[str]:
    """The names under which the windows of this check are found again later."""
    asked = _asked(servers, account=account)
    windows = check.evidence.get("windows", [])
    if any(window.get("why") == Ground.MAPPED.value for window in windows):
        words = [[*server.names, *server.mapped] for server in asked]
    else:
        words = [[*server.names, *server.addresses] for server in asked]
    return list(dict.fromkeys(word for own in words for word in own))


def check_maintenance(
    *,
    servers: Sequence[str],
    now: datetime,
    account: Account | None = None,
    by_staff: bool = False,
) -> MaintenanceCheck:
    """What the stored status pages say of these names at ``now``, for the account that
    is signed in, or for staff, who know all servers.

    Never raises: when they cannot be read the answer is unknown.
    """
    try:
        found = verdict_of_any(
            _asked(servers, account=account, by_staff=by_staff), now=now
        )
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
