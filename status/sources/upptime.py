"""Upptime: open GitHub issues labelled `maintenance` of the page's repository.

Start and end stand in an HTML comment of the issue, both mandatory; without them the
issue tells that something is planned and not when.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from status.rules.matching import Component
from status.rules.windows import WindowFacts, WindowState
from status.sources.base import Document, Page, distinct
from status.sources.values import (
    address,
    instant,
    json_value,
    mentions,
    named,
    required_list,
    text,
)

_NOT_ONE = "not_a_list_of_issues"
_LABEL = "maintenance"
_FIELD = re.compile(
    r"(?:^|\s)(start|end|expectedDown|expectedDegraded)\s*:\s*"
    r"(.*?)(?=\s+(?:start|end|expectedDown|expectedDegraded)\s*:|\s*$)",
    re.DOTALL,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST_BODY = 70_000
# GitHub answers 60 requests an hour without a key.
_POLL_AFTER = timedelta(minutes=5)


def read(page: Page) -> Document:
    """The announced maintenance of the page."""
    listed = required_list(json_value(page.body), _NOT_ONE)
    windows = (
        _window(entry, position)
        for position, entry in enumerate(listed)
        if not _is_something_else(entry)
    )
    return Document(components=None, windows=distinct(windows), poll_after=_POLL_AFTER)


def _is_something_else(entry: object) -> bool:
    """True for an issue that is clearly not about maintenance."""
    if not isinstance(entry, dict):
        return False
    if entry.get("pull_request"):
        return True
    labels = entry.get("labels")
    if not isinstance(labels, list) or not labels:
        return False
    names = [text(raw.get("name")) for raw in labels if isinstance(raw, dict)]
    whole = len(names) == len(labels) and all(names)
    return whole and _LABEL not in {name.lower() for name in names}


def _comments_and_rest(body: str) -> tuple[list[str], str]:
    """What stands inside the comments of a text, and what stands outside."""
    first, *parts = body[:_LONGEST_BODY].split("<!--")
    comments, rest = [], [first]
    for part in parts:
        inside, closed, after = part.partition("-->")
        if closed:
            comments.append(inside)
        rest.append(after)
    return comments, " ".join(rest)


def _fields(body: object) -> dict[str, str]:
    if not isinstance(body, str):
        return {}
    for comment in _comments_and_rest(body)[0]:
        found = {key: value.strip() for key, value in _FIELD.findall(comment)}
        if "start" in found or "end" in found:
            return found
    return {}


def _window(entry: object, position: int) -> WindowFacts:
    entry = entry if isinstance(entry, dict) else {}
    fields = _fields(entry.get("body"))
    slugs = [
        text(slug, 200)
        for key in ("expectedDown", "expectedDegraded")
        for slug in fields.get(key, "").split(",")
    ]
    return WindowFacts(
        id=named(entry, "number", "id", "title", position=position),
        name=text(entry.get("title")),
        state=_state(entry),
        starts_at=_time(fields.get("start")),
        ends_at=_time(fields.get("end")),
        components=tuple(
            Component(id=slug, name=slug) for slug in dict.fromkeys(slugs) if slug
        ),
        url=address(entry.get("html_url")),
        mentions=mentions(_comments_and_rest(text(entry.get("body"), 10**6))[1]),
    )


def _time(value: str | None) -> datetime | None:
    """The time; a date alone is its midnight where the checks run, which is UTC."""
    if value is not None and _DATE.fullmatch(value):
        value = f"{value}T00:00:00"
    return instant(value)


def _state(entry: dict[str, Any]) -> WindowState:
    return WindowState.FINISHED if entry.get("state") == "closed" else WindowState.TIMED
