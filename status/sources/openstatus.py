"""openstatus: `/feed/json`. There are no states; the clock is the rule."""

from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct, refused
from status.sources.values import (
    by_ids,
    component,
    identity,
    instant,
    json_object,
    mentions,
    named,
    objects,
    required_list,
    text,
)

_NOT_ONE = "not_an_openstatus_document"


def read(page: Page) -> Document:
    """The page's maintenance and its components (older pages: monitors)."""
    root = json_object(page.body, _NOT_ONE)
    listed = required_list(root.get("maintenances"), _NOT_ONE)
    components = root.get("pageComponents")
    monitors = root.get("monitors")
    if not isinstance(components, list) and not isinstance(monitors, list):
        raise refused(_NOT_ONE)
    by_component = _parts(components, root.get("pageComponentGroups"))
    by_monitor = _parts(monitors, None)
    return Document(
        components=by_component or by_monitor,
        windows=distinct(
            _window(entry, position, by_component, by_monitor)
            for position, entry in enumerate(listed)
        ),
    )


def _parts(listed: object, groups: object) -> tuple[Component, ...]:
    names = {
        identity(group.get("id")): text(group.get("name"), 200)
        for group in objects(groups)
    }
    found = (
        component(entry, group=names.get(identity(entry.get("groupId")), ""))
        for entry in objects(listed)
    )
    return tuple(part for part in found if part is not None)


def _window(
    entry: object,
    position: int,
    by_component: tuple[Component, ...],
    by_monitor: tuple[Component, ...],
) -> WindowFacts:
    entry = entry if isinstance(entry, dict) else {}
    return WindowFacts(
        id=named(entry, "id", "name", position=position),
        name=text(entry.get("name") or entry.get("title")),
        state=WindowState.TIMED,
        starts_at=instant(entry.get("from")),
        ends_at=instant(entry.get("to")),
        components=_affected(entry, by_component, by_monitor),
        mentions=mentions(entry.get("message")),
    )


def _affected(
    entry: dict[str, Any],
    by_component: tuple[Component, ...],
    by_monitor: tuple[Component, ...],
) -> tuple[Component, ...]:
    for key, known in (("pageComponents", by_component), ("monitors", by_monitor)):
        listed = entry.get(key)
        if isinstance(listed, list) and listed:
            ids = [raw.get("id") if isinstance(raw, dict) else raw for raw in listed]
            affected, understood = by_ids(ids, known)
            return affected if understood else ()
    return ()
