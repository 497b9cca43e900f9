"""Where an incident stands, in the customer's words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emergency.passages.directory import passage
from emergency.queries.tracking import Tracking
from emergency.rules import progress
from emergency.rules.deadline import time_left
from emergency.rules.progress import Standing
from emergency.rules.states import WAITING_STATES
from emergency.views.words import by_moment, moment

_PASSAGES = {
    Standing.CANCELLED: "cancelled",
    Standing.SOLVED: "solved",
    Standing.WORKING: "working",
    Standing.ASKED_TO_RING: "asked-to-ring",
    Standing.LATE: "late",
    Standing.TAKEN: "taken",
    Standing.PAGING: "paging",
    Standing.RECEIVED: "received",
    Standing.ELSEWHERE: "elsewhere",
}


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """One step of the way. ``mark``: done | now | next."""

    title: str
    at: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class CallLine:
    """One call of ours in the customer's words."""

    at: str
    outcome: str
    proof: str


def standing_of(view: Tracking, now: datetime) -> Standing:
    """What this page tells first."""
    return progress.standing(
        view.facts, sees_everything=view.whole is not None, now=now
    )


def minutes_left(view: Tracking, now: datetime) -> int | None:
    """Started minutes until the callback deadline, while it is still ahead."""
    left = time_left(view.facts.deadline_at, now)
    started = -(-left // timedelta(minutes=1))
    waiting = view.facts.status in WAITING_STATES
    return started if waiting and started > 0 else None


def headline(view: Tracking, now: datetime) -> str:
    """The one important thing."""
    standing = standing_of(view, now)
    deadline = view.facts.deadline_at
    if now > deadline and standing in {Standing.LATE, Standing.TRIED}:
        return _("We should have called you by %(time)s") % {
            "time": by_moment(deadline, now)
        }
    words = {
        Standing.CANCELLED: _("This order is cancelled"),
        Standing.SOLVED: _("Solved"),
        Standing.WORKING: _("We are working on it"),
        Standing.ASKED_TO_RING: _("Please ring us"),
        Standing.ELSEWHERE: _("Your report belongs to an emergency we know"),
    }
    return words.get(standing) or _("We call you by %(time)s") % {
        "time": by_moment(deadline, now)
    }


def explanation(view: Tracking, now: datetime) -> str:
    """What is happening; it is what a screen reader is told, so no ticking clock."""
    standing = standing_of(view, now)
    name = view.owner_first_name or _("A technician")
    if standing is Standing.TRIED:
        return _about_tries(view, now)
    if standing is Standing.NOBODY_YET:
        return _about_nobody(view, now)
    return passage(
        f"tracking-{_PASSAGES[standing]}",
        name=name,
        number=view.hotline,
        times=", ".join(moment(at, now) for at in view.facts.attempts),
    )


def _about_tries(view: Tracking, now: datetime) -> str:
    """The next attempt is named where the technician named it, and never else."""
    next_at = view.whole.next_attempt_at if view.whole else None
    values = {"time": moment(view.facts.attempts[-1], now)}
    stranger = _about_a_stranger(view, values)
    if stranger:
        return stranger
    if next_at is not None:
        return _(
            "We called you at %(time)s and did not reach you. We try again at"
            " %(next)s. Please keep your phone at hand."
        ) % {**values, "next": moment(next_at, now)}
    return (
        _(
            "We called you at %(time)s and did not reach you. We try again. Please keep"
            " your phone at hand."
        )
        % values
    )


def _about_a_stranger(view: Tracking, values: dict[str, str]) -> str:
    """What is said when the last call came to somebody else; empty for all others."""
    in_vain = [
        call.outcome
        for call in (view.whole.calls if view.whole else ())
        if call.outcome != "reached"
    ]
    words = {
        "wrong_number": _(
            "We called at %(time)s; the number belongs to somebody else. Please add a"
            " number below, or ring %(number)s."
        ),
        "wrong_person": _(
            "We called at %(time)s and somebody else answered. We told them nothing"
            " about it. We try again. Please keep your phone at hand."
        ),
    }
    said = words.get(in_vain[-1]) if in_vain else None
    return said % {**values, "number": view.hotline} if said else ""


def calls_in_words(view: Tracking, now: datetime) -> list[CallLine]:
    """Our calls to the customer, the newest last, and how each is known."""
    outcomes = {
        "reached": _("spoken with you"),
        "no_answer": _("nobody answered"),
        "busy": _("the line was busy"),
        "mailbox": _("a mailbox answered"),
        "wrong_number": _("the number belongs to somebody else"),
        "wrong_person": _("somebody else answered"),
    }
    return [
        CallLine(
            at=moment(call.at, now),
            outcome=outcomes[call.outcome],
            proof=_("proven by the telephone network")
            if call.proof == "bridge"
            else _("noted by the technician"),
        )
        for call in (view.whole.calls if view.whole else ())
    ]


def _about_nobody(view: Tracking, now: datetime) -> str:
    paged = view.whole.paged_people if view.whole else 0
    deadline = by_moment(view.facts.deadline_at, now)
    if not paged:
        return _(
            "No technician has taken it yet. Paging goes on until one does; we call you"
            " by %(time)s."
        ) % {"time": deadline}
    return ngettext(
        "No technician has taken it yet. %(count)d was paged so far. Paging goes on"
        " until one does; we call you by %(time)s.",
        "No technician has taken it yet. %(count)d were paged so far. Paging goes on"
        " until one does; we call you by %(time)s.",
        paged,
    ) % {"count": paged, "time": deadline}


def steps(view: Tracking, now: datetime) -> list[StepLine]:
    """The way from report to invoice, with the time of what has happened."""
    name = view.owner_first_name
    titles = {
        "received": _("Report received"),
        "paged": _("Technician paged"),
        "taken": _("Taken by %(name)s") % {"name": name}
        if name
        else _("Taken by a technician"),
        "calling": _("You are called"),
        "talking": _("Spoken with you"),
        "findings": _("First findings"),
        "solved": _("Solved"),
        "documented": _("Invoice"),
    }
    return [
        StepLine(
            title=titles[step.code],
            at=moment(step.at, now) if step.at else "",
            mark=step.mark.value,
        )
        for step in progress.way(view.facts, sees_everything=view.whole is not None)
    ]
