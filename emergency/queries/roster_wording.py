"""Facts about a schedule, worded when read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from emergency.models import (
    Override,
    RosterEntry,
    Rotation,
    Staff,
    Technician,
    When,
)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One entry in the reader's language; ``who`` is empty for the engine."""

    at: datetime
    text: str
    who: str
    tone: str


TONES = {
    "hand_off_confirmed": "good",
    "successor_confirmed": "good",
    "came_back": "good",
    "hand_off_silent": "bad",
    "no_successor": "bad",
    "dropped_out": "warn",
    "successor_declined": "warn",
}
PEOPLE = ("replaced", "proposer", "partner")


def facts_in_words(entries: Sequence[RosterEntry]) -> list[Fact]:
    """The entries as sentences, in their order. Two queries for the names in them."""
    keys = {
        entry.values[name]
        for entry in entries
        for name in PEOPLE
        if entry.values.get(name)
    }
    keys |= {key for entry in entries for key in entry.values.get("members", ())}
    names = {
        key: str(person)
        for key, person in Technician.objects.select_related("staff")
        .in_bulk(keys)
        .items()
    }
    authors = Staff.objects.in_bulk(
        {entry.values["by"] for entry in entries if "by" in entry.values}
    )
    return [
        Fact(
            at=entry.at,
            text=_sentence(entry, names),
            who=str(authors.get(entry.values.get("by"), "")),
            tone=TONES.get(entry.code, ""),
        )
        for entry in entries
    ]


def _sentence(entry: RosterEntry, names: dict[int, str]) -> str:
    code = entry.code
    if code == "override_added":
        code = f"{code}_{entry.values.get('kind')}"
        if code == "override_added_replace" and not entry.values.get("replaced"):
            code = "override_added_fixed"
    template = _templates().get(code)
    return template % _worded(entry, names) if template else entry.code


def _templates() -> dict[str, str]:
    return {
        "schedule_added": _("Schedule set up."),
        "schedule_changed": _("Schedule changed."),
        "rotation_added": _("Rotation set up: %(members)s."),
        "rotation_changed": _("Rotation changed: %(members)s."),
        "rotation_removed": _("Rotation removed: %(members)s."),
        "override_added_replace": _(
            "%(person)s instead of %(replaced)s, %(from)s to %(until)s."
        ),
        "override_added_fixed": _("Only %(person)s, %(from)s to %(until)s."),
        "override_added_add": _("%(person)s as well, %(from)s to %(until)s."),
        "override_added_remove": _("Without %(replaced)s, %(from)s to %(until)s."),
        "override_cancelled": _("Change of %(from)s to %(until)s cancelled."),
        "swap_proposed": _(
            "%(proposer)s asks %(partner)s to swap, %(from)s to %(until)s."
        ),
        "swap_accepted": _(
            "%(partner)s agrees to the swap with %(proposer)s, %(from)s to %(until)s."
        ),
        "swap_declined": _("%(partner)s declines the swap with %(proposer)s."),
        "swap_withdrawn": _("%(proposer)s withdraws the swap with %(partner)s."),
        "hand_off_asked": _("%(person)s is asked to confirm the hand-off."),
        "hand_off_confirmed": _("%(person)s confirms the hand-off of %(from)s."),
        "hand_off_silent": _(
            "%(person)s has not confirmed the hand-off. The duty manager is told."
        ),
        "dropped_out": _("%(person)s drops out."),
        "successor_asked": _("%(person)s is asked to take over and is paged too."),
        "successor_confirmed": _("%(person)s takes over."),
        "successor_declined": _("%(person)s cannot take over."),
        "no_successor": _("Nobody is left to take over. The duty manager is told."),
        "feed_renewed": _("The calendar of the schedule has a new address."),
        "own_feed_renewed": _("The calendar of %(person)s has a new address."),
        "came_back": _("%(person)s goes on as planned."),
    }


def override_in_words(override: Override) -> str:
    """What the override does, with its people."""
    values = {"person": override.technician, "replaced": override.replaced}
    if override.kind == Override.Kind.ADD:
        return _("%(person)s as well") % values
    if override.kind == Override.Kind.REMOVE:
        return _("without %(replaced)s") % values
    if override.replaced is None:
        return _("only %(person)s") % values
    return _("%(person)s instead of %(replaced)s") % values


def layer_in_words(rotation: Rotation) -> str:
    """What the rotation is called: its own name, or its layer."""
    if rotation.name:
        return rotation.name
    return _("Layer %(number)s") % {"number": rotation.layer}


def rotation_in_words(rotation: Rotation) -> str:
    """Who takes turns, how long, from which day of the week and time, in which hours.

    The members come prefetched with their staff.
    """
    values = {
        "members": ", ".join(str(m.technician) for m in rotation.members.all())
        or _("nobody"),
        "time": f"{rotation.handoff_time:%H:%M}",
        "day": date_format(rotation.starts_on, "l"),
        "days": rotation.shift_days,
        "hours": rotation.shift_hours,
        "hours_served": rotation.get_limited_to_display(),
    }
    if (rotation.shift_days, rotation.shift_hours) == (7, 0):
        words = _("%(members)s: weekly, hand-off on %(day)s at %(time)s.")
    elif (rotation.shift_days, rotation.shift_hours) == (1, 0):
        words = _("%(members)s: daily, hand-off at %(time)s.")
    else:
        words = _(
            "%(members)s: %(days)s days and %(hours)s hours each, from %(time)s on."
        )
    said = words % values
    if rotation.limited_to != When.ALWAYS:
        said = f"{said} {_('Serves: %(hours_served)s.') % values}"
    return said


def _worded(entry: RosterEntry, names: dict[int, str]) -> dict[str, Any]:
    values = entry.values
    return {
        "person": entry.technician or _("somebody"),
        "from": _moment(values.get("starts_at")),
        "until": _moment(values.get("ends_at")),
        "members": ", ".join(
            names.get(key, _("somebody")) for key in values.get("members", ())
        ),
        **{name: names.get(values.get(name), _("somebody")) for name in PEOPLE},
    }


def _moment(text: object) -> str:
    if not isinstance(text, str):
        return "–"
    local = timezone.localtime(datetime.fromisoformat(text))
    return date_format(local, _("D j M, H:i"))
