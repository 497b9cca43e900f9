"""One page as a test serves it, and what the command should say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

AT = "2026-11-22T01:11:00Z"
FROM, TO = "2026-11-22T01:00:00Z", "2026-11-22T03:00:00Z"
LATER, LATER_TO = "2026-11-25T01:00:00Z", "2026-11-25T03:00:00Z"


@dataclass(frozen=True, kw_only=True)
class Case:
    """``says`` is a sentence about the page. ``affected`` is not looked at where it is
    None; ``companions`` stand at their paths."""

    says: str
    kind: str
    body: Any
    path: str = "/page"
    at: str = AT
    result: str = "ok"
    active: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    upcoming: tuple[str, ...] = ()
    affected: Mapping[str, list[str]] | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    companions: Mapping[str, Any] = field(default_factory=dict)
