"""A small page as tests read it, and how its parts are written."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from status.rules.windows import Phase
from status.sources.base import Document, Page, SourceError
from status.sources.kinds import KINDS

NOW = datetime(2026, 11, 22, 1, 11, tzinfo=UTC)
FROM, TO = "2026-11-22T01:00:00Z", "2026-11-22T03:00:00Z"
EPOCH = int(datetime(2026, 11, 22, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True, kw_only=True)
class Sample:
    """``kind`` reads ``value`` (JSON or text); ``needed`` are the keys without which it
    is no such document; ``phase`` and ``affected`` tell of its window."""

    kind: str
    value: Any
    phase: Phase | None = None
    affected: tuple[str, ...] = ()
    needed: tuple[tuple[Any, ...], ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    companions: Mapping[str, Any] = field(default_factory=dict)
    url: str = "https://status.example.com/"
    now: datetime = NOW

    @property
    def body(self) -> bytes:
        return encoded(self.value)

    def read(self, body: bytes | None = None, **changes: Any) -> Document:
        """The document of this page, or of a changed one."""
        page: dict[str, Any] = {
            "body": self.body if body is None else body,
            "now": self.now,
            "url": self.url,
            "config": self.config,
            "more": companions(self.companions),
            **changes,
        }
        return KINDS[self.kind].read(Page(**page))


def encoded(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


def companions(known: Mapping[str, Any]) -> Callable[[str], bytes]:
    """Answers for the paths that are known; nothing stands at others."""

    def more(path: str) -> bytes:
        if path not in known:
            raise SourceError("http_404", unreadable=True)
        return encoded(known[path])

    return more


def calendar(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""))


def entry(*lines: str, uid: str = "w1") -> tuple[str, ...]:
    return ("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT")
