"""cState: `/index.json` of a site that is built from files.

It has no kind of its own for maintenance. The nearest is an unresolved issue of
severity "notice"; whether that means maintenance is for the operator to say
(`notice_means_maintenance`). Issues with a date ahead are published as if they were
now: the date is the start. An issue ends when somebody resolves it.
"""

from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct, refused
from status.sources.values import (
    address,
    instant,
    json_object,
    named,
    objects,
    required_list,
    text,
)

_NOT_ONE = "not_a_cstate_document"
_INCIDENTS = ("disrupted", "down")


def read(page: Page) -> Document:
    """The site's systems, and its notices as windows if they are meant so."""
    root = json_object(page.body, _NOT_ONE)
    if not isinstance(root.get("cStateVersion"), str):
        raise refused(_NOT_ONE)
    systems = required_list(root.get("systems"), _NOT_ONE)
    known = _systems(systems)
    means_maintenance = page.config.get("notice_means_maintenance")
    windows: list[WindowFacts] = []
    if means_maintenance is not False:
        state = WindowState.TIMED if means_maintenance else WindowState.UNKNOWN
        issues = _issues(systems, root.get("pinnedIssues"))
        windows = [_window(e, n, state, known) for n, e in enumerate(issues)]
    return Document(components=known, windows=distinct(windows))


def _systems(listed: list[Any]) -> tuple[Component, ...]:
    found = []
    for entry in objects(listed):
        name = text(entry.get("name"), 200)
        if name:
            group = text(entry.get("category"), 200)
            found.append(Component(id=name, name=name, group=group))
    return tuple(found)


def _issues(systems: list[Any], pinned: object) -> list[object]:
    """The open issues that may be notices; each once, however many systems it is at."""
    listed: list[object] = []
    for system in systems:
        if not isinstance(system, dict):
            raise refused(_NOT_ONE)
        listed += required_list(system.get("unresolvedIssues"), _NOT_ONE)
    listed += objects(pinned)
    found: dict[str, object] = {}
    for position, entry in enumerate(listed):
        if not isinstance(entry, dict):
            found[f"entry-{position}"] = entry
        elif (
            entry.get("severity") not in _INCIDENTS
            and entry.get("resolved") is not True
        ):
            key = named(entry, "permalink", "filename", "title", position=position)
            found.setdefault(key, entry)
    return list(found.values())


def _window(
    entry: object, position: int, state: WindowState, known: tuple[Component, ...]
) -> WindowFacts:
    entry = entry if isinstance(entry, dict) else {}
    if entry.get("severity") != "notice":
        state = WindowState.UNKNOWN
    affected = entry.get("affected")
    names = (
        [name for name in affected if isinstance(name, str)]
        if isinstance(affected, list)
        else []
    )
    table = {part.name: part for part in known}
    return WindowFacts(
        id=named(entry, "title", "permalink", "filename", position=position),
        name=text(entry.get("title")),
        state=state,
        starts_at=instant(entry.get("createdAt")),
        ends_at=None,
        components=tuple(
            table.get(name, Component(id=name, name=name))
            for name in (text(name, 200) for name in names)
            if name
        ),
        url=address(entry.get("permalink")),
        open_ended=state is WindowState.TIMED,
    )
