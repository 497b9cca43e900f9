"""Pages that prove a contact method, test it, or tell that it is bad."""

from django.utils.translation import gettext as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Sentences, Topic


def kind_word(kind: str) -> str:
    """A kind of contact method within a sentence."""
    words = {
        "voice": _("call"),
        "sms": _("SMS"),
        "email": _("e-mail"),
        "push": _("push"),
    }
    return words.get(kind, kind)


def reason_word(reason: str) -> str:
    """Why a contact method is out of use."""
    words = {
        "invalid": _("the number or address is not valid"),
        "not_for_sms": _("the number takes no SMS"),
        "opted_out": _("STOP was sent from it; START lifts that"),
        "unreachable": _("it could not be reached several times"),
        "switched_off": _("switched off"),
    }
    return words.get(reason, reason)


def _verify(order: PageOrder) -> Sentences:
    code = {"code": order.code}
    return Sentences(
        speech=_("This call confirms your telephone for emergency pages."),
        text=_("Your code for emergency pages: %(code)s. Reply it or type it in.")
        % code,
        subject=_("Your code: %(code)s") % code,
        key_request=_("Press %(digit)s to confirm this number."),
    )


def _test(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_("This is a test page that you asked for. Nothing has happened."),
        text=_("Test page that you asked for. Nothing has happened. %(url)s")
        % {"url": order.desk_url},
        subject=_("Test page"),
    )


def _notice(order: PageOrder) -> Sentences:
    """A notice for whose code nobody has written a sentence."""
    text = _("Something needs attention. Please open the desk.")
    return Sentences(
        speech=text, text=f"{text} {order.desk_url}", subject=_("Please open the desk")
    )


def _number_bad(order: PageOrder) -> Sentences:
    values = _values(order)
    text = _(
        "Pages by %(kind)s no longer reach %(person)s: %(reason)s. To mend it: %(url)s"
    )
    return Sentences(
        speech=_("Pages by %(kind)s no longer reach %(person)s: %(reason)s.") % values,
        text=text % values,
        subject=_("A contact method of %(person)s is out of use") % values,
    )


def _on_call_without_voice(order: PageOrder) -> Sentences:
    values = _values(order)
    return Sentences(
        speech=_(
            "%(person)s is on call within two weeks, and no telephone would ring:"
            " %(reason)s."
        )
        % values,
        text=_(
            "No telephone would ring for %(person)s, on call soon: %(reason)s. %(url)s"
        )
        % values,
        subject=_("No telephone would ring for %(person)s") % values,
    )


def _values(order: PageOrder) -> dict[str, str]:
    return {
        "kind": kind_word(str(order.values.get("kind", ""))),
        "person": str(order.values.get("person", "")),
        "reason": reason_word(str(order.values.get("reason", ""))),
        "url": order.desk_url,
    }


SENTENCES: Topic = {
    "verify": _verify,
    "test": _test,
    "notice": _notice,
    "notice:number_bad": _number_bad,
    "notice:on_call_without_voice": _on_call_without_voice,
}
