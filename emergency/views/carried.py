"""What travels with the customer from the form to the order, signed, in hidden inputs.

The order needs nothing else, so nothing is lost when a session ends or the database is
away; the draft that is kept beside it (``views.drafts``) is an extra. The order key
makes a repeated order the same order; the tracking token is made with it, so both
orders lead to the same page.
"""

import binascii
import secrets
import zlib
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from emergency.actions.identifiers import new_token
from emergency.actions.report import MaintenanceCheck

_KEYS_SALT = "emergency.report.keys"
_CHECKED_SALT = "emergency.report.checked"
_MOST_BYTES = 4 * 1024 * 1024
# What the customer typed, under the names of the form's inputs.
TYPED = (
    "server_name",
    "server_unknown",
    "worked_before",
    "problem_description",
    "reproduction_steps",
    "recent_changes",
    "callback_number",
    "second_number",
    "second_name",
    "ordering_as",
    "reporter_name",
    "reporter_email",
)


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The two secrets of one report, made before anything is written.

    ``draft`` is the draft that the form was filled from, if any; ``drill`` the secret
    of the link that makes it a drill.
    """

    order_key: str
    tracking_token: str
    draft: int | None = None
    drill: str = ""

    def signed(self) -> str:
        """The keys as text for a hidden input."""
        return signing.dumps(asdict(self), salt=_KEYS_SALT)


def keys_from(text: str | None) -> Keys:
    """The keys that ``signed`` made, or new ones."""
    try:
        return Keys(**signing.loads(text or "", salt=_KEYS_SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return new_keys()


def new_keys(*, draft: int | None = None, drill: str = "") -> Keys:
    """Keys of a report that nobody has begun yet."""
    return Keys(
        order_key=secrets.token_hex(16),
        tracking_token=new_token(),
        draft=draft,
        drill=drill,
    )


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A valid form as its check page shows it. ``dialled`` and ``second_dialled`` are
    E.164, the second may be empty; ``tariff_case`` is one of ``rules.tariff.Case``."""

    keys: Keys
    typed: dict[str, Any]
    dialled: str
    extension: str
    terms_version: str
    language: str
    maintenance: MaintenanceCheck
    tariff_case: str = ""
    second_dialled: str = ""
    second_extension: str = ""

    def signed(self) -> str:
        """Everything as text for a hidden input."""
        return signing.dumps(asdict(self), salt=_CHECKED_SALT, compress=True)


def no_longer_good() -> str:
    """What is said when the signature of a check page no longer counts."""
    return _(
        "Nothing has been ordered. This page was open while our service was renewed."
        " Please check what you typed and go on."
    )


def checked_from(text: str | None) -> Checked | None:
    """What ``signed`` made, or None when it was not made here or by another version."""
    try:
        values = signing.loads(text or "", salt=_CHECKED_SALT)
        keys = Keys(**values.pop("keys"))
        maintenance = MaintenanceCheck(**values.pop("maintenance"))
        return Checked(keys=keys, maintenance=maintenance, **values)
    except (signing.BadSignature, AttributeError, KeyError, TypeError, ValueError):
        return None


def typed_from(text: str | None) -> dict[str, str]:
    """What was typed, out of a text whose signature is no longer good.

    For filling the form again and for nothing else: it proves nothing.
    """
    body = (text or "").rsplit(":", 2)[0]
    try:
        raw = signing.b64_decode(body.removeprefix(".").encode())
        if body.startswith("."):
            raw = zlib.decompressobj().decompress(raw, _MOST_BYTES)
        typed = signing.JSONSerializer().loads(raw)["typed"]
        return {name: str(typed[name]) for name in TYPED if typed.get(name)}
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        RecursionError,
        binascii.Error,
        zlib.error,
    ):
        return {}
