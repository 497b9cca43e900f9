"""Deadlines of reportable cases in the reader's language."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from emergency.rules.reportable import SOON_BEFORE, Deadline, State

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def state_word(step: Deadline) -> str:
    """How it stands with the step."""
    words = {
        State.WAITING: _("still to do"),
        State.DONE: _("done in time"),
        State.LATE: _("done late"),
        State.MISSED: _("overdue"),
        State.NOT_NEEDED: _("not needed"),
    }
    return words[step.state]


def tone_of(step: Deadline, now: datetime) -> str:
    """The look of its badge: red only for what needs a person now."""
    tones = {
        State.DONE: "good",
        State.LATE: "warn",
        State.MISSED: "bad",
        State.NOT_NEEDED: "calm",
    }
    soon = step.due_at - now <= SOON_BEFORE
    return tones.get(step.state, "warn" if soon else "wait")


def left_words(step: Deadline, now: datetime) -> str:
    """How long there is left, or how long it is overdue; empty for a settled step."""
    if not step.is_open:
        return ""
    words = _("overdue by %(span)s") if now > step.due_at else _("in %(span)s")
    return words % {"span": span(abs(step.due_at - now))}


def span(length: timedelta) -> str:
    """A length in its two largest units, cut off to full minutes."""
    minutes = int(length.total_seconds() // 60)
    values = {
        "days": minutes // 1440,
        "hours": minutes // 60 if length < 2 * DAY else minutes // 60 % 24,
        "minutes": minutes % 60,
    }
    if length >= 2 * DAY:
        return _("%(days)d days %(hours)d h") % values
    if length >= HOUR:
        return _("%(hours)d h %(minutes)d min") % values
    return _("%(minutes)d min") % values
