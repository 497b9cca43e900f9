"""What pages may ask about maintenance: rows only, no network, no lock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from status.models import (
    ComponentForm,
    Health,
    Source,
    SourceKind,
    Window,
    WindowStatus,
)
from status.rules.maintenance import Reason, SourceFacts, Verdict, is_fresh, judge
from status.rules.matching import Asked, Component
from status.rules.statuspage_document import LocalPage, LocalWindow
from status.rules.windows import ZONE_MARGIN, WindowFacts, WindowState

# What the rules read of a window, and of a page: rows of it, since whoever asks waits.
_FACTS = (
    *("external_id", "name", "state", "starts_at", "ends_at", "components", "url"),
    *("open_ended", "zone_known", "no_impact"),
)
_JUDGED = ("name", "kind", "fetched_at", "good_until", "doubt", "body_hash")


def verdict(
    *,
    names: Collection[str],
    addresses: Collection[str] = (),
    mapped_components: Collection[str] = (),
    now: datetime,
) -> Verdict:
    """Is this server under maintenance at ``now``, as far as the stored pages say?

    Three queries by index, whatever the number of pages and windows: the pages and
    their health, the windows that matter now, the parts of pages that this server may
    be. ``mapped_components`` are ids or names typed in by staff; they decide alone
    where they are found on a page. Raises only what the database raises.
    """
    by_source: dict[int, list[WindowFacts]] = {}
    for source_id, *row in _windows_that_matter(now).values_list("source", *_FACTS):
        by_source.setdefault(source_id, []).append(_facts(*row))
    parts: dict[int, list[Component]] = {}
    forms = Asked.of(names=names, addresses=addresses, mapped=mapped_components).forms
    for form in ComponentForm.objects.filter(source__enabled=True, form__in=forms):
        parts.setdefault(form.source_id, []).append(_part(form))
    return judge(
        [
            _source_facts(
                source,
                parts=tuple(parts.get(source.pk, ())),
                windows=tuple(by_source.get(source.pk, ())),
                now=now,
            )
            for source in enabled_sources().only(*_JUDGED)
        ],
        now=now,
        names=names,
        addresses=addresses,
        mapped=mapped_components,
    )


def _windows_that_matter(now: datetime) -> QuerySet[Window]:
    """The windows that may be active, due or unclear at ``now``: all but those that
    are over or ahead whatever zone their times stand in."""
    after, before = now + ZONE_MARGIN, now - ZONE_MARGIN
    ahead = Q(starts_at__gt=after) & (Q(ends_at__isnull=True) | Q(ends_at__gt=after))
    over = Q(ends_at__lt=before) & (Q(starts_at__isnull=True) | Q(starts_at__lt=before))
    return (
        Window.objects.filter(source__enabled=True)
        .exclude(state=WindowStatus.FINISHED)
        .filter(Q(state=WindowStatus.RUNNING) | (~ahead & ~over))
        .order_by("id")
    )


def _part(form: ComponentForm) -> Component:
    return Component(
        id=form.external_id,
        name=form.name,
        group=form.group,
        in_maintenance=form.in_maintenance,
    )


def _source_facts(
    source: Source,
    *,
    parts: tuple[Component, ...],
    windows: tuple[WindowFacts, ...],
    now: datetime,
) -> SourceFacts:
    own = source.kind == SourceKind.LOCAL
    return SourceFacts(
        name=source.name,
        # Nobody has to read what stands here already.
        fetched_at=now if own else source.fetched_at,
        components=parts,
        windows=windows,
        good_until=source.good_until,
        doubt=Reason(source.doubt) if source.doubt else None,
        body_hash=source.body_hash,
    )


def enabled_sources() -> QuerySet[Source]:
    """The pages that count, as they were registered."""
    return Source.objects.filter(enabled=True).order_by("id")


@dataclass(frozen=True, kw_only=True)
class PageHealth:
    """A registered page, how it does, and how many windows it announces."""

    source: Source
    state: Health
    windows: int


def health(now: datetime) -> list[PageHealth]:
    """Every registered page, those that fail first."""
    rows = Source.objects.annotate(announced=Count("windows")).order_by("id")
    found = [
        PageHealth(source=row, state=_state_of(row, now), windows=row.announced)
        for row in rows
    ]
    order = list(Health)
    return sorted(found, key=lambda page: order.index(page.state))


def _state_of(source: Source, now: datetime) -> Health:
    if not source.enabled:
        return Health.OFF
    facts = _source_facts(source, parts=(), windows=(), now=now)
    if not is_fresh(facts, now):
        return Health.NEVER if source.fetched_at is None else Health.STALE
    return Health.FAILING if source.failures else Health.GOOD


def own_source() -> Source | None:
    """The row of our own page; None when nobody opened one."""
    return Source.objects.filter(kind=SourceKind.LOCAL).first()


def own_windows(now: datetime) -> QuerySet[Window]:
    """Our own windows that are not over, the next to begin first."""
    return (
        Window.objects.filter(source__kind=SourceKind.LOCAL)
        .exclude(state=WindowStatus.FINISHED)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
        .order_by("starts_at", "id")
    )


def local_page(*, url: str, time_zone: str) -> LocalPage | None:
    """Our own status page with all its windows; None when nobody opened one."""
    source = (
        Source.objects.filter(kind=SourceKind.LOCAL, enabled=True)
        .prefetch_related(
            Prefetch("windows", Window.objects.order_by("starts_at", "id"))
        )
        .first()
    )
    if source is None:
        return None
    return LocalPage(
        id=f"page{source.pk}",
        name=source.name,
        url=url,
        time_zone=time_zone,
        components=_components(source.components),
        windows=tuple(
            LocalWindow(
                facts=window_facts(window),
                announced_at=window.announced_at,
                changed_at=window.changed_at,
            )
            for window in source.windows.all()
            if window.announced_at and window.changed_at
        ),
    )


def window_facts(window: Window) -> WindowFacts:
    """The row as the rules read it."""
    return _facts(*(getattr(window, name) for name in _FACTS))


def _facts(
    external_id: str,
    name: str,
    state: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    components: list[dict[str, str | bool]],
    url: str,
    open_ended: bool,
    zone_known: bool,
    no_impact: bool,
) -> WindowFacts:
    return WindowFacts(
        id=external_id,
        name=name,
        state=WindowState(state),
        starts_at=starts_at,
        ends_at=ends_at,
        components=_components(components),
        url=url,
        open_ended=open_ended,
        zone_known=zone_known,
        no_impact=no_impact,
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
