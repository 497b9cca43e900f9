"""The notice about what the readiness check of the roster found."""

from django.utils.translation import gettext_noop as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Kind, Topic


def _values(order: PageOrder) -> dict[str, str]:
    names = ("days", "serious", "warnings")
    return {name: str(order.values.get(name, 0)) for name in names}


SENTENCES: Topic = {
    "notice:roster_not_ready": Kind(
        where=_("The roster is not ready"),
        speech=_(
            "The roster of the next %(days)s days needs you. Findings that may leave"
            " an emergency unanswered: %(serious)s. Other warnings: %(warnings)s."
            " Please look at the roster at the desk."
        ),
        text=_(
            "Roster of the next %(days)s days: %(serious)s serious findings,"
            " %(warnings)s warnings. %(url)s"
        ),
        subject=_("The roster of the next %(days)s days needs you"),
        values=_values,
    )
}
