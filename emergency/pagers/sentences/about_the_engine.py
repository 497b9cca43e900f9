"""Pages about the engine itself: the self-test and what it found."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Kind, Topic


def route_name(route: str) -> str:
    """The route in words, as ``sms:gateway``."""
    names = {
        "voice:twilio": gettext("calls"),
        "sms:twilio": gettext("SMS by the telephone provider"),
        "sms:gateway": gettext("SMS by the gateway"),
        "email": gettext("e-mail"),
        "push": gettext("push"),
    }
    return names.get(route, route)


def route_of(order: PageOrder) -> dict[str, str]:
    """The route that the page is about."""
    return {"route": route_name(str(order.values.get("about_route", "")))}


SENTENCES: Topic = {
    "self_test": Kind(
        where=_("Self-test"),
        speech=_("This is a self-test of the emergency support."),
        text=_("Self-test of the emergency support. Reply %(code)s."),
        subject=_("Self-test"),
    ),
    "notice:self_test_failed": Kind(
        where=_("Self-test failed"),
        speech=_(
            "The self-test of %(route)s has failed. Pages by this route may not"
            " arrive. Please look at the engine at the desk."
        ),
        text=_("Self-test failed: %(route)s. Pages may not arrive. %(url)s"),
        subject=_("Self-test failed: %(route)s"),
        values=route_of,
    ),
    "notice:self_test_passed": Kind(
        where=_("Self-test works again"),
        speech=_("The self-test of %(route)s works again."),
        text=_("Self-test passed again: %(route)s. %(url)s"),
        subject=_("Self-test passed again: %(route)s"),
        values=route_of,
    ),
}
