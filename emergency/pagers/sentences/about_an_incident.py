"""Pages about an emergency: taking it, its callback, its clock."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Sentences, Topic

# In a digest; one endless name must not keep the others from being heard.
LONGEST_SPOKEN_NAME = 60


def spoken_reference(reference: str) -> str:
    """The reference sign by sign, so that a voice does not guess a word."""
    return " ".join(sign for sign in reference.removeprefix("NF-") if sign != "-")


def _emergency(order: PageOrder) -> Sentences:
    with_code = _(
        "EMERGENCY %(reference)s, %(server)s. Call by %(deadline)s. Reply"
        " %(code)s to take it. %(url)s"
    )
    without_code = _(
        "EMERGENCY %(reference)s, %(server)s. Call by %(deadline)s. %(url)s"
    )
    several = order.values.get("others")
    return Sentences(
        speech=_several(order)
        if several
        else _(
            "Emergency %(reference)s. %(server)s is down. The customer expects a"
            " call by %(deadline)s."
        )
        % _spoken(order),
        text=(with_code if order.code else without_code) % _written(order),
        subject=_urgent(order),
        key_request=_("Press %(digit)s to take all of them.")
        if several
        else _("Press %(digit)s to take it."),
    )


def _several(order: PageOrder) -> str:
    """What a digest call reads: how many, the first with its time, a few by name."""
    others, more = order.values["others"], order.values["more"]
    first = _spoken(order)
    parts = [
        _(
            "%(count)d emergencies. The first is %(reference)s. %(server)s is down. The"
            " customer expects a call by %(deadline)s."
        )
        % (
            first
            | {
                "count": 1 + len(others) + more,
                "server": first["server"][:LONGEST_SPOKEN_NAME],
            }
        )
    ]
    parts += [
        _("Also %(reference)s, %(server)s.")
        % {
            "reference": spoken_reference(other["reference"]),
            "server": other["server"][:LONGEST_SPOKEN_NAME]
            or _("A server we do not know"),
        }
        for other in others
    ]
    if more:
        parts.append(
            ngettext("And %(count)d more.", "And %(count)d more.", more)
            % {"count": more}
        )
    return " ".join(parts)


def _reminder(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_(
            "Reminder. Emergency %(reference)s. The customer still waits for"
            " your call. The promise ends at %(deadline)s."
        )
        % _spoken(order),
        text=_("%(reference)s: the customer still waits. Call by %(deadline)s. %(url)s")
        % _written(order),
        subject=_urgent(order),
    )


def _missed(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_(
            "Emergency %(reference)s. The callback deadline at %(deadline)s"
            " has passed. Nobody has reached the customer."
        )
        % _spoken(order),
        text=_(
            "%(reference)s: callback deadline %(deadline)s missed, customer"
            " not reached. %(url)s"
        )
        % _written(order),
        subject=_urgent(order),
    )


def _taken(order: PageOrder) -> Sentences:
    text = _("%(reference)s: %(owner)s has it. Nothing to do for you.")
    return Sentences(
        speech=text % _spoken(order),
        text=text % _written(order),
        subject=_("%(reference)s is taken") % _written(order),
    )


def _idle(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_(
            "Emergency %(reference)s. Nothing has been written for a while. Are you"
            " still at it?"
        )
        % _spoken(order),
        text=_(
            "%(reference)s: nothing was written for a while. Still at it? Write a note"
            " or resolve it: %(url)s"
        )
        % _written(order),
        subject=_("%(reference)s: are you still at it?") % _written(order),
    )


def _engine(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_(
            "Emergency %(reference)s. The engine could not take a decision."
            " Please open the desk."
        )
        % _spoken(order),
        text=_("%(reference)s: the engine could not take a decision. %(url)s")
        % _written(order),
        subject=_urgent(order),
    )


def _report_joined(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_(
            "Emergency %(reference)s. Somebody else has reported the same server and"
            " wants to be called, too. Please open the desk."
        )
        % _spoken(order),
        text=_(
            "%(reference)s: somebody else reports the same server and wants a call."
            " %(url)s"
        )
        % _written(order),
        subject=_("%(reference)s: another report") % _written(order),
    )


def _customer_cancelled(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_(
            "Emergency %(reference)s. The customer has cancelled. Please do not call"
            " them."
        )
        % _spoken(order),
        text=_("%(reference)s: the customer has cancelled. Do not call. %(url)s")
        % _written(order),
        subject=_("%(reference)s: cancelled") % _written(order),
    )


def _customer_unsolved(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_(
            "Emergency %(reference)s. The customer says that it is not solved. It is"
            " open again. Please open the desk."
        )
        % _spoken(order),
        text=_(
            "%(reference)s: not solved, says the customer. It is open again. %(url)s"
        )
        % _written(order),
        subject=_("%(reference)s: not solved") % _written(order),
    )


def _customer_answered(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_(
            "Emergency %(reference)s. The customer has answered your question about the"
            " cost. Please open the desk."
        )
        % _spoken(order),
        text=_("%(reference)s: the customer has answered about the cost. %(url)s")
        % _written(order),
        subject=_("%(reference)s: an answer") % _written(order),
    )


def _urgent(order: PageOrder) -> str:
    return _("EMERGENCY %(reference)s: call by %(deadline)s") % _written(order)


def _spoken(order: PageOrder) -> dict[str, str]:
    return {
        "reference": spoken_reference(order.reference),
        "server": order.server or _("A server we do not know"),
        "deadline": order.deadline,
        "owner": order.owner,
    }


def _written(order: PageOrder) -> dict[str, str]:
    return {
        "reference": order.reference,
        "server": order.server or _("unknown server"),
        "deadline": order.deadline,
        "owner": order.owner,
        "code": order.code,
        "url": order.desk_url,
    }


SENTENCES: Topic = {
    "emergency": _emergency,
    "reminder": _reminder,
    "missed": _missed,
    "taken": _taken,
    "idle": _idle,
    "engine": _engine,
    "notice:report_joined": _report_joined,
    "notice:customer_cancelled": _customer_cancelled,
    "notice:customer_unsolved": _customer_unsolved,
    "notice:customer_answered": _customer_answered,
}
