"""Pages about shifts: reminders, changes, hand-offs, taking over from a colleague."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Sentences, Topic


def _shift(order: PageOrder) -> Sentences:
    told = {
        "reminder": _("Your shift begins: %(schedule)s, %(from)s to %(until)s."),
        "gained": _("You have a new shift: %(schedule)s, %(from)s to %(until)s."),
        "lost": _("You no longer have a shift: %(schedule)s, %(from)s to %(until)s."),
        "moved": _("Your shifts have changed from %(from)s on: %(schedule)s."),
        "swap_proposed": _(
            "A colleague asks you to take over %(schedule)s, %(from)s to %(until)s."
            " Answer at the desk."
        ),
        "swap_declined": _(
            "Your swap was declined: %(schedule)s, %(from)s to %(until)s. The shift"
            " stays yours."
        ),
        "swap_withdrawn": _(
            "The swap is withdrawn: %(schedule)s, %(from)s to %(until)s. Nothing"
            " changes for you."
        ),
        "may_go_on": _(
            "The next person has not confirmed the hand-off of %(schedule)s. You may be"
            " asked to go on."
        ),
        "relieved": _(
            "You are relieved: a colleague is on call for %(schedule)s. Your open"
            " emergencies stay yours."
        ),
        "not_needed": _("You are no longer needed: %(schedule)s is taken care of."),
    }
    text = told[order.values["code"]] % _values(order)
    return Sentences(
        speech=text,
        text=_with_address(text, order),
        subject=_("Your shifts: %(schedule)s") % _values(order),
    )


def _hand_off(order: PageOrder) -> Sentences:
    values = _values(order)
    with_code = _(
        "You are on call now: %(schedule)s, until %(until)s. Reply %(code)s to confirm."
        " %(url)s"
    )
    without_code = _(
        "You are on call now: %(schedule)s, until %(until)s. Confirm at the desk."
        " %(url)s"
    )
    return Sentences(
        speech=_("You are on call now. %(schedule)s, until %(until)s.") % values,
        text=(with_code if order.code else without_code) % values,
        subject=_("You are on call now: please confirm"),
        key_request=_("Press %(digit)s to confirm that you have the duty."),
    )


def _successor(order: PageOrder) -> Sentences:
    values = _values(order)
    with_code = _(
        "A colleague has dropped out. Take over %(schedule)s until %(until)s: reply"
        " %(code)s. If you cannot: NO %(code)s. %(url)s"
    )
    without_code = _(
        "A colleague has dropped out. Take over %(schedule)s until %(until)s at the"
        " desk. %(url)s"
    )
    return Sentences(
        speech=_(
            "A colleague has dropped out. Please take over %(schedule)s until"
            " %(until)s. Until somebody confirms, you are paged for emergencies too."
        )
        % values,
        text=(with_code if order.code else without_code) % values,
        subject=_("A colleague has dropped out: please take over"),
        key_request=_("Press %(digit)s to take over."),
    )


def duty_sentence(code: str) -> str:
    """What is answered to somebody who spoke about their duty, in the active
    language."""
    sentences = {
        "heard": _("Thank you. Your shifts stand at the desk."),
        "shift_heard": _("Thank you. Your shifts stand at the desk."),
        "shift_over": _("This is settled already. Nothing to do for you."),
        "duty_confirmed": _("Thank you. You have the duty."),
        "duty_taken": _("Thank you. You have taken over and are on call now."),
        "duty_taken_by_other": _("A colleague has taken over already. Thank you."),
        "dropped_out": _(
            "Understood. A successor is being asked. Until somebody confirms, you are"
            " paged too. Your open emergencies stay yours."
        ),
        "not_on_call": _("You are not on call now. Nothing was changed."),
        "declined": _("Understood. The next person is asked."),
        "confirmed_already": _(
            "You have taken over already. If you cannot go on, write RAUS."
        ),
        "came_back": _("Understood. You are on call as planned."),
        "successor_has_it": _("A successor has confirmed. The shift is theirs now."),
    }
    return sentences[code]


def _with_address(text: str, order: PageOrder) -> str:
    return f"{text} {order.desk_url}"


def _values(order: PageOrder) -> dict[str, str]:
    return {
        "schedule": str(order.values.get("schedule", "")),
        "from": _moment(order.values.get("from")),
        "until": _moment(order.values.get("until")),
        "code": order.code,
        "url": order.desk_url,
    }


def _moment(instant: object) -> str:
    """Day and time in the operator's zone, short enough for an SMS."""
    if not isinstance(instant, str):
        return ""
    local = timezone.localtime(datetime.fromisoformat(instant))
    return date_format(local, _("D j M, H:i"))


def _notice(order: PageOrder) -> Sentences:
    """What the duty manager hears about the roster."""
    told = {
        "hand_off_silent": _(
            "Nobody has confirmed the hand-off of %(schedule)s. Please call the next"
            " person or ask the last one to go on."
        ),
        "dropped_out": _(
            "Somebody has dropped out of %(schedule)s. A successor is being asked."
        ),
        "no_successor": _(
            "Nobody is left to take over %(schedule)s. Please find somebody."
        ),
        "roster_decision_failed": _(
            "The engine could not take a decision about %(schedule)s. Please look at"
            " the roster."
        ),
    }
    text = told[order.values["code"]] % _values(order)
    return Sentences(
        speech=text,
        text=_with_address(text, order),
        subject=_("The roster needs you: %(schedule)s") % _values(order),
    )


SENTENCES: Topic = {
    "shift": _shift,
    "notice:hand_off_silent": _notice,
    "notice:dropped_out": _notice,
    "notice:no_successor": _notice,
    "notice:roster_decision_failed": _notice,
    "handoff": _hand_off,
    "successor": _successor,
}
