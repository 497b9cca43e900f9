"""The notice about what the readiness check of the roster found."""

from django.utils.translation import gettext as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Sentences, Topic


def _found(order: PageOrder) -> Sentences:
    values = {
        name: str(order.values.get(name, 0)) for name in ("days", "serious", "warnings")
    }
    values["url"] = order.desk_url
    return Sentences(
        speech=_(
            "The roster of the next %(days)s days needs you. Findings that may leave"
            " an emergency unanswered: %(serious)s. Other warnings: %(warnings)s."
            " Please look at the roster at the desk."
        )
        % values,
        text=_(
            "Roster of the next %(days)s days: %(serious)s serious findings,"
            " %(warnings)s warnings. %(url)s"
        )
        % values,
        subject=_("The roster of the next %(days)s days needs you") % values,
    )


SENTENCES: Topic = {"notice:roster_not_ready": _found}
