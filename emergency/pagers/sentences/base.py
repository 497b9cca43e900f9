"""The parts of what a page says, and whose words they are.

Every kind of page has its words here, as the product's own; the operator may word each
part otherwise (``emergency.passages``). How a page is answered is the product's: the
request for the key, and what stands at ``%(answer)s``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from emergency.database.patience import patience
from emergency.operator_facts import current_operator
from emergency.pagers.base import PageOrder
from emergency.rules.passages import filled

# For words that are marked where they stand, by ``gettext_noop``.
translated = gettext
# Seconds that the operator's own words may cost; after that the last known ones go out.
PATIENCE = 1.0
PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """``speech`` is read out, ``text`` is the SMS, push or body of an e-mail.

    ``key_request`` names ``%(digit)s``; empty means a plain request to confirm.
    """

    speech: str
    text: str
    subject: str
    key_request: str = ""


def no_values(_order: PageOrder) -> dict[str, str]:
    """Nothing beside what every page has."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of page in English, which is translated when it is sent. ``where`` names
    it to whoever words it.

    Without a ``text`` it is the speech and the address of the desk. ``answer`` stands
    at its place where a code can be sent back, ``unanswered`` where none can.
    ``values`` are the kind's own places beside those of ``_common``.
    """

    where: str
    speech: str
    subject: str
    text: str = ""
    answer: str = ""
    unanswered: str = ""
    key_request: str = ""
    values: Callable[[PageOrder], dict[str, str]] = no_values

    @property
    def own_text(self) -> str:
        """The product's text in the active language."""
        return (
            translated(self.text) if self.text else f"{translated(self.speech)} %(url)s"
        )

    def places(self, part: str) -> frozenset[str]:
        """The places of the ``speech``, the ``text`` or the ``subject``."""
        words = getattr(self, part)
        return frozenset(PLACE.findall(words or f"{self.speech} %(url)s"))


Topic = dict[str, Kind]


def key_of(part: str, name: str) -> str:
    """The key of the passage for a part of this kind of page, as ``page-notice-x``."""
    prefix = {"text": "page", "speech": "speech", "subject": "page-subject"}[part]
    return f"{prefix}-{name.replace(':', '-')}"


def said(name: str, kind: Kind, order: PageOrder) -> Sentences:
    """What is said about this page, in the active language, in the words in force."""
    written = _common(order, kind) | kind.values(order)
    spoken = written | {
        "reference": spoken_reference(order.reference),
        "server": order.server or gettext("A server we do not know"),
    }
    texts = {
        "speech": (translated(kind.speech), spoken),
        "text": (kind.own_text, written),
        "subject": (translated(kind.subject), written),
    }
    parts = {
        part: worded(key_of(part, name), own, order, values)
        for part, (own, values) in texts.items()
    }
    request = translated(kind.key_request) if kind.key_request else ""
    return Sentences(**parts, key_request=request)


def worded(key: str, own: str, order: PageOrder, values: Mapping[str, str]) -> str:
    """The words in force at this key, in the language of the page: the operator's, or
    our ``own``."""
    # A page goes out also while the database hangs.
    with patience(PATIENCE):
        operator = current_operator()
    theirs = operator.wording(key, order.language.partition("-")[0])
    text = filled(theirs, values) if theirs else own % values
    # Where nothing is to be answered its place leaves a gap.
    return " ".join(text.split())


def spoken_reference(reference: str) -> str:
    """The reference sign by sign, so that a voice does not guess a word."""
    return " ".join(sign for sign in reference.removeprefix("NF-") if sign != "-")


def _common(order: PageOrder, kind: Kind) -> dict[str, str]:
    answer = kind.answer if order.code else kind.unanswered
    return {
        "reference": order.reference,
        "server": order.server or gettext("unknown server"),
        "deadline": order.deadline,
        "owner": order.owner or gettext("A colleague"),
        "code": order.code,
        "answer": translated(answer) % {"code": order.code} if answer else "",
        "url": order.desk_url,
    }
