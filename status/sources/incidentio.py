"""incident.io: its widget (`/api/v1/summary`), and its dialect of Statuspage.

The widget sorts what is planned into two lists; an entry is what its list says.
"""

from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct, refused
from status.sources.statuspage import read as read_statuspage
from status.sources.statuspage import state, summary
from status.sources.values import (
    address,
    component,
    instant,
    json_object,
    mentions,
    named,
    objects,
    required_list,
    text,
)
from status.sources.xml_documents import looks_like_xml

_NOT_ONE = "not_an_incidentio_document"


def read(page: Page) -> Document:
    """The page's windows, in whichever of the two forms."""
    if looks_like_xml(page.body):
        return read_statuspage(page)
    root = json_object(page.body, _NOT_ONE)
    if "in_progress_maintenances" in root or "page_title" in root:
        return widget(root)
    return summary(root, dialect=True)


def widget(root: dict[str, Any]) -> Document:
    """The widget's document as understood. Raises SourceError."""
    if not isinstance(root.get("page_title", ""), str):
        raise refused(_NOT_ONE)
    required_list(root.get("ongoing_incidents"), _NOT_ONE)
    running = required_list(root.get("in_progress_maintenances"), _NOT_ONE)
    ahead = required_list(root.get("scheduled_maintenances"), _NOT_ONE)
    windows = [
        *(_window(e, n, WindowState.RUNNING) for n, e in enumerate(running)),
        *(_window(e, n, WindowState.SCHEDULED) for n, e in enumerate(ahead)),
    ]
    return Document(components=None, windows=distinct(windows))


def _window(entry: object, position: int, listed_as: WindowState) -> WindowFacts:
    if not isinstance(entry, dict):
        entry = {}
        listed_as = WindowState.UNKNOWN
    found = state(entry.get("status"))
    finished = found is WindowState.FINISHED
    running = WindowState.RUNNING in {found, listed_as}
    starts = entry.get("started_at") if running else None
    ends = entry.get("scheduled_end_at") if running else None
    return WindowFacts(
        id=named(entry, "id", "name", position=position),
        name=text(entry.get("name")),
        state=WindowState.FINISHED
        if finished
        else (WindowState.RUNNING if running else listed_as),
        starts_at=instant(starts or entry.get("starts_at")),
        ends_at=instant(ends or entry.get("ends_at")),
        components=_affected(entry.get("affected_components")),
        url=address(entry.get("url")),
        mentions=mentions(entry.get("last_update_message")),
    )


def _affected(listed: object) -> tuple[Component, ...]:
    found = (
        component(entry, group=text(entry.get("group_name"), 200))
        for entry in objects(listed)
    )
    return tuple(part for part in found if part is not None)
