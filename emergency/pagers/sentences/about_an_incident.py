"""Pages about an emergency: taking it, its callback, its clock."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emergency.database.patience import patience
from emergency.operator_facts import current_operator
from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Sentences, Topic
from emergency.rules.passages import filled

# In a digest; one endless name must not keep the others from being heard.
LONGEST_SPOKEN_NAME = 60
# Seconds that the operator's own words may cost; after that the last known ones go out.
PATIENCE = 1.0


def spoken_reference(reference: str) -> str:
    """The reference sign by sign, so that a voice does not guess a word."""
    return " ".join(sign for sign in reference.removeprefix("NF-") if sign != "-")


def _emergency_text() -> str:
    return _(
        "EMERGENCY %(reference)s, %(server)s. Call by %(deadline)s. %(answer)s %(url)s"
    )


def _emergency_speech() -> str:
    return _(
        "Emergency %(reference)s. %(server)s is down. The customer expects a call by"
        " %(deadline)s."
    )


def _reminder_text() -> str:
    return _("%(reference)s: the customer still waits. Call by %(deadline)s. %(url)s")


def _reminder_speech() -> str:
    return _(
        "Reminder. Emergency %(reference)s. The customer still waits for your call. The"
        " promise ends at %(deadline)s."
    )


def _missed_text() -> str:
    return _(
        "%(reference)s: callback deadline %(deadline)s missed, customer not reached."
        " %(url)s"
    )


def _missed_speech() -> str:
    return _(
        "Emergency %(reference)s. The callback deadline at %(deadline)s has passed."
        " Nobody has reached the customer."
    )


# What an operator may word otherwise, by the key of its passage. How a page is answered
# (the code, the key, the link) is the product's: ``answer`` is put in as it is.
WORDED: dict[str, Callable[[], str]] = {
    "page-emergency": _emergency_text,
    "page-reminder": _reminder_text,
    "page-missed": _missed_text,
    "speech-emergency": _emergency_speech,
    "speech-reminder": _reminder_speech,
    "speech-missed": _missed_speech,
}


def _worded(key: str, order: PageOrder, values: Mapping[str, str]) -> str:
    """The words in force for this page, in its language."""
    # A page goes out also while the database hangs.
    with patience(PATIENCE):
        operator = current_operator()
    theirs = operator.wording(key, order.language.partition("-")[0])
    text = filled(theirs, values) if theirs else WORDED[key]() % values
    # Where nothing is to be answered its place leaves a gap.
    return " ".join(text.split())


def _emergency(order: PageOrder) -> Sentences:
    several = order.values.get("others")
    return Sentences(
        speech=_several(order)
        if several
        else _worded("speech-emergency", order, _spoken(order)),
        text=_worded("page-emergency", order, _written(order)),
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
        speech=_worded("speech-reminder", order, _spoken(order)),
        text=_worded("page-reminder", order, _written(order)),
        subject=_urgent(order),
    )


def _missed(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_worded("speech-missed", order, _spoken(order)),
        text=_worded("page-missed", order, _written(order)),
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
        "answer": _("Reply %(code)s to take it.") % {"code": order.code}
        if order.code
        else "",
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
