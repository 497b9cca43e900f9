"""Notices that a route refuses pages: what has to be put right, and where."""

from django.utils.translation import gettext_noop as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.about_the_engine import route_of
from emergency.pagers.sentences.base import Kind, Topic


def _values(order: PageOrder) -> dict[str, str]:
    return {**route_of(order), "error": str(order.values.get("error", ""))}


SENTENCES: Topic = {
    "notice:account_refused": Kind(
        where=_("The provider refuses our account"),
        speech=_(
            "The provider refuses our account. No page goes by %(route)s. Please see to"
            " it at once."
        ),
        text=_(
            "URGENT: provider refuses our account (%(error)s). No page goes by"
            " %(route)s. %(url)s"
        ),
        subject=_("URGENT: the provider refuses our account"),
        values=_values,
    ),
    "notice:route_refused": Kind(
        where=_("The provider refuses pages"),
        speech=_(
            "The provider refuses pages by %(route)s. The next ones will fail too."
            " Please check the settings."
        ),
        text=_(
            "%(route)s: the provider refuses pages (%(error)s), the next will fail too."
            " Check the settings. %(url)s"
        ),
        subject=_("Pages by %(route)s are refused"),
        values=_values,
    ),
}
