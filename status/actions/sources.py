"""The verbs about status pages themselves: register one, switch one on or off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from status.models import Source, SourceKind

SUMMARY_PATH = "/api/v2/summary.json"
DEMO_PATH = "/status/demo" + SUMMARY_PATH


def add_source(
    *,
    name: str,
    url: str,
    now: datetime,
    kind: str = SourceKind.STATUSPAGE,
    allow_host: str = "",
    config: Mapping[str, Any] | None = None,
) -> Source:
    """The status page stands in a row and is due at once; a second call changes it.

    ``url`` may be the start of a Statuspage; the path of its document is then added.
    ``allow_host`` admits one host over plain http and on a private address.
    """
    parts = urlsplit(url)
    if kind == SourceKind.STATUSPAGE and parts.path in {"", "/"}:
        url = urlunsplit(parts._replace(path=SUMMARY_PATH))
    source, _ = Source.objects.update_or_create(
        url=url,
        defaults={
            "name": name,
            "kind": kind,
            "allow_host": allow_host,
            "config": dict(config or {}),
            "enabled": True,
            "next_fetch_at": now,
            # What was confirmed for another kind or zone is confirmed no more.
            "etag": "",
            "last_modified": "",
        },
    )
    return source


def add_static_window(*, name: str, config: Mapping[str, Any], now: datetime) -> Source:
    """A window that the hoster keeps by agreement stands in a row and is due at once.

    ``config`` is what ``status.sources.static`` reads; whoever calls has tried it.
    """
    return Source.objects.create(
        name=name,
        kind=SourceKind.STATIC,
        config={**config, "name": name},
        next_fetch_at=now,
    )


def ensure_demo_source(*, base_url: str, now: datetime) -> Source:
    """The demo's own status document is registered and will be read next.

    ``base_url`` is where this product answers. Any demo page registered under another
    port before is switched off: it would only grow old and blur every answer.
    """
    url = base_url.rstrip("/") + DEMO_PATH
    Source.objects.filter(url__endswith=DEMO_PATH).exclude(url=url).update(
        enabled=False
    )
    return add_source(
        name="Nordlicht Hosting",
        url=url,
        now=now,
        allow_host=urlsplit(url).netloc,
    )


def switch(*, source_id: int, enabled: bool, now: datetime) -> None:
    """The page is asked and counts, or neither; switched on it is due at once."""
    Source.objects.filter(pk=source_id).update(enabled=enabled, next_fetch_at=now)
