"""The parts of what a page says."""

from collections.abc import Callable
from dataclasses import dataclass

from emergency.pagers.base import PageOrder


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """``speech`` is read out, ``text`` is the SMS, push or body of an e-mail.

    ``key_request`` names ``%(digit)s``; empty means a plain request to confirm.
    """

    speech: str
    text: str
    subject: str
    key_request: str = ""


Topic = dict[str, Callable[[PageOrder], Sentences]]
