"""Which reminder of a document is due, and what it says.

Reminders go out on working days between eight and six, never twice on a day, and each
level waits for its days after the one before. Nothing is charged for them: the
statutory interest and the lump sum for businesses (UGB §§ 456, 458) are mentioned where
the operator says so, never computed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

OPENS, CLOSES = 8, 18
PLACEHOLDERS = ("number", "amount", "date", "due", "days", "name", "issuer", "iban")
_PLACE = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, kw_only=True)
class Level:
    """``days`` after the due date for the first level, after the one before for the
    others; subject and text by language."""

    days: int
    subject: Mapping[str, str]
    text: Mapping[str, str]


def is_day(local: datetime) -> bool:
    """Whether reminders may go out at this wall-clock time."""
    return local.weekday() < 5 and OPENS <= local.hour < CLOSES


def due_level(
    *,
    due: date,
    sent: Sequence[date],
    levels: Sequence[Level],
    today: date,
) -> int | None:
    """The level (1 is the first) that is due today, or None. ``sent``: the days of the
    levels that went out, in order."""
    reached = len(sent)
    if reached >= len(levels):
        return None
    since = sent[-1] if sent else due
    # At least one day, so that a mistyped zero does not send all levels at once.
    wait = timedelta(days=max(levels[reached].days, 1))
    return reached + 1 if today >= since + wait else None


def unknown_places(text: str) -> list[str]:
    """Names in braces that nothing is put in for."""
    return [name for name in _PLACE.findall(text) if name not in PLACEHOLDERS]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; what is unknown stays as it is."""
    return _PLACE.sub(lambda match: values.get(match[1], match.group()), text)
