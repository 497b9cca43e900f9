"""Better Stack (Better Uptime): `/index.json`.

For planned maintenance the clock decides, because the states of the page and of the
report stay on "maintenance" after the end. Reports of incidents are another kind.
"""

from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct, refused
from status.sources.values import (
    address,
    by_ids,
    identity,
    instant,
    json_object,
    named,
    objects,
    required_list,
    text,
)

_NOT_ONE = "not_a_better_stack_document"
_INCIDENTS = ("manual", "automatic", "incident")
_NOT_REPORTS = ("status_page_section", "status_page_resource", "status_update")


def read(page: Page) -> Document:
    """The page's maintenance and resources."""
    root = json_object(page.body, _NOT_ONE)
    data = root.get("data")
    if not isinstance(data, dict) or data.get("type") != "status_page":
        raise refused(_NOT_ONE)
    if not isinstance(data.get("attributes"), dict):
        raise refused(_NOT_ONE)
    included = required_list(root.get("included"), _NOT_ONE)
    known = _resources(included)
    windows = (
        _window(entry, position, known)
        for position, entry in enumerate(included)
        if not _is_something_else(entry)
    )
    return Document(
        components=known,
        windows=distinct(window for window in windows if window is not None),
    )


def _attributes(entry: object) -> dict[str, Any]:
    found = entry.get("attributes") if isinstance(entry, dict) else None
    return found if isinstance(found, dict) else {}


def _is_something_else(entry: object) -> bool:
    """True for what is no report; whatever looks like one is taken for one."""
    if "report_type" in _attributes(entry):
        return False
    return isinstance(entry, dict) and entry.get("type") in _NOT_REPORTS


def _resources(included: list[Any]) -> tuple[Component, ...]:
    sections = {
        identity(entry.get("id")): text(_attributes(entry).get("name"), 200)
        for entry in objects(included)
        if entry.get("type") == "status_page_section"
    }
    found = []
    for entry in objects(included):
        own = identity(entry.get("id"))
        if entry.get("type") == "status_page_resource" and own:
            attributes = _attributes(entry)
            section = identity(attributes.get("status_page_section_id"))
            found.append(
                Component(
                    id=own,
                    name=text(attributes.get("public_name"), 200),
                    group=sections.get(section, "").strip(),
                )
            )
    return tuple(found)


def _window(
    entry: object, position: int, known: tuple[Component, ...]
) -> WindowFacts | None:
    attributes = _attributes(entry)
    kind = attributes.get("report_type")
    if kind in _INCIDENTS:
        return None
    state = WindowState.TIMED if kind == "maintenance" else WindowState.UNKNOWN
    ends = attributes.get("ends_at")
    if ends is None and attributes.get("aggregate_state") == "resolved":
        state = WindowState.FINISHED
    listed = objects(attributes.get("affected_resources"))
    affected, understood = by_ids(
        [part.get("status_page_resource_id") for part in listed], known
    )
    return WindowFacts(
        id=named(
            entry if isinstance(entry, dict) else {}, "id", "title", position=position
        ),
        name=text(attributes.get("title")),
        state=state,
        starts_at=instant(attributes.get("starts_at")),
        ends_at=instant(ends),
        components=affected if understood else (),
        open_ended=ends is None and kind == "maintenance",
        url=address(attributes.get("url")),
    )
