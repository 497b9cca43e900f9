"""Pages about an emergency: taking it, its callback, its clock."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import (
    Kind,
    Topic,
    spoken_reference,
    translated,
    worded,
)

# In a digest; one endless name must not keep the others from being heard.
LONGEST_SPOKEN_NAME = 60

# What a digest call reads: how many, the first with its time, a few by name.
DIGEST = _(
    "%(count)s emergencies. The first is %(reference)s. %(server)s is down. The"
    " customer expects a call by %(deadline)s."
)
DIGEST_OTHER = _("Also %(reference)s, %(server)s.")
DIGEST_MORE = _("And %(count)s more.")
DIGEST_KEY = _("Press %(digit)s to take all of them.")


def digest_speech(order: PageOrder) -> str:
    """What a call about several emergencies reads, in the words in force."""
    others, more = order.values["others"], order.values["more"]
    first = {
        "count": str(1 + len(others) + more),
        "deadline": order.deadline,
        **_named(order.reference, order.server),
    }
    parts = [worded("speech-digest", translated(DIGEST), order, first)]
    parts += [
        worded(
            "speech-digest-other",
            translated(DIGEST_OTHER),
            order,
            _named(other["reference"], other["server"]),
        )
        for other in others
    ]
    if more:
        left = {"count": str(more)}
        parts.append(worded("speech-digest-more", translated(DIGEST_MORE), order, left))
    return " ".join(parts)


def _named(reference: str, server: str) -> dict[str, str]:
    return {
        "reference": spoken_reference(reference),
        "server": server[:LONGEST_SPOKEN_NAME] or gettext("A server we do not know"),
    }


URGENT = _("EMERGENCY %(reference)s: call by %(deadline)s")

SENTENCES: Topic = {
    "emergency": Kind(
        where=_("Emergency"),
        speech=_(
            "Emergency %(reference)s. %(server)s is down. The customer expects a call"
            " by %(deadline)s."
        ),
        text=_(
            "EMERGENCY %(reference)s, %(server)s. Call by %(deadline)s. %(answer)s"
            " %(url)s"
        ),
        subject=URGENT,
        answer=_("Reply %(code)s to take it."),
        key_request=_("Press %(digit)s to take it."),
    ),
    "reminder": Kind(
        where=_("Reminder of the callback"),
        speech=_(
            "Reminder. Emergency %(reference)s. The customer still waits for your call."
            " The promise ends at %(deadline)s."
        ),
        text=_(
            "%(reference)s: the customer still waits. Call by %(deadline)s. %(url)s"
        ),
        subject=URGENT,
    ),
    "missed": Kind(
        where=_("Callback deadline missed"),
        speech=_(
            "Emergency %(reference)s. The callback deadline at %(deadline)s has passed."
            " Nobody has reached the customer."
        ),
        text=_(
            "%(reference)s: callback deadline %(deadline)s missed, customer not"
            " reached. %(url)s"
        ),
        subject=URGENT,
    ),
    "taken": Kind(
        where=_("Somebody else has it"),
        speech=_("%(reference)s: %(owner)s has it. Nothing to do for you."),
        text=_("%(reference)s: %(owner)s has it. Nothing to do for you."),
        subject=_("%(reference)s is taken"),
    ),
    "idle": Kind(
        where=_("Nothing happens any more"),
        speech=_(
            "Emergency %(reference)s. Nothing has been written for a while. Are you"
            " still at it?"
        ),
        text=_(
            "%(reference)s: nothing was written for a while. Still at it? Write a note"
            " or resolve it: %(url)s"
        ),
        subject=_("%(reference)s: are you still at it?"),
    ),
    "engine": Kind(
        where=_("Engine trouble"),
        speech=_(
            "Emergency %(reference)s. The engine could not take a decision."
            " Please open the desk."
        ),
        text=_("%(reference)s: the engine could not take a decision. %(url)s"),
        subject=URGENT,
    ),
    "notice:report_joined": Kind(
        where=_("Another report of the same"),
        speech=_(
            "Emergency %(reference)s. Somebody else has reported the same server and"
            " wants to be called, too. Please open the desk."
        ),
        text=_(
            "%(reference)s: somebody else reports the same server and wants a call."
            " %(url)s"
        ),
        subject=_("%(reference)s: another report"),
    ),
    "notice:customer_cancelled": Kind(
        where=_("Cancelled by the customer"),
        speech=_(
            "Emergency %(reference)s. The customer has cancelled. Please do not call"
            " them."
        ),
        text=_("%(reference)s: the customer has cancelled. Do not call. %(url)s"),
        subject=_("%(reference)s: cancelled"),
    ),
    "notice:customer_unsolved": Kind(
        where=_("Not solved, says the customer"),
        speech=_(
            "Emergency %(reference)s. The customer says that it is not solved. It is"
            " open again. Please open the desk."
        ),
        text=_(
            "%(reference)s: not solved, says the customer. It is open again. %(url)s"
        ),
        subject=_("%(reference)s: not solved"),
    ),
    "notice:customer_answered": Kind(
        where=_("Answer about the cost"),
        speech=_(
            "Emergency %(reference)s. The customer has answered your question about the"
            " cost. Please open the desk."
        ),
        text=_("%(reference)s: the customer has answered about the cost. %(url)s"),
        subject=_("%(reference)s: an answer"),
    ),
}
