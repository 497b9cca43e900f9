"""A text that somebody sent to one of our numbers."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from emergency.actions.answer import answer_by_code
from emergency.actions.answered import Answered
from emergency.actions.bad_numbers import opt_in, opt_out
from emergency.actions.drop_out_words import understand
from emergency.models import Technician
from emergency.operator_facts import limit_in_force
from emergency.rules.bad_numbers import OPT_IN, OPT_OUT


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Who wrote, if we know them, and what it led to.

    ``quiet``: no reply is sent, as the networks answer such a text themselves or the
    number was answered often enough. ``duty``: a code of what was said about a shift.
    """

    person: Technician | None
    answered: Answered | None = None
    quiet: bool = False
    duty: str = ""


def take_in_text(*, sender: str, text: str, message_id: str, now: datetime) -> Heard:
    """The text has its effect: the code of a page answers it, a word drops out.

    A text that means nothing is answered a few times an hour and number and no more.
    """
    text = text.replace("\0", "")[:1600]
    word = text.strip().strip("\"'.!").casefold()
    if word in OPT_OUT and opt_out(sender=sender, now=now):
        return Heard(person=_who_has(sender), quiet=True)
    if word in OPT_IN and opt_in(sender=sender, now=now):
        return Heard(person=_who_has(sender), quiet=True)
    understood = understand(sender=sender, text=text, now=now)
    if understood is not None:
        return Heard(person=understood[1], duty=understood[0])
    answered = answer_by_code(sender=sender, text=text, message_id=message_id, now=now)
    person = _who_has(sender)
    quiet = answered is None and person is not None and _answered_enough(sender)
    return Heard(person=person, answered=answered, quiet=quiet)


def _who_has(number: str) -> Technician | None:
    return (
        Technician.objects.filter(contact_methods__address=number)
        .select_related("staff")
        .first()
    )


def _answered_enough(sender: str) -> bool:
    """Two machines that answer each other must come to an end. Counted beside the
    rows: enough to end a loop, and nothing to lose."""
    ordinary = limit_in_force("answers-text")
    key = f"passive-replies:{sender.encode().hex()[:120]}"
    cache.add(key, 0, ordinary.within.total_seconds())
    try:
        return cache.incr(key) > ordinary.most
    except ValueError:
        return False
