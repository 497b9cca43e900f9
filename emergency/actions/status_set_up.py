"""Who set up status pages and windows: the verbs of status, entered in the audit."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from emergency.actions.audit import Area, Via, record
from emergency.models import Staff
from status.actions import local, sources
from status.actions.local import Announcement
from status.models import Source, Window


@transaction.atomic
def register_page(
    *,
    name: str,
    url: str,
    kind: str,
    config: Mapping[str, Any],
    staff: Staff | None,
    now: datetime,
    allow_host: str = "",
) -> Source:
    """The page stands in a row and is due at once; without a person a command has put
    it there. What its address and settings hold besides the host may be secret and is
    not told."""
    source = sources.add_source(
        name=name, url=url, kind=kind, allow_host=allow_host, config=config, now=now
    )
    host = urlsplit(source.url).hostname or ""
    _enter("status_page_added", source.pk, staff, now, kind=kind, host=host)
    return source


@transaction.atomic
def register_fixed_times(
    *, name: str, config: Mapping[str, Any], staff: Staff, now: datetime
) -> Source:
    """A window that is kept by agreement stands in a row and is due at once."""
    source = sources.add_static_window(name=name, config=config, now=now)
    _enter("status_page_added", source.pk, staff, now, kind=source.kind)
    return source


@transaction.atomic
def switch_page(*, source_id: int, enabled: bool, staff: Staff, now: datetime) -> None:
    """The page counts, or does not; a repeat changes nothing and is not told."""
    locked = Source.objects.select_for_update().filter(pk=source_id)
    if not locked.exclude(enabled=enabled).exists():
        return
    sources.switch(source_id=source_id, enabled=enabled, now=now)
    code = "status_page_on" if enabled else "status_page_off"
    _enter(code, source_id, staff, now)


@transaction.atomic
def open_own_page(
    *, name: str, components: Collection[str], staff: Staff, now: datetime
) -> Source:
    """There is a page of our own under this name, with these parts."""
    source = local.open_local_page(name=name, components=components, now=now)
    _enter("own_page_changed", source.pk, staff, now, components=len(components))
    return source


@transaction.atomic
def announce(
    *, source_id: int, announcement: Announcement, staff: Staff, now: datetime
) -> Window:
    """One more window stands on our own page."""
    window = local.announce_window(
        source_id=source_id, announcement=announcement, now=now
    )
    _enter_window("window_announced", window.pk, staff, now, announcement)
    return window


@transaction.atomic
def change(
    *, window_id: int, announcement: Announcement, staff: Staff, now: datetime
) -> bool:
    """The window is as typed now; false when it has been ended or is not ours."""
    changed = local.change_window(
        window_id=window_id, announcement=announcement, now=now
    )
    if changed:
        _enter_window("window_changed", window_id, staff, now, announcement)
    return changed


@transaction.atomic
def end(*, window_id: int, staff: Staff, now: datetime) -> bool:
    """The window is over; false when it was."""
    ended = local.end_window(window_id=window_id, now=now)
    if ended:
        record(
            Area.STATUS, "window_ended", now=now, by=staff, about=f"window:{window_id}"
        )
    return ended


def _enter(
    code: str, source_id: int, staff: Staff | None, now: datetime, **values: Any
) -> None:
    about, via = f"status_page:{source_id}", "" if staff else Via.COMMAND
    record(Area.STATUS, code, now=now, by=staff, via=via, about=about, **values)


def _enter_window(
    code: str, window_id: int, staff: Staff, now: datetime, said: Announcement
) -> None:
    record(
        Area.STATUS,
        code,
        now=now,
        by=staff,
        about=f"window:{window_id}",
        starts_at=said.starts_at,
        ends_at=said.ends_at,
    )
