"""What a customer is told by e-mail: the same facts as by SMS, with room for reasons.

Nothing the customer typed is in a subject. A paragraph that is ``{link}`` alone is the
address of the tracking page; no other address is in a letter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from emergency.pagers.sentences.to_the_customer import LINK, Values
from emergency.rules.passages import filled


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Plain text; paragraphs are separated by an empty line."""

    subject: str
    text: str


Parts = tuple[str, tuple[str, ...]]


def _received() -> Parts:
    return _("%(reference)s: we have your report"), (
        _(
            "Your report has arrived and a technician is being paged. We call you by"
            " %(deadline)s. Please keep your telephone at hand."
        ),
        _("On this page you see how it stands, and can add to your report:"),
        LINK,
        _("If something changes meanwhile, ring us at %(hotline)s."),
    )


def _joined() -> Parts:
    return _("%(reference)s: your report has joined an open emergency"), (
        _(
            "This emergency is open already. Your report has joined it: the technicians"
            " read it too, and there is no further fee."
        ),
        _("On this page you see how it stands, and can add to your report:"),
        LINK,
        _("If something changes meanwhile, ring us at %(hotline)s."),
    )


def _taken() -> Parts:
    return _("%(reference)s: %(name)s calls you"), (
        _("%(name)s has taken your emergency and calls you."),
        _("The page shows a code by which you know that the call is really from us:"),
        LINK,
    )


def _attempted() -> Parts:
    return _("%(reference)s: please ring us"), (
        _(
            "We called you at %(times)s and did not reach you. Please ring us at"
            " %(hotline)s; we start as soon as we speak with you."
        ),
        _("On this page you see how it stands, and can give another number:"),
        LINK,
    )


def _missed() -> Parts:
    return _("%(reference)s: we are late"), (
        _(
            "We promised to call you by %(deadline)s and have not reached you. We are"
            " sorry."
        ),
        _(
            "The duty manager knows, more technicians are being paged, and we go on"
            " until we reach you. You can also ring %(hotline)s."
        ),
        LINK,
    )


def _findings() -> Parts:
    return _("%(reference)s: what we found"), (
        _("This is what we found so far:"),
        "%(findings)s",
        _("What happens next: %(next_step)s"),
        LINK,
        _("If something changes meanwhile, ring us at %(hotline)s."),
    )


def _resolved() -> Parts:
    return _("%(reference)s: solved"), (
        _(
            "The work on your emergency is finished. The page shows the cause, what was"
            " done and the times."
        ),
        LINK,
        _("If it is not solved, say so there or ring %(hotline)s."),
    )


def _invoice() -> Parts:
    return _("%(reference)s: invoice %(document)s"), (
        _("The invoice %(document)s for your emergency is ready on this page:"),
        LINK,
        _("If you do not agree with cause, time or amount, you can object there."),
    )


def _withdrawal() -> Parts:
    return _("%(reference)s: your withdrawal has arrived"), (
        _("Your withdrawal arrived on %(date)s at %(time)s. It reads:"),
        "%(statement)s",
        _("Please keep this e-mail."),
        LINK,
    )


def _confirmation() -> Parts:
    return _("%(reference)s: what you ordered by telephone"), (
        _(
            "On %(ordered)s you ordered emergency support by telephone. %(taken_by)s"
            " took the order down. We confirm it with this e-mail; please keep it."
        ),
        _("This was read out to you, and you said yes to it:"),
        "%(read_out)s",
        _("Your contract is with: %(partner)s"),
        _("On this page you see how it stands, and can cancel or withdraw:"),
        LINK,
    )


LETTERS: dict[str, Callable[[], Parts]] = {
    "received": _received,
    "joined": _joined,
    "taken": _taken,
    "attempted": _attempted,
    "missed": _missed,
    "findings": _findings,
    "resolved": _resolved,
    "invoice": _invoice,
    "withdrawal": _withdrawal,
    "confirmation": _confirmation,
}


def answer_to_a_mail(*, form: str, hotline: str) -> Letter:
    """The automatic answer to a mail that nobody is woken by, in German and in English,
    as nobody knows yet who wrote. ``form`` is the address of the form."""
    languages = ("de", "en")
    return Letter(
        subject=" / ".join(_in(language, _answer_subject) for language in languages),
        text="\n\n".join(
            _in(language, _answer_text) % {"form": form, "hotline": hotline}
            for language in languages
        ),
    )


def _in(language: str, words: Callable[[], str]) -> str:
    with override(language):
        return words()


def _answer_subject() -> str:
    return _("Your mail wakes nobody")


def _answer_text() -> str:
    return _(
        "Your mail has arrived. It wakes nobody: it waits until somebody reads it.\n\n"
        "For an emergency use the form, which pages a technician at once:\n%(form)s\n\n"
        "By telephone: %(hotline)s. Only a mail with the reference of an open emergency"
        " in its subject reaches the technicians at work. This answer was written by a"
        " machine."
    )


def unsigned(paragraphs: Sequence[str]) -> str:
    """The paragraphs as one text."""
    return "\n\n".join(paragraphs)


def customer_letter(
    purpose: str, language: str, values: Values, wordings: Values | None = None
) -> Letter:
    """The e-mail of this purpose in the customer's language, in the operator's words
    where ``wordings`` (by keys of ``emergency.passages``) has some. Raises KeyError for
    a purpose without one, or for a value that it needs."""
    theirs = wordings or {}
    with override(language):
        subject, paragraphs = LETTERS[purpose]()
        if words := theirs.get(f"subject-{purpose}"):
            subject = filled(words, values)
        else:
            subject = subject % values
        if words := theirs.get(f"mail-{purpose}"):
            body = filled(words, values)
        else:
            body = unsigned(paragraphs) % values
        whole = (_("Good day"), body, values["operator"])
        return Letter(subject=_one_line(subject), text=unsigned(whole).strip())


def _one_line(text: str) -> str:
    """A subject has no line breaks (RFC 5322, 2.2)."""
    return " ".join(text.split())
