"""What is sent to customers by SMS and e-mail."""

from collections.abc import Callable

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from emergency.pagers.letters import LETTERS, unsigned
from emergency.pagers.sentences.to_the_customer import TEXTS
from emergency.passages.base import Words, passages

# Purpose, what it says, and the places of its SMS, its subject and its e-mail; ``!``
# marks those that no wording may leave out. The acknowledgement of a withdrawal is the
# law's.
_PURPOSES: tuple[tuple[str, Words, str, str, str], ...] = (
    (
        "received",
        _("Received"),
        "reference! deadline! link!",
        "reference!",
        "deadline! hotline link!",
    ),
    (
        "joined",
        _("Joined another report"),
        "reference! link!",
        "reference!",
        "hotline link!",
    ),
    ("taken", _("Taken"), "reference! name link!", "reference! name", "name link!"),
    (
        "attempted",
        _("Not reached"),
        "reference! times hotline! link",
        "reference!",
        "times hotline! link!",
    ),
    (
        "missed",
        _("Late"),
        "reference! deadline hotline! link",
        "reference!",
        "deadline hotline! link!",
    ),
    (
        "findings",
        _("What we found"),
        "reference! network application link!",
        "reference!",
        "findings! next_step! hotline link!",
    ),
    ("resolved", _("Solved"), "", "reference!", "hotline link!"),
    ("invoice", _("Invoice"), "", "reference! document!", "document! link!"),
)

# Three texts in one. What is put in at the places comes on top of it, and a provider
# takes no more than 1600 signs.
LONGEST_SMS = 450


def _words(text: Callable[[], str]) -> Words:
    return lazy(text, str)()


def _subject(purpose: str) -> Callable[[], str]:
    return lambda: LETTERS[purpose]()[0]


def _body(purpose: str) -> Callable[[], str]:
    return lambda: unsigned(LETTERS[purpose]()[1])


SMS = passages(
    _("SMS"),
    *(
        (f"sms-{purpose}", where, _words(TEXTS[purpose]), names)
        for purpose, where, names, _subject_names, _mail_names in _PURPOSES
        if names
    ),
    longest=LONGEST_SMS,
)
SUBJECTS = passages(
    _("E-mail, subject"),
    *(
        (f"subject-{purpose}", where, _words(_subject(purpose)), names)
        for purpose, where, _sms_names, names, _mail_names in _PURPOSES
    ),
)
LETTER_TEXTS = passages(
    _("E-mail"),
    *(
        (f"mail-{purpose}", where, _words(_body(purpose)), names)
        for purpose, where, _sms_names, _subject_names, names in _PURPOSES
    ),
)
