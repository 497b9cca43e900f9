"""Cachet 3: `/api/schedules?include=components&filter[status]=0,1&sort=-scheduled_at`.

Its status is computed from the clock when the answer is written, so the clock is asked
again whenever somebody reads. Texts under `human` are translated and never compared.
"""

from typing import Any
from urllib.parse import urlsplit

from status.rules.maintenance import Reason
from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import (
    Document,
    Page,
    SourceError,
    distinct,
    refused,
    zone_named,
)
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

_NOT_ONE = "not_a_cachet_document"
MOST_PAGES = 10


def read(page: Page) -> Document:
    """The page's schedules, from all its pages."""
    entries: list[tuple[object, tuple[Component, ...]]] = []
    root = json_object(page.body, _NOT_ONE)
    doubt = Reason.INCOMPLETE
    for _ in range(MOST_PAGES):
        known = _included(root.get("included"))
        listed = required_list(root.get("data"), _NOT_ONE)
        entries += [(entry, known) for entry in listed]
        following = _next(root.get("links"))
        if not following:
            return _document(entries, page, None)
        try:
            root = json_object(page.more(following), _NOT_ONE)
            required_list(root.get("data"), _NOT_ONE)
        except SourceError:
            break
    return _document(entries, page, doubt)


def _document(
    entries: list[tuple[object, tuple[Component, ...]]],
    page: Page,
    doubt: Reason | None,
) -> Document:
    parts = {part.id: part for _, known in entries for part in known}
    return Document(
        components=tuple(parts.values()) or None,
        windows=distinct(
            _window(entry, position, page, known)
            for position, (entry, known) in enumerate(entries)
        ),
        doubt=doubt,
    )


def _next(links: object) -> str:
    """Path and query of the next page; "" on the last, where the link is absent."""
    if links is None:
        return ""
    if not isinstance(links, dict):
        raise refused(_NOT_ONE)
    link = links.get("next")
    if link is None:
        return ""
    try:
        parts = urlsplit(link if isinstance(link, str) else "")
    except ValueError as error:
        raise refused(_NOT_ONE) from error
    if not parts.path:
        raise refused(_NOT_ONE)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _included(listed: object) -> tuple[Component, ...]:
    found = []
    for entry in objects(listed):
        attributes = entry.get("attributes")
        # Groups and updates stand beside them, with numbers of their own.
        if entry.get("type", "components") == "components" and isinstance(
            attributes, dict
        ):
            own = {"id": entry.get("id"), "name": attributes.get("name")}
            found.append(component(own))
    return tuple(part for part in found if part is not None)


def _window(
    entry: object, position: int, page: Page, known: tuple[Component, ...]
) -> WindowFacts:
    entry = entry if isinstance(entry, dict) else {}
    attributes = entry.get("attributes")
    attributes = attributes if isinstance(attributes, dict) else {}
    zone = page.zone or zone_named("UTC")
    starts, ends = (_written(attributes.get(key)) for key in ("scheduled", "completed"))
    return WindowFacts(
        id=named(entry, "id", position=position)
        if identity(entry.get("id"))
        else named(attributes, "id", "name", position=position),
        name=text(attributes.get("name")),
        state=WindowState.TIMED,
        starts_at=instant(starts, zone),
        ends_at=instant(ends, zone),
        components=_affected(entry.get("relationships"), known),
        open_ended=ends is None,
        mentions=mentions(attributes.get("message")),
    )


def _written(value: object) -> object:
    """The time as a machine wrote it; None where there is none, "" when damaged."""
    if value is None:
        return None
    if isinstance(value, dict) and "string" in value:
        found = value["string"]
        return found if found is None or isinstance(found, str) else ""
    return value if isinstance(value, str) else ""


def _affected(
    relationships: Any, known: tuple[Component, ...]
) -> tuple[Component, ...]:
    holder = relationships.get("components") if isinstance(relationships, dict) else {}
    listed = holder.get("data") if isinstance(holder, dict) else None
    affected, _ = by_ids([entry.get("id") for entry in objects(listed)], known)
    return affected
