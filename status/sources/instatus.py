"""Instatus: `/summary.json`, also under `/v2` and `/v3`, and the Atom history.

The list of "active" maintenance also holds what has not begun; both lists are left out
when they are empty. There is a duration and no end, and no component: the only link is
a component that the page paints as under maintenance.
"""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from status.rules.maintenance import Reason
from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import (
    Document,
    Page,
    SourceError,
    distinct,
    refused,
    unless,
)
from status.sources.values import (
    LONGEST_ID,
    address,
    component,
    identity,
    instant,
    json_object,
    json_value,
    named,
    objects,
    required_list,
    text,
)
from status.sources.xml_documents import (
    child_text,
    local_name,
    looks_like_xml,
    xml_root,
)

_STATES = {
    "NOTSTARTEDYET": WindowState.SCHEDULED,
    "INPROGRESS": WindowState.RUNNING,
    "VERIFYING": WindowState.RUNNING,
    "COMPLETED": WindowState.FINISHED,
}
_NOT_ONE = "not_an_instatus_document"
_LONGEST_MINUTES = 60 * 24 * 366
_KIND = re.compile(r":Maintenance/(.+)$")
_AFFECTED = re.compile(r"Affected Components:\s*</strong>\s*([^<]*)", re.IGNORECASE)
_UPDATE = re.compile(r"<br\s*/?>\s*<strong>([^<]*)</strong>\s*-", re.IGNORECASE)
_FEED_STATES = {
    "completed": WindowState.FINISHED,
    "resolved": WindowState.FINISHED,
    "cancelled": WindowState.FINISHED,
    "canceled": WindowState.FINISHED,
    "notstartedyet": WindowState.AHEAD,
    "not started yet": WindowState.AHEAD,
    "planned": WindowState.AHEAD,
    "scheduled": WindowState.AHEAD,
}


def read(page: Page) -> Document:
    """The page's maintenance, from its summary or its feed."""
    if looks_like_xml(page.body):
        return _read_feed(page)
    root = json_object(page.body, _NOT_ONE)
    head = root.get("page")
    status = head.get("status") if isinstance(head, dict) else None
    if not isinstance(status, str) or not status or "components" in root:
        raise refused(_NOT_ONE)
    listed = root.get("activeMaintenances", [])
    incidents = root.get("activeIncidents", [])
    required_list(listed, _NOT_ONE)
    required_list(incidents, _NOT_ONE)
    explained = bool(incidents) and status != "UNDERMAINTENANCE"
    if not listed and status != "UP" and not explained:
        # It says that something is wrong and leaves out what.
        raise refused("contradictory_document")
    known = _components(page) if listed else None
    affected = tuple(part for part in known or () if part.in_maintenance)
    return Document(
        components=known,
        windows=distinct(
            _window(entry, position, affected) for position, entry in enumerate(listed)
        ),
    )


def _components(page: Page) -> tuple[Component, ...] | None:
    """The components of the page; None when they cannot be had."""
    folder = urlsplit(page.url).path.rpartition("/")[0]
    folder = re.sub(r"/v\d$", "", folder)
    for version in ("v2", "v3"):
        try:
            value = json_value(page.more(f"{folder}/{version}/components.json"))
            break
        except SourceError:
            continue
    else:
        return None
    listed = value.get("components") if isinstance(value, dict) else value
    if not isinstance(listed, list):
        return None
    entries = objects(listed)
    names = {
        identity(entry.get("id")): text(entry.get("name"), 200) for entry in entries
    }
    found = (
        component(
            entry,
            group=_group(entry.get("group"), names),
            in_maintenance=entry.get("status") == "UNDERMAINTENANCE",
        )
        for entry in entries
    )
    return tuple(part for part in found if part is not None)


def _group(value: object, names: dict[str, str]) -> str:
    """The name of a component's group, told there or by the component it is."""
    if not isinstance(value, dict):
        return names.get(identity(value), "")
    return text(value.get("name"), 200) or names.get(identity(value.get("id")), "")


def _window(
    entry: object, position: int, affected: tuple[Component, ...]
) -> WindowFacts:
    entry = entry if isinstance(entry, dict) else {"status": ""}
    state = _state(entry)
    starts_at = instant(entry.get("start"))
    minutes = _minutes(entry.get("duration"))
    ends_at = starts_at + minutes if starts_at and minutes else None
    window = WindowFacts(
        id=named(entry, "id", "name", position=position),
        name=text(entry.get("name")),
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        components=affected if state is WindowState.RUNNING else (),
        url=address(entry.get("url")),
    )
    word = entry.get("status")
    return unless(window, damaged=word is not None and not _is_word(word))


def _is_word(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _state(entry: dict[str, Any]) -> WindowState:
    if entry.get("status") is None:
        # It stands in the list of what is active and is not marked otherwise.
        return WindowState.RUNNING
    word = entry["status"]
    known = _STATES.get(word.upper()) if isinstance(word, str) else None
    return known or WindowState.UNKNOWN


def _minutes(value: object) -> timedelta | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:9])
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return timedelta(minutes=value) if 0 < value <= _LONGEST_MINUTES else None


def _read_feed(page: Page) -> Document:
    """The maintenance of the history: an entry runs until its newest update ends it."""
    root = xml_root(page.body)
    if local_name(root) != "feed":
        raise refused("not_an_instatus_feed")
    entries = [part for part in root if local_name(part) == "entry"]
    windows = (_entry(entry) for entry in entries)
    return Document(
        components=None,
        windows=distinct(window for window in windows if window is not None),
        doubt=Reason.FEED_ONLY,
    )


def _entry(entry: ElementTree.Element) -> WindowFacts | None:
    kind = _KIND.search(child_text(entry, "id"))
    content = child_text(entry, "content")
    if kind is None and "</strong> Maintenance<" not in content:
        return None
    update = _UPDATE.search(content)
    word = update[1].strip().lower() if update else ""
    parts = _AFFECTED.search(content)
    names = [text(name, 200) for name in parts[1].split(",")] if parts else []
    link = next((p.get("href", "") for p in entry if local_name(p) == "link"), "")
    own = text(kind[1] if kind else child_text(entry, "id"), LONGEST_ID)
    return WindowFacts(
        id=own or text(child_text(entry, "title"), LONGEST_ID),
        name=text(child_text(entry, "title")),
        state=_FEED_STATES.get(word, WindowState.RUNNING),
        starts_at=None,
        ends_at=None,
        components=tuple(Component(id=name, name=name) for name in names if name),
        url=address(link),
    )
