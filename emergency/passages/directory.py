"""All passages by their keys, and the words in force."""

from django.utils.functional import lazy
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from emergency.passages.afterwards import OTHERS, TRACKING
from emergency.passages.findings import NEXT_STEPS
from emergency.passages.messages import LETTER_TEXTS, SMS, SUBJECTS
from emergency.passages.pages import PAGE_SUBJECTS, PAGE_TEXTS, SPEECHES
from emergency.passages.report import CHECK, FORM, QUESTIONS

_PAGES = (*FORM, *QUESTIONS, *CHECK, *TRACKING, *OTHERS, *NEXT_STEPS)
_MESSAGES = (*SMS, *SUBJECTS, *LETTER_TEXTS, *PAGE_TEXTS, *PAGE_SUBJECTS, *SPEECHES)
PASSAGES = {passage.key: passage for passage in (*_PAGES, *_MESSAGES)}


def passage(key: str, **values: str) -> str:
    """The words in force in the active language. Raises KeyError for an unknown key."""
    return PASSAGES[key].words(values)


# The same for what is read at import, such as the label of an input.
passage_lazy = lazy(passage, str)


def passage_html(key: str, **values: str) -> SafeString:
    """The words in force as HTML: the operator's text is text, its lines stay lines,
    and values may bring their own markup."""
    text = PASSAGES[key].words(
        {name: f"\x00{name}\x00" for name in PASSAGES[key].names}
    )
    html = "<br>".join(conditional_escape(line) for line in text.splitlines())
    for name, value in values.items():
        html = html.replace(f"\x00{name}\x00", conditional_escape(value))
    return mark_safe(html)  # noqa: S308 - every part is escaped above
