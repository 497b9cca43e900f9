"""The verbs of the poller: read a page, read all that are due.

No network call stands inside a transaction: a due row is claimed in one, the page is
fetched outside, and what it says is recorded in another. Pages are fetched side by
side, by threads that see no row; one slow page does not make the others late.
"""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from status.actions.components import set_components
from status.actions.rows import window_row
from status.models import Source, SourceKind, Window
from status.queries import window_facts
from status.rules.matching import Component
from status.rules.polling import delay_after_failure, delay_after_success
from status.rules.windows import Phase, WindowFacts, WindowState, phase_at
from status.sources.base import Document, Fetched, SourceError, worth_keeping
from status.sources.reading import Address, read_page, told

logger = logging.getLogger(__name__)

# Longer than a round may take: a reader that died gives its sources back by itself.
CLAIM = timedelta(seconds=90)
MOST_PER_ROUND = 50
SIDE_BY_SIDE = 10
# A remark beside a page that was read: staff see it, the page is good all the same.
_GONE = "components_gone"


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A page about to be read, and what was read of it."""

    source_id: int
    address: Address
    etag: str
    last_modified: str


def refresh_due(*, now: datetime) -> int:
    """Every source due at ``now`` has been read once; how many were claimed here.

    Several rounds may run at once: each source is claimed by one of them.
    """
    with transaction.atomic():
        claimed = list(
            Source.objects.select_for_update(skip_locked=True)
            .filter(enabled=True, next_fetch_at__lte=now)
            .exclude(kind=SourceKind.LOCAL)
            .order_by("next_fetch_at")[:MOST_PER_ROUND]
        )
        Source.objects.filter(pk__in=[source.pk for source in claimed]).update(
            next_fetch_at=now + CLAIM
        )
    _refresh([_asked(source) for source in claimed], now)
    return len(claimed)


def refresh_source(*, source_id: int, now: datetime) -> bool:
    """The source has been read and what was found is stored; true when that worked.

    A failure keeps the last good windows with their age and is recorded with the time
    of the next attempt. Asked for by a person this is also the way past a pause.
    """
    source = Source.objects.get(pk=source_id)
    if source.kind == SourceKind.LOCAL:
        return True
    return _refresh([_asked(source)], now) == 1


def _asked(source: Source) -> _Asked:
    return _Asked(
        source_id=source.pk,
        address=Address(
            kind=source.kind,
            url=source.url,
            allow_host=source.allow_host,
            config=told(source.url, source.config, settings.STATUS_PAGE_SECRETS),
            contact=settings.PUBLIC_BASE_URL,
        ),
        etag=source.etag,
        last_modified=source.last_modified,
    )


def _refresh(asked: list[_Asked], now: datetime) -> int:
    """How many of these pages could be read."""
    good = 0
    if not asked:
        return good
    with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(asked))) as threads:
        answers = threads.map(lambda one: _read(one, now), asked)
        for one, answer in zip(asked, answers, strict=True):
            try:
                if isinstance(answer, SourceError):
                    _record_failure(source_id=one.source_id, error=answer, now=now)
                else:
                    fetched, document = answer
                    _record_reading(
                        source_id=one.source_id,
                        fetched=fetched,
                        document=document,
                        now=now,
                    )
                    good += 1
            except Exception:
                # One page that breaks us must not keep the others from being read.
                logger.exception("status source %s cannot be stored", one.source_id)
    return good


def _read(
    asked: _Asked, now: datetime
) -> tuple[Fetched, Document | None] | SourceError:
    """What the page says. Never raises, whatever a reader makes of it."""
    try:
        return read_page(
            asked.address,
            now=now,
            etag=asked.etag,
            last_modified=asked.last_modified,
        )
    except SourceError as error:
        return error
    except Exception:
        logger.exception("status source %s breaks its reader", asked.source_id)
        return SourceError("reader_failed", unreadable=True)


@transaction.atomic
def _record_failure(*, source_id: int, error: SourceError, now: datetime) -> None:
    source = Source.objects.select_for_update().get(pk=source_id)
    source.failures += 1
    source.last_error = error.code[:60]
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
    stored = {w.external_id: window_facts(w) for w in source.windows.all()}
    windows = tuple(stored.values())
    if document is not None:
        windows = worth_keeping(document.windows, now)
        _store_windows(source, stored, windows)
        source.last_error = _store_components(source, document, windows)
        source.etag = fetched.etag
        source.last_modified = fetched.last_modified
        source.body_hash = fetched.body_hash
        source.good_until = document.good_until
        source.poll_after = document.poll_after
        source.doubt = document.doubt.value if document.doubt else ""
    elif source.last_error != _GONE:
        source.last_error = ""
    source.fetched_at = now
    source.failures = 0
    source.backoff_until = None
    still_open = [w for w in windows if phase_at(w, now) is not Phase.OVER]
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
        wanted=source.poll_after,
    )
    source.save()


def _store_components(
    source: Source, document: Document, windows: Iterable[WindowFacts]
) -> str:
    """The page's components are stored; what staff should know of them, or nothing. A
    list that is suddenly empty is more likely a fault than a truth: the old one stays.
    """
    if document.components == () and source.components:
        if source.last_error != _GONE:
            logger.warning("status source %s lists no components any more", source.pk)
        return _GONE
    parts = document.components or _named_by(windows)
    if parts or not source.components:
        set_components(source, parts)
    return ""


def _named_by(windows: Iterable[WindowFacts]) -> tuple[Component, ...]:
    """The parts of a page that lists none, as far as its windows name them."""
    parts = {part.id: part for window in windows for part in window.components}
    return tuple(parts.values())


def _store_windows(
    source: Source, stored: dict[str, WindowFacts], windows: tuple[WindowFacts, ...]
) -> None:
    """Exactly the page's windows stand in rows; what it no longer names is gone. Most
    readings change nothing, and then nothing is written."""
    gone = stored.keys() - {window.id for window in windows}
    if gone:
        source.windows.filter(external_id__in=gone).delete()
    changed = [
        window
        for window in windows
        if stored.get(window.id) != replace(window, series="")
    ]
    strange = [w.id for w in changed if w.state is WindowState.UNKNOWN]
    if strange:
        logger.warning(
            "status source %s: the state of %s of its windows is not understood",
            source.pk,
            len(strange),
        )
    Window.objects.bulk_create(
        [
            Window(source=source, external_id=window.id, **window_row(window))
            for window in changed
        ],
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=[
            *("name", "state", "starts_at", "ends_at", "components", "url"),
            *("open_ended", "zone_known", "no_impact", "mentions"),
        ],
    )
