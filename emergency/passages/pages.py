"""What technicians are told by SMS, e-mail and push, and what a call reads out.

How a page is answered is the product's own and cannot be worded: the code stands at
``{answer}``, which no wording may leave out, and the request for the key follows the
speech by itself.
"""

from collections.abc import Callable

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from emergency.pagers.sentences.about_an_incident import WORDED
from emergency.passages.base import Words, passages
from emergency.passages.messages import LONGEST_SMS

# Half a minute of speech.
LONGEST_SPEECH = 400


def _words(text: Callable[[], str]) -> Words:
    return lazy(text, str)()


PAGE_TEXTS = passages(
    _("To technicians"),
    (
        "page-emergency",
        _("Emergency"),
        _words(WORDED["page-emergency"]),
        "reference! server! deadline! answer! url!",
    ),
    (
        "page-reminder",
        _("Reminder of the callback"),
        _words(WORDED["page-reminder"]),
        "reference! deadline! url!",
    ),
    (
        "page-missed",
        _("Callback deadline missed"),
        _words(WORDED["page-missed"]),
        "reference! deadline! url!",
    ),
    longest=LONGEST_SMS,
)
SPEECHES = passages(
    _("To technicians, read out"),
    (
        "speech-emergency",
        _("Emergency"),
        _words(WORDED["speech-emergency"]),
        "reference! server! deadline!",
    ),
    (
        "speech-reminder",
        _("Reminder of the callback"),
        _words(WORDED["speech-reminder"]),
        "reference! deadline!",
    ),
    (
        "speech-missed",
        _("Callback deadline missed"),
        _words(WORDED["speech-missed"]),
        "reference! deadline!",
    ),
    longest=LONGEST_SPEECH,
)
