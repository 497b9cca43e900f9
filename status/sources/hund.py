"""Hund: with a key `/api/v1/issues`, without one the live stream's first event.

An issue is maintenance when its specialization says so; the stream knows only issues
that were scheduled. A scheduled issue of another specialization is planned work of some
kind: due at most. Times are seconds since 1970, texts may come in several languages.
"""

from typing import Any

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
    component,
    epoch,
    json_object,
    mentions,
    named,
    required_list,
    text,
)

_NOT_ONE = "not_a_hund_document"
_FIRST_EVENT = "init_event"


def read(page: Page) -> Document:
    """The issues that are maintenance, from whichever of the two forms."""
    body = page.body if page.body.lstrip()[:1] == b"{" else first_event(page.body)
    root = json_object(body, _NOT_ONE)
    if root.get("type") == "paged_array":
        listed, complete = _paged(root)
    else:
        listed = required_list(root.get("issues"), _NOT_ONE)
        complete = True
        if not isinstance(root.get("state"), str):
            raise refused(_NOT_ONE)
    windows = (_window(entry, position) for position, entry in enumerate(listed))
    return Document(
        components=None,
        windows=distinct(window for window in windows if window is not None),
        doubt=None if complete else Reason.INCOMPLETE,
    )


def headers(page_config: dict[str, Any]) -> dict[str, str]:
    """What the interface asks for besides; nothing without a key."""
    key = page_config.get("api_key")
    if not isinstance(key, str) or not key.isascii() or not key.isprintable():
        return {}
    return {"Authorization": f"Bearer {key}"}


def has_first_event(body: bytes) -> bool:
    """True when the stream has told all that is read of it."""
    try:
        first_event(body)
    except SourceError:
        return False
    return True


def first_event(body: bytes) -> bytes:
    """The data of the stream's opening event. Raises SourceError."""
    try:
        found = body.decode("utf-8-sig").replace("\r\n", "\n")
    except ValueError as error:
        raise refused(_NOT_ONE) from error
    # What follows the last empty line has not arrived as a whole.
    for event in found.split("\n\n")[:-1]:
        name, data = "", []
        for line in event.split("\n"):
            key, _, value = line.partition(":")
            if key == "event":
                name = value.strip()
            elif key == "data":
                data.append(value.removeprefix(" "))
        if data and name in {"", _FIRST_EVENT}:
            return "\n".join(data).encode()
    raise refused(_NOT_ONE)


def _paged(value: dict[str, Any]) -> tuple[list[Any], bool]:
    listed = required_list(value.get("data"), _NOT_ONE)
    return listed, value.get("has_more") is False


def _word(value: object) -> str:
    """A text, or the first of its translations."""
    if isinstance(value, dict):
        value = value.get("en") or next(iter(value.values()), "")
    return text(value)


def _is_incident(entry: dict[str, Any]) -> bool:
    kind = entry.get("specialization")
    if isinstance(kind, str) and kind not in {"general", "informational", ""}:
        return False
    label = text(entry.get("label")).lower()
    if label == "maintenance":
        return False
    if label == "information":
        # A bulletin: it lasts no time and concerns no component's state.
        return True
    # An issue that was not scheduled, or an announcement.
    return entry.get("scheduled") is False or kind == "informational"


def _window(entry: object, position: int) -> WindowFacts | None:
    entry = entry if isinstance(entry, dict) else {}
    if _is_incident(entry):
        return None
    schedule = entry.get("schedule")
    schedule = schedule if isinstance(schedule, dict) else {}
    starts = schedule.get("starts_at", entry.get("began_at"))
    window = WindowFacts(
        id=named(entry, "id", "title", position=position),
        name=_word(entry.get("title")),
        state=_state(entry, schedule),
        starts_at=epoch(starts),
        ends_at=epoch(schedule.get("ends_at")),
        components=_affected(entry.get("components", entry.get("component"))),
        mentions=mentions(_word(entry.get("body"))),
    )
    return unless(window, damaged=not isinstance(entry.get("standing"), bool))


def _state(entry: dict[str, Any], schedule: dict[str, Any]) -> WindowState:
    over = (
        entry.get("cancelled") is True
        or entry.get("resolved") is True
        or epoch(entry.get("cancelled_at")) is not None
        or epoch(entry.get("ended_at")) is not None
        or schedule.get("ended") is True
    )
    if over:
        return WindowState.FINISHED
    if entry.get("specialization") not in (None, "maintenance"):
        return WindowState.UNKNOWN
    if entry.get("standing") is True or schedule.get("started") is True:
        return WindowState.RUNNING
    if entry.get("standing") is False:
        return WindowState.SCHEDULED
    return WindowState.UNKNOWN


def _affected(value: object) -> tuple[Component, ...]:
    """Names in the stream, in an old one a single name; objects, ids or a page of them
    with a key."""
    listed = value.get("data") if isinstance(value, dict) else value
    listed = [listed] if isinstance(listed, str) else listed
    found = []
    for raw in listed if isinstance(listed, list) else []:
        if isinstance(raw, dict):
            found.append(component({**raw, "name": _word(raw.get("name"))}))
        elif name := text(raw, 200):
            found.append(Component(id=name, name=name))
    return tuple(part for part in found if part is not None)
