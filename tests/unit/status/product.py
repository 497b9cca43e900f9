"""Reading one page of a product, for tests of single traps."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from status.rules.windows import Phase, phase_at
from status.sources.base import Document, Page
from status.sources.kinds import KINDS
from tests.unit.status.sample import NOW, companions, encoded

HOUR = timedelta(hours=1)


def read(
    kind: str,
    value: Any,
    *,
    path: str = "/",
    config: Mapping[str, Any] | None = None,
    known: Mapping[str, Any] | None = None,
    sent_at: datetime | None = None,
) -> Document:
    return KINDS[kind].read(
        Page(
            body=encoded(value),
            now=NOW,
            url=f"https://status.example.com{path}",
            config=config or {},
            more=companions(known or {}),
            sent_at=sent_at,
        )
    )


def phase(document: Document, now: datetime = NOW) -> Phase:
    (window,) = document.windows
    return phase_at(window, now)
