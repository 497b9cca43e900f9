"""Pages that prove a contact method, test it, or tell that it is bad."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Kind, Topic


def kind_word(kind: str) -> str:
    """A kind of contact method within a sentence."""
    words = {
        "voice": gettext("call"),
        "sms": gettext("SMS"),
        "email": gettext("e-mail"),
        "push": gettext("push"),
    }
    return words.get(kind, kind)


def reason_word(reason: str) -> str:
    """Why a contact method is out of use."""
    words = {
        "invalid": gettext("the number or address is not valid"),
        "not_for_sms": gettext("the number takes no SMS"),
        "opted_out": gettext("STOP was sent from it; START lifts that"),
        "unreachable": gettext("it could not be reached several times"),
        "switched_off": gettext("switched off"),
    }
    return words.get(reason, reason)


def _values(order: PageOrder) -> dict[str, str]:
    return {
        "kind": kind_word(str(order.values.get("kind", ""))),
        "person": str(order.values.get("person", "")),
        "reason": reason_word(str(order.values.get("reason", ""))),
    }


SENTENCES: Topic = {
    "verify": Kind(
        where=_("Verification"),
        speech=_("This call confirms your telephone for emergency pages."),
        text=_("Your code for emergency pages: %(code)s. Reply it or type it in."),
        subject=_("Your code: %(code)s"),
        key_request=_("Press %(digit)s to confirm this number."),
    ),
    "test": Kind(
        where=_("Test page"),
        speech=_("This is a test page that you asked for. Nothing has happened."),
        text=_("Test page that you asked for. Nothing has happened. %(url)s"),
        subject=_("Test page"),
    ),
    # For whose code nobody has written a sentence.
    "notice": Kind(
        where=_("Something needs attention"),
        speech=_("Something needs attention. Please open the desk."),
        subject=_("Please open the desk"),
    ),
    "notice:number_bad": Kind(
        where=_("A contact method is out of use"),
        speech=_("Pages by %(kind)s no longer reach %(person)s: %(reason)s."),
        text=_(
            "Pages by %(kind)s no longer reach %(person)s: %(reason)s. To mend it:"
            " %(url)s"
        ),
        subject=_("A contact method of %(person)s is out of use"),
        values=_values,
    ),
    "notice:on_call_without_voice": Kind(
        where=_("No telephone would ring"),
        speech=_(
            "%(person)s is on call within two weeks, and no telephone would ring:"
            " %(reason)s."
        ),
        text=_(
            "No telephone would ring for %(person)s, on call soon: %(reason)s. %(url)s"
        ),
        subject=_("No telephone would ring for %(person)s"),
        values=_values,
    ),
}
