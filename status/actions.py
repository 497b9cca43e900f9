"""The verbs of the maintenance check: read a page, read all that are due, add one.

No network call stands inside a transaction: a due row is claimed in one, the page is
fetched outside, and what it says is recorded in another.
"""

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import transaction

from status.models import Source, SourceKind, Window
from status.queries import window_facts
from status.rules.maintenance import Phase, WindowFacts, phase_at
from status.rules.matching import Component
from status.rules.polling import delay_after_failure, delay_after_success
from status.sources.base import Document, Fetched, SourceError
from status.sources.http import fetch
from status.sources.kinds import PARSERS

logger = logging.getLogger(__name__)

# Longer than a fetch may take: a reader that died gives its source back by itself.
CLAIM = timedelta(seconds=60)
MOST_PER_ROUND = 50
SUMMARY_PATH = "/api/v2/summary.json"
DEMO_PATH = "/status/demo" + SUMMARY_PATH


def add_source(*, name: str, url: str, now: datetime, allow_host: str = "") -> Source:
    """The status page stands in a row and is due at once; a second call changes it.

    ``url`` may be the page's start; the path of its document is then added.
    ``allow_host`` admits one host over plain http and on a private address.
    """
    parts = urlsplit(url)
    if parts.path in {"", "/"}:
        url = urlunsplit(parts._replace(path=SUMMARY_PATH))
    source, _ = Source.objects.update_or_create(
        url=url,
        defaults={
            "name": name,
            "kind": SourceKind.STATUSPAGE,
            "allow_host": allow_host,
            "enabled": True,
            "next_fetch_at": now,
        },
    )
    return source


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


def refresh_due(*, now: datetime) -> int:
    """Every source due at ``now`` has been read once; how many were claimed here.

    Several rounds may run at once: each source is claimed by one of them.
    """
    with transaction.atomic():
        claimed = list(
            Source.objects.select_for_update(skip_locked=True)
            .filter(enabled=True, next_fetch_at__lte=now)
            .order_by("next_fetch_at")[:MOST_PER_ROUND]
            .values_list("pk", flat=True)
        )
        Source.objects.filter(pk__in=claimed).update(next_fetch_at=now + CLAIM)
    for source_id in claimed:
        try:
            refresh_source(source_id=source_id, now=now)
        except Exception:
            # One page that breaks us must not keep the others from being read.
            logger.exception("status source %s cannot be refreshed", source_id)
    return len(claimed)


def refresh_source(*, source_id: int, now: datetime) -> bool:
    """The source has been read and what was found is stored; true when that worked.

    A failure keeps the last good windows with their age and is recorded with the time
    of the next attempt.
    """
    source = Source.objects.get(pk=source_id)
    try:
        fetched = fetch(
            url=source.url,
            allow_host=source.allow_host,
            etag=source.etag,
            last_modified=source.last_modified,
            contact=settings.PUBLIC_BASE_URL,
        )
        document = None if fetched.body is None else PARSERS[source.kind](fetched.body)
    except SourceError as error:
        _record_failure(source_id=source_id, error=error, now=now)
        return False
    _record_reading(source_id=source_id, fetched=fetched, document=document, now=now)
    return True


@transaction.atomic
def _record_failure(*, source_id: int, error: SourceError, now: datetime) -> None:
    source = Source.objects.select_for_update().get(pk=source_id)
    source.failures += 1
    source.last_error = error.code
    delay = delay_after_failure(
        interval=source.interval,
        failures=source.failures,
        retry_after=error.retry_after,
        seed=source.pk + source.failures,
    )
    source.next_fetch_at = now + delay
    source.backoff_until = now + delay if delay > 2 * source.interval else None
    if error.unreadable:
        # "Not modified" would confirm a body that was never understood.
        source.etag = source.last_modified = ""
    source.save()
    logger.warning(
        "status source %s: %s, next attempt in %s s",
        source.pk,
        error.code,
        round(delay.total_seconds()),
    )


@transaction.atomic
def _record_reading(
    *, source_id: int, fetched: Fetched, document: Document | None, now: datetime
) -> None:
    source = Source.objects.select_for_update().get(pk=source_id)
    if source.fetched_at is not None and source.fetched_at > now:
        return  # a later reading has been stored meanwhile
    if document is not None:
        _store_windows(source, document.windows)
        if document.components or not source.components:
            # A list that is suddenly empty is more likely a fault than a truth.
            source.components = [_row(part) for part in document.components or ()]
        source.etag = fetched.etag
        source.last_modified = fetched.last_modified
        source.body_hash = fetched.body_hash
    source.fetched_at = now
    source.failures = 0
    source.last_error = ""
    source.backoff_until = None
    still_open = _open_windows(source, now)
    source.next_fetch_at = now + delay_after_success(
        interval=source.interval,
        edges=[
            edge
            for window in still_open
            for edge in (window.starts_at, window.ends_at)
            if edge is not None
        ],
        planned=bool(still_open),
        now=now,
        conditional=bool(source.etag or source.last_modified),
        seed=source.pk,
    )
    source.save()


def _store_windows(source: Source, windows: tuple[WindowFacts, ...]) -> None:
    """Exactly the page's windows stand in rows; what it no longer names is gone."""
    source.windows.exclude(external_id__in=[window.id for window in windows]).delete()
    Window.objects.bulk_create(
        [
            Window(
                source=source,
                external_id=window.id,
                name=window.name,
                state=window.state.value,
                starts_at=window.starts_at,
                ends_at=window.ends_at,
                components=[_row(part) for part in window.components],
                url=window.url,
            )
            for window in windows
        ],
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=["name", "state", "starts_at", "ends_at", "components", "url"],
    )


def _row(component: Component) -> dict[str, str | bool]:
    return {
        "id": component.id,
        "name": component.name,
        "group": component.group,
        "in_maintenance": component.in_maintenance,
    }


def _open_windows(source: Source, now: datetime) -> list[WindowFacts]:
    """The windows that are not over: running, due, ahead or unclear."""
    stored = [window_facts(window) for window in source.windows.all()]
    return [window for window in stored if phase_at(window, now) is not Phase.OVER]
