"""The tariff of an order as it is recorded, and in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from emergency.models import Circumstances
from emergency.rules.tariff import Reason, Tariff


def reason_words(reason: str, day: str) -> str:
    """Why this tariff applies, as a sentence of the active language. ``day`` names the
    holiday or closing day."""
    words = {
        Reason.OPEN: _("Our free support is open."),
        Reason.BEFORE_OPENING: _("Our free support is not open yet today."),
        Reason.AFTER_CLOSING: _("Our free support has closed for today."),
        Reason.DAY_OFF: _("Our free support is closed on this day of the week."),
        Reason.HOLIDAY: _("Today is a public holiday: %(day)s."),
        Reason.CLOSING_DAY: _("Our free support is closed today: %(day)s."),
        Reason.NEVER_OPEN: _("There are no hours of free support at the moment."),
    }
    return words[Reason(reason)] % {"day": day}


@dataclass(frozen=True, kw_only=True)
class OrderedUnder:
    """What was decided and said when the customer ordered, in words."""

    case: str
    reason: str
    worked_before: str


def ordered_under(circumstances: Circumstances) -> OrderedUnder:
    """The stored circumstances in the active language."""
    said = {True: _("yes"), False: _("no"), None: _("not given")}
    return OrderedUnder(
        case=circumstances.get_tariff_case_display(),
        reason=reason_words(
            circumstances.tariff_reason, circumstances.values.get("day", "")
        ),
        worked_before=said[circumstances.worked_before],
    )


def recorded(tariff: Tariff) -> dict[str, Any]:
    """The tariff's plain values beside its case and reason, as they are kept."""

    def plain(at: datetime | None) -> str | None:
        return at.isoformat() if at else None

    return {
        "day": tariff.day,
        "opens_at": plain(tariff.opens_at),
        "ends_at": plain(tariff.ends_at),
    }
