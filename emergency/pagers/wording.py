"""What a page says. German and English, no secrets, nothing a customer typed."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from emergency.pagers.base import PageOrder


def spoken_reference(reference: str) -> str:
    """The reference sign by sign, so that a voice does not guess a word."""
    return " ".join(sign for sign in reference.removeprefix("NF-") if sign != "-")


def speech(order: PageOrder) -> str:
    """The sentences of a call, without the request for a key."""
    with override(order.language):
        values = {
            "reference": spoken_reference(order.reference),
            "server": order.server or _("A server we do not know"),
            "deadline": order.deadline,
        }
        sentences = {
            "reminder": _(
                "Reminder. Emergency %(reference)s. The customer still waits for"
                " your call. The promise ends at %(deadline)s."
            ),
            "missed": _(
                "Emergency %(reference)s. The callback deadline at %(deadline)s"
                " has passed. Nobody has reached the customer."
            ),
            "engine": _(
                "Emergency %(reference)s. The engine could not take a decision."
                " Please open the desk."
            ),
        }
        emergency = _(
            "Emergency %(reference)s. %(server)s is down. The customer expects a"
            " call by %(deadline)s."
        )
        return sentences.get(order.purpose, emergency) % values


def key_request(order: PageOrder) -> str:
    """The sentence that asks for the key."""
    with override(order.language):
        values = {"digit": order.digit}
        if order.purpose == "emergency":
            return _("Press %(digit)s to take it.") % values
        return _("Press %(digit)s to confirm that you heard this.") % values


def wrong_key(*, digit: str, language: str) -> str:
    """Said after another key than the one asked for."""
    with override(language):
        return _("That was another key. Press %(digit)s.") % {"digit": digit}


def no_key(order: PageOrder) -> str:
    """Said when the call ends without a key."""
    with override(order.language):
        return _("No key was pressed. We go on trying.")


def short_text(order: PageOrder) -> str:
    """The text of an SMS; one or two segments."""
    with override(order.language):
        values = {
            "reference": order.reference,
            "server": order.server or _("unknown server"),
            "deadline": order.deadline,
            "owner": order.owner,
            "code": order.code,
            "url": order.desk_url,
        }
        sentences = {
            "taken": _("%(reference)s: %(owner)s has it. Nothing to do for you."),
            "reminder": _(
                "%(reference)s: the customer still waits. Call by %(deadline)s. %(url)s"
            ),
            "missed": _(
                "%(reference)s: callback deadline %(deadline)s missed, customer"
                " not reached. %(url)s"
            ),
            "engine": _("%(reference)s: the engine could not take a decision. %(url)s"),
        }
        with_code = _(
            "EMERGENCY %(reference)s, %(server)s. Call by %(deadline)s. Reply"
            " %(code)s to take it. %(url)s"
        )
        without_code = _(
            "EMERGENCY %(reference)s, %(server)s. Call by %(deadline)s. %(url)s"
        )
        emergency = with_code if order.code else without_code
        return sentences.get(order.purpose, emergency) % values


def subject(order: PageOrder) -> str:
    """The subject of an e-mail."""
    with override(order.language):
        values = {"reference": order.reference, "deadline": order.deadline}
        if order.purpose == "taken":
            return _("%(reference)s is taken") % values
        return _("EMERGENCY %(reference)s: call by %(deadline)s") % values
