"""Notices that a route refuses pages: what has to be put right, and where."""

from django.utils.translation import gettext as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.about_the_engine import route_name
from emergency.pagers.sentences.base import Sentences, Topic


def _account(order: PageOrder) -> Sentences:
    values = _values(order)
    return Sentences(
        speech=_(
            "The provider refuses our account. No page goes by %(route)s. Please see to"
            " it at once."
        )
        % values,
        text=_(
            "URGENT: provider refuses our account (%(error)s). No page goes by"
            " %(route)s. %(url)s"
        )
        % values,
        subject=_("URGENT: the provider refuses our account") % values,
    )


def _refused(order: PageOrder) -> Sentences:
    values = _values(order)
    return Sentences(
        speech=_(
            "The provider refuses pages by %(route)s. The next ones will fail too."
            " Please check the settings."
        )
        % values,
        text=_(
            "%(route)s: the provider refuses pages (%(error)s), the next will fail too."
            " Check the settings. %(url)s"
        )
        % values,
        subject=_("Pages by %(route)s are refused") % values,
    )


def _values(order: PageOrder) -> dict[str, str]:
    return {
        "route": route_name(str(order.values.get("about_route", ""))),
        "error": str(order.values.get("error", "")),
        "url": order.desk_url,
    }


SENTENCES: Topic = {
    "notice:account_refused": _account,
    "notice:route_refused": _refused,
}
