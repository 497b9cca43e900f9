"""What pages may ask about maintenance: rows only, no network, no lock."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from status.models import Source, Window, WindowStatus
from status.rules.maintenance import (
    SourceFacts,
    Verdict,
    WindowFacts,
    WindowState,
    judge,
)
from status.rules.matching import Component


def verdict(
    *,
    names: Collection[str],
    addresses: Collection[str] = (),
    mapped_components: Collection[str] = (),
    now: datetime,
) -> Verdict:
    """Is this server under maintenance at ``now``, as far as the stored pages say?

    Two queries, whatever the number of pages and windows. ``mapped_components`` are ids
    or names typed in by staff; they decide alone where they are found on a page.
    Raises only what the database raises.
    """
    sources = Source.objects.filter(enabled=True).order_by("id")
    open_windows = (
        Window.objects.filter(source__enabled=True)
        .exclude(state=WindowStatus.FINISHED)
        .filter(
            Q(state=WindowStatus.RUNNING)
            | Q(ends_at__isnull=True)
            | Q(ends_at__gt=now)
            | Q(starts_at__gt=now)
        )
        .order_by("id")
    )
    by_source: dict[int, list[WindowFacts]] = {}
    for window in open_windows:
        by_source.setdefault(window.source_id, []).append(window_facts(window))
    return judge(
        [
            SourceFacts(
                name=source.name,
                fetched_at=source.fetched_at,
                components=_components(source.components),
                windows=tuple(by_source.get(source.pk, ())),
            )
            for source in sources
        ],
        now=now,
        names=names,
        addresses=addresses,
        mapped=mapped_components,
    )


def window_facts(window: Window) -> WindowFacts:
    """The row as the rules read it."""
    return WindowFacts(
        id=window.external_id,
        name=window.name,
        state=WindowState(window.state),
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        components=_components(window.components),
        url=window.url,
    )


def _components(rows: list[dict[str, str | bool]]) -> tuple[Component, ...]:
    return tuple(
        Component(
            id=str(row["id"]),
            name=str(row["name"]),
            group=str(row.get("group", "")),
            in_maintenance=bool(row.get("in_maintenance", False)),
        )
        for row in rows
    )
