"""What stands before the form: which case applies now, and the free ways."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.utils.translation import gettext as _

from emergency.operator_facts import Operator
from emergency.queries.tariff_words import reason_words
from emergency.rules.tariff import Case
from emergency.views.words import day_and_time, how_long, moment


@dataclass(frozen=True, kw_only=True)
class Before:
    """The case in the words of the active language.

    ``case`` is one of ``rules.tariff.Case``. ``opens`` and ``opens_in`` say when free
    support opens next, ``until`` when the present case ends; empty where that is not
    known. ``mailto`` writes to free support.
    """

    case: str
    now: str
    reason: str
    opens: str = ""
    opens_in: str = ""
    until: str = ""
    mailto: str = ""
    phone: str = ""


def before_the_form(operator: Operator, now: datetime) -> Before:
    """What the customer should know before deciding, at ``now``."""
    found = operator.tariff_at(now)
    # Without hours there is nothing to say about them.
    known = bool(operator.office_days)
    opens_at = found.opens_at if found.case is not Case.FREE_HOURS else None
    subject = quote(_("My server is down"))
    return Before(
        case=found.case.value,
        now=day_and_time(now),
        reason=reason_words(found.reason, found.day) if known else "",
        opens=day_and_time(opens_at) if opens_at else "",
        opens_in=how_long((opens_at - now).total_seconds()) if opens_at else "",
        until=moment(found.ends_at, now) if found.ends_at else "",
        mailto=f"mailto:{operator.support_email}?subject={subject}"
        if operator.support_email
        else "",
        phone=operator.support_phone.replace(" ", ""),
    )
