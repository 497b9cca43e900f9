"""Pages about shifts: reminders, changes, hand-offs, taking over from a colleague."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Kind, Topic


def duty_sentence(code: str) -> str:
    """What is answered to somebody who spoke about their duty, in the active
    language."""
    sentences = {
        "heard": gettext("Thank you. Your shifts stand at the desk."),
        "shift_heard": gettext("Thank you. Your shifts stand at the desk."),
        "shift_over": gettext("This is settled already. Nothing to do for you."),
        "duty_confirmed": gettext("Thank you. You have the duty."),
        "duty_taken": gettext("Thank you. You have taken over and are on call now."),
        "duty_taken_by_other": gettext(
            "A colleague has taken over already. Thank you."
        ),
        "dropped_out": gettext(
            "Understood. A successor is being asked. Until somebody confirms, you are"
            " paged too. Your open emergencies stay yours."
        ),
        "not_on_call": gettext("You are not on call now. Nothing was changed."),
        "declined": gettext("Understood. The next person is asked."),
        "confirmed_already": gettext(
            "You have taken over already. If you cannot go on, write RAUS."
        ),
        "came_back": gettext("Understood. You are on call as planned."),
        "successor_has_it": gettext(
            "A successor has confirmed. The shift is theirs now."
        ),
    }
    return sentences[code]


def _values(order: PageOrder) -> dict[str, str]:
    return {
        "schedule": str(order.values.get("schedule", "")),
        "from": _moment(order.values.get("from")),
        "until": _moment(order.values.get("until")),
    }


def _moment(instant: object) -> str:
    """Day and time in the operator's zone, short enough for an SMS."""
    if not isinstance(instant, str):
        return ""
    local = timezone.localtime(datetime.fromisoformat(instant))
    return date_format(local, gettext("D j M, H:i"))


def _shift(where: str, speech: str) -> Kind:
    return Kind(
        where=where,
        speech=speech,
        subject=_("Your shifts: %(schedule)s"),
        values=_values,
    )


def _notice(where: str, speech: str) -> Kind:
    """What the duty manager hears about the roster."""
    return Kind(
        where=where,
        speech=speech,
        subject=_("The roster needs you: %(schedule)s"),
        values=_values,
    )


SENTENCES: Topic = {
    "shift:reminder": _shift(
        _("Reminder of a shift"),
        _("Your shift begins: %(schedule)s, %(from)s to %(until)s."),
    ),
    "shift:gained": _shift(
        _("A new shift"),
        _("You have a new shift: %(schedule)s, %(from)s to %(until)s."),
    ),
    "shift:lost": _shift(
        _("A shift less"),
        _("You no longer have a shift: %(schedule)s, %(from)s to %(until)s."),
    ),
    "shift:moved": _shift(
        _("Shifts have changed"),
        _("Your shifts have changed from %(from)s on: %(schedule)s."),
    ),
    "shift:swap_proposed": _shift(
        _("Swap asked for"),
        _(
            "A colleague asks you to take over %(schedule)s, %(from)s to %(until)s."
            " Answer at the desk."
        ),
    ),
    "shift:swap_declined": _shift(
        _("Swap declined"),
        _(
            "Your swap was declined: %(schedule)s, %(from)s to %(until)s. The shift"
            " stays yours."
        ),
    ),
    "shift:swap_withdrawn": _shift(
        _("Swap withdrawn"),
        _(
            "The swap is withdrawn: %(schedule)s, %(from)s to %(until)s. Nothing"
            " changes for you."
        ),
    ),
    "shift:may_go_on": _shift(
        _("Hand-off not confirmed, to who is on call"),
        _(
            "The next person has not confirmed the hand-off of %(schedule)s. You may be"
            " asked to go on."
        ),
    ),
    "shift:relieved": _shift(
        _("Relieved"),
        _(
            "You are relieved: a colleague is on call for %(schedule)s. Your open"
            " emergencies stay yours."
        ),
    ),
    "shift:not_needed": _shift(
        _("No longer needed"),
        _("You are no longer needed: %(schedule)s is taken care of."),
    ),
    "notice:hand_off_silent": _notice(
        _("Hand-off not confirmed"),
        _(
            "Nobody has confirmed the hand-off of %(schedule)s. Please call the next"
            " person or ask the last one to go on."
        ),
    ),
    "notice:dropped_out": _notice(
        _("Somebody has dropped out"),
        _("Somebody has dropped out of %(schedule)s. A successor is being asked."),
    ),
    "notice:no_successor": _notice(
        _("Nobody left to take over"),
        _("Nobody is left to take over %(schedule)s. Please find somebody."),
    ),
    "notice:roster_decision_failed": _notice(
        _("A decision about the roster failed"),
        _(
            "The engine could not take a decision about %(schedule)s. Please look at"
            " the roster."
        ),
    ),
    "handoff": Kind(
        where=_("Hand-off"),
        speech=_("You are on call now. %(schedule)s, until %(until)s."),
        text=_(
            "You are on call now: %(schedule)s, until %(until)s. %(answer)s %(url)s"
        ),
        subject=_("You are on call now: please confirm"),
        answer=_("Reply %(code)s to confirm."),
        unanswered=_("Confirm at the desk."),
        key_request=_("Press %(digit)s to confirm that you have the duty."),
        values=_values,
    ),
    "successor": Kind(
        where=_("Taking over a shift"),
        speech=_(
            "A colleague has dropped out. Please take over %(schedule)s until"
            " %(until)s. Until somebody confirms, you are paged for emergencies too."
        ),
        text=_(
            "A colleague has dropped out. Take over %(schedule)s until %(until)s?"
            " %(answer)s %(url)s"
        ),
        subject=_("A colleague has dropped out: please take over"),
        answer=_("Yes: reply %(code)s. If you cannot: NO %(code)s."),
        unanswered=_("Answer at the desk."),
        key_request=_("Press %(digit)s to take over."),
        values=_values,
    ),
}
