"""What staff are told by SMS, e-mail and push, and what a call reads out: every kind of
page, with its subject and its speech, and the parts of a call about several.

How a page is answered is the product's own and cannot be worded: the code stands at
``{answer}`` or ``{code}``, which no wording may leave out, and the request for the key
follows the speech by itself.
"""

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

# For words that are marked where they stand, by ``gettext_noop``.
from django.utils.translation import gettext_lazy as translated

from emergency.pagers.sentences.about_an_incident import (
    DIGEST,
    DIGEST_MORE,
    DIGEST_OTHER,
)
from emergency.pagers.sentences.base import Kind, key_of
from emergency.pagers.wording import KINDS
from emergency.passages.base import Passage, Words, passages
from emergency.passages.messages import LONGEST_SMS

# Half a minute of speech.
LONGEST_SPEECH = 400
LONGEST_SUBJECT = 150
# Without these nobody knows what to do, by when, and how to answer.
NEEDED = frozenset({"reference", "server", "deadline", "answer", "code", "url"})


def _part(page: Words, part: str, longest: int) -> list[Passage]:
    return [
        Passage(
            key=key_of(part, name),
            page=page,
            where=translated(kind.where),
            default=_words(kind, part),
            names=kind.places(part),
            needed=kind.places(part) & NEEDED,
            longest=longest,
        )
        for name, kind in KINDS.items()
    ]


def _words(kind: Kind, part: str) -> Words:
    if part == "text":
        return lazy(lambda: kind.own_text, str)()
    return translated(getattr(kind, part))


PAGE_TEXTS = _part(_("To technicians"), "text", LONGEST_SMS)
PAGE_SUBJECTS = _part(_("To technicians, subject"), "subject", LONGEST_SUBJECT)
SPEECHES = [
    *_part(_("To technicians, read out"), "speech", LONGEST_SPEECH),
    *passages(
        _("To technicians, read out"),
        (
            "speech-digest",
            _("Several emergencies"),
            translated(DIGEST),
            "count! reference! server! deadline!",
        ),
        (
            "speech-digest-other",
            _("Several emergencies, each further one"),
            translated(DIGEST_OTHER),
            "reference! server!",
        ),
        (
            "speech-digest-more",
            _("Several emergencies, the rest"),
            translated(DIGEST_MORE),
            "count!",
        ),
        longest=LONGEST_SPEECH,
    ),
]
