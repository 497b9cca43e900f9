"""The verbs of our own status page: open it, announce a window, change it, end it.

These windows go by the clock: they begin and end as announced unless somebody changes
them. They stand in the same rows as those of foreign pages, and nobody has to read
them first.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from status.actions.components import set_components
from status.actions.rows import component_row
from status.models import Source, SourceKind, Window, WindowStatus
from status.rules.matching import Component

# How long a window that is over can be looked up.
KEPT = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What staff type in. No ``ends_at``: until further notice. No parts: all of it."""

    name: str
    starts_at: datetime
    ends_at: datetime | None
    components: tuple[str, ...] = ()


@transaction.atomic
def open_local_page(*, name: str, components: Collection[str], now: datetime) -> Source:
    """There is a page of our own with this name and these parts; a second call changes
    it and keeps its windows."""
    parts = [Component(id=part, name=part) for part in dict.fromkeys(components)]
    source, _ = Source.objects.select_for_update().update_or_create(
        kind=SourceKind.LOCAL,
        defaults={"name": name, "enabled": True, "next_fetch_at": now},
    )
    set_components(source, parts)
    source.save(update_fields=["components"])
    return source


@transaction.atomic
def announce_window(
    *, source_id: int, announcement: Announcement, now: datetime
) -> Window:
    """The window is announced on our own page. What has been over for long is gone."""
    source = Source.objects.get(pk=source_id, kind=SourceKind.LOCAL)
    source.windows.filter(ends_at__lt=now - KEPT).delete()
    return Window.objects.create(
        source=source,
        external_id=secrets.token_hex(6),
        state=WindowStatus.TIMED,
        announced_at=now,
        changed_at=now,
        **_columns(announcement),
    )


def change_window(*, window_id: int, announcement: Announcement, now: datetime) -> bool:
    """The window is as typed now; false when it has been ended or is not ours."""
    return bool(_open(window_id).update(changed_at=now, **_columns(announcement)))


def end_window(*, window_id: int, now: datetime) -> bool:
    """The window is over, early or late, or will never begin; false when it was."""
    return bool(
        _open(window_id).update(
            state=WindowStatus.FINISHED, ends_at=now, open_ended=False, changed_at=now
        )
    )


def _open(window_id: int) -> QuerySet[Window]:
    return Window.objects.filter(
        pk=window_id, source__kind=SourceKind.LOCAL, state=WindowStatus.TIMED
    )


def _columns(announcement: Announcement) -> dict[str, object]:
    parts = dict.fromkeys(announcement.components)
    return {
        "name": announcement.name,
        "starts_at": announcement.starts_at,
        "ends_at": announcement.ends_at,
        "open_ended": announcement.ends_at is None,
        "components": [component_row(Component(id=p, name=p)) for p in parts],
    }
