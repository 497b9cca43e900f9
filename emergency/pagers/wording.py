"""What a page says. German and English, no secrets, nothing a customer typed.

Each purpose of a page has its sentences in the module of its topic; this file only
chooses and puts them together.
"""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import override

from emergency.pagers.base import PageOrder, TextOrder
from emergency.pagers.sentences import (
    about_an_incident,
    about_colleagues,
    about_reach,
    about_readiness,
    about_reporting,
    about_routes,
    about_the_engine,
    about_the_roster,
    about_timers,
)
from emergency.pagers.sentences.base import Sentences, said, translated
from emergency.pagers.sentences.of_a_drill import drill_text
from emergency.rules.secrets import masked

TOPICS = (
    about_an_incident.SENTENCES,
    about_colleagues.SENTENCES,
    about_the_engine.SENTENCES,
    about_the_roster.SENTENCES,
    about_readiness.SENTENCES,
    about_reporting.SENTENCES,
    about_routes.SENTENCES,
    about_reach.SENTENCES,
    about_timers.SENTENCES,
)


# Every kind of page by its name.
KINDS = {name: kind for topic in TOPICS for name, kind in topic.items()}


def sentences_of(order: PageOrder) -> Sentences:
    """What is said about this page, in the language that is active.

    A notice has sentences of its own for its code, as ``notice:self_test_failed``.
    """
    name = f"{order.purpose}:{order.values.get('code')}"
    name = name if name in KINDS else order.purpose
    found = said(name, KINDS[name], order)
    if name == "emergency" and order.values.get("others"):
        return replace(
            found,
            speech=about_an_incident.digest_speech(order),
            key_request=translated(about_an_incident.DIGEST_KEY),
        )
    return found


def spoken(order: PageOrder) -> tuple[str, str]:
    """The sentences of a call, and the one that asks for the key."""
    with override(order.language):
        found = sentences_of(order)
        request = found.key_request or _(
            "Press %(digit)s to confirm that you heard this."
        )
        return marked(order, masked(found.speech)), request % {"digit": order.digit}


def marked(order: PageOrder, text: str) -> str:
    """A drill is called one before anything else is said, in the active language."""
    return drill_text(text) if order.drill else text


def wrong_key(*, digit: str, language: str) -> str:
    """Said after another key than the one asked for."""
    with override(language):
        return _("That was another key. Press %(digit)s.") % {"digit": digit}


def no_key(order: PageOrder) -> str:
    """Said when the call ends without a key."""
    with override(order.language):
        return _("No key was pressed. We go on trying.")


def short_text(order: PageOrder | TextOrder) -> str:
    """The text of an SMS; one or two segments."""
    if isinstance(order, TextOrder):
        return order.text
    with override(order.language):
        return marked(order, masked(sentences_of(order).text))


def text_with_link(order: PageOrder) -> str:
    """The text of an e-mail or push: as the SMS, and below it the link that answers.

    Opening the link changes nothing; a person has to press the button there.
    """
    text = short_text(order)
    if not order.answer_url:
        return text
    with override(order.language):
        answer = _("Answer here: %(url)s") % {"url": order.answer_url}
    return f"{text}\n\n{answer}"


def subject(order: PageOrder) -> str:
    """The subject of an e-mail."""
    with override(order.language):
        return marked(order, masked(sentences_of(order).subject))
