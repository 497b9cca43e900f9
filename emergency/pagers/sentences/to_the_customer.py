"""What a customer is told by SMS: an honest state, what happens next, whom to ring.

Nothing the customer typed is in it. ``{link}`` stands for the tracking page's address.
"""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

from emergency.rules.passages import filled

Values = Mapping[str, str]
LINK = "{link}"


def _received() -> str:
    return _(
        "%(reference)s: we have your report and are paging a technician. We call you by"
        " %(deadline)s. How it stands: {link}"
    )


def _joined() -> str:
    return _(
        "%(reference)s: this emergency is open already and your report has joined it,"
        " at no further fee. How it stands: {link}"
    )


def _taken() -> str:
    return _(
        "%(reference)s: %(name)s has taken your emergency and calls you. How it stands:"
        " {link}"
    )


def _attempted() -> str:
    return _(
        "%(reference)s: we called you at %(times)s and did not reach you. Please ring"
        " us at %(hotline)s. How it stands: {link}"
    )


def _missed() -> str:
    return _(
        "%(reference)s: we promised to call by %(deadline)s and have not reached you."
        " We are sorry. The duty manager knows, more technicians are paged. You can"
        " also ring %(hotline)s. How it stands: {link}"
    )


def _findings() -> str:
    return _(
        "%(reference)s: what we found. Network: %(network)s. Application ruled out:"
        " %(application)s. What happens next: {link}"
    )


def _withdrawal() -> str:
    return _(
        "%(reference)s: your withdrawal arrived on %(date)s at %(time)s. It reads:"
        " %(statement)s"
    )


def _confirmation() -> str:
    return _(
        "%(reference)s: confirmed. Emergency support, ordered by telephone on"
        " %(ordered)s, %(price)s with VAT. %(withdrawal)s {link}"
    )


TEXTS: dict[str, Callable[[], str]] = {
    "received": _received,
    "joined": _joined,
    "taken": _taken,
    "attempted": _attempted,
    "missed": _missed,
    "findings": _findings,
    "withdrawal": _withdrawal,
    "confirmation": _confirmation,
}


def customer_text(
    purpose: str, language: str, values: Values, wordings: Values | None = None
) -> str:
    """The text of this purpose in the customer's language, in the operator's words
    where ``wordings`` (by keys of ``emergency.passages``) has some. Raises KeyError for
    a purpose without one, or for a value that it needs."""
    if theirs := (wordings or {}).get(f"sms-{purpose}"):
        return filled(theirs, values)
    with override(language):
        return TEXTS[purpose]() % values
