"""Time zones that a calendar defines itself, made harmless before anything reads them.

Whoever asks for the offset of a time walks through the rules of such a zone; a rule by
the second, or one that fits no day, keeps that busy for hours. A zone that everybody
knows needs no definition, and any other may change its clock once or twice a year.
"""

import re
from datetime import tzinfo
from functools import cache
from zoneinfo import available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from status.sources.base import refused, zone_named

_FOLD = re.compile(r"\r?\n[ \t]")
_BLOCK = re.compile(
    r"^BEGIN:VTIMEZONE\s*$.*?^END:VTIMEZONE\s*$\n?",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_TZID = re.compile(r"^TZID(?:;[^:\r\n]*)?:(.*?)\s*$", re.MULTILINE | re.IGNORECASE)
# Where a time, or a definition, names its zone.
_NAMED = re.compile(
    r"(?P<before>^[A-Z-]+(?:;[^:\r\n]*?)?;TZID=|^TZID:)"
    r"(?P<quote>\"?)(?P<name>[^\":;\r\n]+)(?P=quote)",
    re.MULTILINE | re.IGNORECASE,
)
_RULE = re.compile(
    r"^(?:RRULE|EXRULE)(?:;[^:\r\n]*)?:(.*?)\s*$", re.MULTILINE | re.IGNORECASE
)
# Every year, on a day that every year has.
_PART = re.compile(
    r"FREQ=YEARLY|INTERVAL=1|WKST=[A-Z]{2}|UNTIL=[0-9TZ]{8,16}"
    r"|BYMONTH=(?:[1-9]|1[0-2])|BYDAY=[-+]?[1-4]?[A-Z]{2}"
    r"|BYMONTHDAY=(?:[1-9]|1\d|2[0-8])(?:,(?:[1-9]|1\d|2[0-8]))*"
)
_MOST_LINES = 400
_MOST_ZONES = 200
_LONGEST_NAME = 100


def tame_zones(calendar: str) -> str:
    """The calendar, unfolded, without definitions that are not needed or not tame. A
    time in a zone that is gone keeps its wall clock, and its zone counts as unknown.
    Raises SourceError for a definition that is written in a way we do not see through.
    """
    unfolded = _FOLD.sub("", calendar)
    if unfolded.upper().count("BEGIN:VTIMEZONE") > _MOST_ZONES:
        raise refused("not_a_calendar")
    unfolded = _NAMED.sub(_known, unfolded)
    if "VTIMEZONE" in _BLOCK.sub("", unfolded).upper():
        raise refused("not_a_calendar")
    return _BLOCK.sub(lambda block: block[0] if _is_tame(block[0]) else "", unfolded)


def _known(found: re.Match[str]) -> str:
    usual = _usual(found["name"])
    return found["before"] + usual if usual else found[0]


def _usual(name: str) -> str:
    """The name under which everybody knows the zone; "" where nobody does.

    Some products put their own before it ("/example.org/2026/Europe/Vienna").
    """
    parts = name.strip()[:_LONGEST_NAME].split("/")
    for start in range(len(parts)):
        found = _spelled().get("/".join(parts[start:]).casefold(), "")
        if found and (start == 0 or parts[0] == ""):
            return found
    return ""


@cache
def _spelled() -> dict[str, str]:
    names = {name: name for name in sorted(available_timezones())}
    return {
        name.casefold(): usual for name, usual in (WINDOWS_TO_OLSON | names).items()
    }


def zone_called(name: str) -> tzinfo | None:
    """The zone under whatever name everybody, or Windows, knows it; else None."""
    return zone_named(_usual(name))


def _is_tame(block: str) -> bool:
    name = _TZID.search(block)
    if name is None or zone_named(name[1]) is not None:
        return False
    rules = _RULE.findall(block)
    parts = [part for rule in rules for part in rule.upper().split(";")]
    yearly = all("FREQ=YEARLY" in rule.upper() for rule in rules)
    few = block.count("\n") <= _MOST_LINES
    return few and yearly and all(_PART.fullmatch(part) for part in parts)
