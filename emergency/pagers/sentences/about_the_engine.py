"""Pages about the engine itself: the self-test and what it found."""

from django.utils.translation import gettext as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Sentences, Topic


def route_name(route: str) -> str:
    """The route in words, as ``sms:gateway``."""
    names = {
        "voice:twilio": _("calls"),
        "sms:twilio": _("SMS by the telephone provider"),
        "sms:gateway": _("SMS by the gateway"),
        "email": _("e-mail"),
        "push": _("push"),
    }
    return names.get(route, route)


def _self_test(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_("This is a self-test of the emergency support."),
        text=_("Self-test of the emergency support. Reply %(code)s.")
        % {"code": order.code},
        subject=_("Self-test"),
    )


def _failed(order: PageOrder) -> Sentences:
    values = _values(order)
    return Sentences(
        speech=_(
            "The self-test of %(route)s has failed. Pages by this route may not"
            " arrive. Please look at the engine at the desk."
        )
        % values,
        text=_("Self-test failed: %(route)s. Pages may not arrive. %(url)s") % values,
        subject=_("Self-test failed: %(route)s") % values,
    )


def _passed(order: PageOrder) -> Sentences:
    values = _values(order)
    return Sentences(
        speech=_("The self-test of %(route)s works again.") % values,
        text=_("Self-test passed again: %(route)s. %(url)s") % values,
        subject=_("Self-test passed again: %(route)s") % values,
    )


def _values(order: PageOrder) -> dict[str, str]:
    return {
        "route": route_name(str(order.values.get("about_route", ""))),
        "url": order.desk_url,
    }


SENTENCES: Topic = {
    "self_test": _self_test,
    "notice:self_test_failed": _failed,
    "notice:self_test_passed": _passed,
}
