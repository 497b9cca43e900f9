"""Reading the environment for the settings.

Nothing here fails: a value that cannot be read is remembered and its default used.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

import dj_database_url
import dj_email_url

IDLE_IN_TRANSACTION_SECONDS = 20

# Names of variables whose value cannot be read.
UNREADABLE: list[str] = []


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that NAME_FILE names, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path and name not in os.environ:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError:
            return default
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """Whether the variable says yes."""
    return text(name).lower() in {"1", "true", "yes", "on"}


def whole_number(name: str, default: int) -> int:
    """The variable as a number without sign or fraction."""
    value = text(name)
    if value and not value.isdigit():
        UNREADABLE.append(name)
    return int(value) if value.isdigit() else default


def time_zone(name: str, default: str) -> str:
    """The variable as the name of a zone that this machine knows."""
    value = text(name, default)
    if value not in available_timezones():
        UNREADABLE.append(name)
        return default
    return value


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for the mail address. Raises ValueError for no such scheme."""
    found: dict[str, Any] = dj_email_url.parse(url)
    if "EMAIL_BACKEND" not in found:
        raise ValueError(url)
    if url.startswith("file:"):
        # The library drops the leading slash and would write below the work folder.
        found["EMAIL_FILE_PATH"] = unquote(urlsplit(url).path)
    return found


def database_settings(url: str, *, statement_seconds: int) -> dict[str, Any]:
    """Django's settings for the database. Raises ValueError for no such scheme.

    A statement ends after ``statement_seconds`` at the server, a wait for a lock after
    half of that; 0 is no limit. A transaction in which nothing happens is ended, so
    that a process that hangs holds no lock for long: no transaction of ours waits for
    anything outside. A machine that vanished is noticed within ten seconds.

    A prepared statement is planned once: the only ones are our own, which look up a
    row by its key, whatever its values.
    """
    found: dict[str, Any] = dict(
        dj_database_url.parse(
            url,
            engine="emergency.database",
            conn_max_age=60,
            conn_health_checks=True,
        )
    )
    limits = {
        "statement_timeout": statement_seconds * 1000,
        "lock_timeout": statement_seconds * 500,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_SECONDS * 1000,
    }
    given = found.get("OPTIONS", {})
    found["OPTIONS"] = {
        "connect_timeout": 3,
        "keepalives_idle": 4,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        **given,
    }
    asked: dict[str, Any] = {"plan_cache_mode": "force_generic_plan"}
    if statement_seconds:
        asked |= limits
    ours = " ".join(f"-c {name}={value}" for name, value in asked.items())
    # What the address says comes last and wins.
    found["OPTIONS"]["options"] = f"{ours} {given.get('options', '')}".strip()
    return found


def parsed(name: str, default: str, parse: Callable[[str], Any]) -> Any:
    """What ``parse`` makes of the variable, or of the default where it cannot."""
    try:
        return parse(text(name, default))
    except (ValueError, KeyError):
        UNREADABLE.append(name)
        return parse(default)
