"""What a customer is told by SMS: an honest state, what happens next, whom to ring.

Nothing the customer typed and no address that opens anything is in it.
"""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

Values = Mapping[str, str]


def _attempted() -> str:
    return _(
        "%(reference)s: we called you at %(times)s and did not reach you. Please ring"
        " us at %(number)s. The page of your order shows how it stands."
    )


def _missed() -> str:
    return _(
        "%(reference)s: we promised to call by %(deadline)s and have not reached you."
        " We are sorry. The duty manager knows, more technicians are paged, and we go"
        " on until we reach you. You can also ring %(number)s."
    )


TEXTS: dict[str, Callable[[], str]] = {"attempted": _attempted, "missed": _missed}


def customer_text(purpose: str, language: str, values: Values) -> str:
    """The text of this purpose in the customer's language. Raises KeyError for a
    purpose without one."""
    with override(language):
        return TEXTS[purpose]() % values
