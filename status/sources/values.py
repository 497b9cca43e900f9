"""Single values of foreign documents, made safe to store; None where they are not one.

Times stand in documents in many forms. All but epoch seconds are told apart by their
looks; numbers count as times only where a product writes them (`epoch`).
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from status.rules.matching import Component
from status.sources.base import refused

LONGEST_NAME = 500
LONGEST_ID = 200
MOST_COMPONENTS = 2000
MOST_ENTRIES = 5000
MOST_TEXT, MOST_MENTIONS = 20_000, 1000
_UNSTORABLE = re.compile(
    r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+"
)
_PERSON = re.compile(r"[^\s<>]{1,200}@[^\s<>]{1,200}")
_HOST = re.compile(r"\w[\w-]{0,62}(?:\.[\w-]{1,63}){0,10}", re.ASCII)
_MARKUP = re.compile(r"<[^<>]{0,500}>")
_JAVASCRIPT = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d)"
    r" GMT([+-]\d{4})(?: \(.*\))?"
)
_GO = re.compile(
    r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4}) [A-Z0-9+-]+(?: m=.*)?"
)
# Zones in letters that the standard library does not know, as feeds write them.
_LETTERS = {
    **dict.fromkeys(("UTC", "GMT", "Z", "WET"), "+0000"),
    **dict.fromkeys(("CET", "MEZ", "MET", "BST", "WEST"), "+0100"),
    **dict.fromkeys(("CEST", "MESZ", "MEST", "EET"), "+0200"),
    **dict.fromkeys(("EEST", "MSK"), "+0300"),
    **dict.fromkeys(("JST", "KST"), "+0900"),
    **dict.fromkeys(("AEST",), "+1000"),
    **dict.fromkeys(("AEDT",), "+1100"),
}
_MONTHS = {
    name: number
    for number, name in enumerate(
        (
            *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
            *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        ),
        start=1,
    )
}
# Seconds between 2001 and 2100: whatever else is a number is not a time of a window.
_EARLIEST_EPOCH, _LATEST_EPOCH = 10**9, 4 * 10**9


def json_value(body: bytes) -> Any:
    """The JSON document. Raises SourceError."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise refused("not_json") from error


def json_object(body: bytes, code: str) -> dict[str, Any]:
    """The JSON document, which is an object. Raises SourceError."""
    value = json_value(body)
    if not isinstance(value, dict):
        raise refused(code)
    return value


def required_list(value: object, code: str) -> list[Any]:
    """The list without which the document is not one. Raises SourceError, also for one
    that is longer than anybody's: leaving some out could hide the one that runs."""
    if not isinstance(value, list):
        raise refused(code)
    if len(value) > MOST_ENTRIES:
        raise refused("too_many_windows")
    return value


def text(value: object, limit: int = LONGEST_NAME) -> str:
    """The value as storable text: no controls, no lone surrogates, not too long."""
    if not isinstance(value, str):
        return ""
    value = value.encode("utf-8", "replace").decode("utf-8")
    return _UNSTORABLE.sub(" ", value).strip()[:limit]


def without_markup(value: object, limit: int = LONGEST_NAME) -> str:
    """The text of a value that may hold HTML."""
    return " ".join(text(_MARKUP.sub(" ", text(value, 20 * limit)), limit).split())


def mentions(*values: object) -> str:
    """The words of these texts that may name a host: those with a digit, a dot or a
    hyphen. Addresses of people are left out, as is all else that the texts say."""
    found: dict[str, None] = {}
    for value in values:
        plain = _PERSON.sub(" ", text(value, MOST_TEXT))
        for word in _HOST.findall(_MARKUP.sub(" ", plain)):
            if len(word) > 3 and re.search(r"[\d.-]", word):
                found.setdefault(word.lower())
    kept = ""
    for word in found:
        if len(kept) + len(word) > MOST_MENTIONS:
            break
        kept = f"{kept} {word}".strip()
    return kept


def identity(value: object) -> str:
    """A number or text that names something; "" for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        # Numbers of any length arrive here; only short ones are ids.
        return str(value) if abs(value) < 10**30 else ""
    return text(value, LONGEST_ID)


def named(entry: dict[str, Any], *keys: str, position: int) -> str:
    """The first of the keys that names the entry; its place where none does."""
    for key in keys:
        found = identity(unwrapped(entry.get(key)))
        if found:
            return found
    return f"entry-{position}"


def instant(value: object, zone: tzinfo | None = UTC) -> datetime | None:
    """The time as aware UTC; None when it is not one. Without an offset of its own it
    is read in ``zone``, and in UTC where that is not known."""
    if not isinstance(value, str):
        return None
    try:
        moment = _moment(value.strip())
        if moment is None:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone or UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _moment(value: str) -> datetime | None:
    if match := _JAVASCRIPT.fullmatch(value):
        month, day, year, clock, offset = match.groups()
        iso = f"{year}-{_MONTHS.get(month, 0):02}-{int(day):02}T{clock}{offset}"
        return datetime.fromisoformat(iso)
    if match := _GO.fullmatch(value):
        return datetime.fromisoformat("{}T{}{}".format(*match.groups()))
    before, _, letters = value.rpartition(" ")
    if offset := _LETTERS.get(letters.strip("()").upper()):
        value = f"{before} {offset}"
    # A bare date or bare digits name no instant; both are ISO 8601 all the same.
    if len(value) > 10 and value[:4].isdigit():
        return datetime.fromisoformat(value)
    if "," in value[:6] or value[-4:].isalpha() or value[-5:-4] in {"+", "-"}:
        return parsedate_to_datetime(value)
    return None


def has_offset(value: object) -> bool:
    """True when the time says itself in which zone it stands."""
    if not isinstance(value, str) or value.endswith("-0000"):
        return True
    try:
        moment = _moment(value.strip())
    except (ValueError, OverflowError, TypeError, IndexError):
        return True
    return moment is None or moment.tzinfo is not None


def epoch(value: object) -> datetime | None:
    """Seconds since 1970, as a number or as digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:12])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not _EARLIEST_EPOCH <= value <= _LATEST_EPOCH:
        return None
    return datetime.fromtimestamp(int(value), UTC)


def unwrapped(value: object) -> object:
    """The value inside {"_type": ..., "value": ...}."""
    if isinstance(value, dict) and "_type" in value:
        return value.get("value")
    return value


def address(value: object) -> str:
    """A web address; "" for anything else."""
    found = text(value, 2000)
    try:
        parts = urlsplit(found)
    except ValueError:
        return ""
    good = parts.scheme in {"http", "https"} and parts.netloc and len(found) <= 500
    return found if good else ""


def objects(listed: object) -> list[dict[str, Any]]:
    """The objects of a list, not more than anybody has; nothing for what is no list."""
    if not isinstance(listed, list):
        return []
    return [entry for entry in listed[:MOST_ENTRIES] if isinstance(entry, dict)]


def component(
    entry: dict[str, Any],
    *,
    id_keys: tuple[str, ...] = ("id",),
    name_key: str = "name",
    group: str = "",
    in_maintenance: bool = False,
) -> Component | None:
    """The component of an object; None when nothing names it."""
    name = text(entry.get(name_key), 200)
    for key in id_keys:
        own = identity(unwrapped(entry.get(key)))
        if own:
            break
    else:
        own = name
    if not own:
        return None
    return Component(id=own, name=name, group=group, in_maintenance=in_maintenance)


def by_ids(
    listed: object, known: Iterable[Component]
) -> tuple[tuple[Component, ...], bool]:
    """The components that a list of ids names, and whether all of it was understood.

    An id that stands nowhere else is a component without a name. What is not a list,
    or holds what is no id, may have named anything.
    """
    if listed is None:
        return (), True
    if not isinstance(listed, list):
        return (), False
    table = {part.id: part for part in known}
    found: dict[str, Component] = {}
    for raw in listed[:MOST_COMPONENTS]:
        own = identity(unwrapped(raw))
        if not own:
            return (), False
        found[own] = table.get(own, Component(id=own, name=""))
    return tuple(found.values()), True
