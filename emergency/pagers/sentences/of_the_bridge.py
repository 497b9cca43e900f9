"""What a technician hears in a call over the bridge. The customer hears none of it.

Before the key nothing is said that tells whom the call is about or that there is an
emergency: anybody may have picked up.
"""

from django.utils.translation import gettext as _
from django.utils.translation import override


def asks_for_the_key(digit: str, language: str) -> str:
    """The first words of the call."""
    with override(language):
        return _("This is the call you asked for. Press %(digit)s to be connected.") % {
            "digit": digit
        }


def after_another_key(digit: str, language: str) -> str:
    """The question again."""
    with override(language):
        return _("That was another key. Press %(digit)s to be connected.") % {
            "digit": digit
        }


def connecting(language: str) -> str:
    """While the customer's telephone is about to ring."""
    with override(language):
        return _("We are calling the customer. The star key ends their call.")


def asks_how_it_ended(language: str, *, again: bool = False) -> str:
    """After the customer's leg."""
    with override(language):
        question = _(
            "How did it go? Customer reached: press 1. A mailbox: press 2. Wrong"
            " number: press 3. Wrong person: press 4. Nobody: press 5."
        )
        wrong = _("That was another key.")
        return f"{wrong} {question}" if again else question


def last_words(code: str, language: str) -> str:
    """The sentence before the call ends."""
    with override(language):
        sentences = {
            "reached": _("Noted: the customer is reached."),
            "mailbox": _("Noted: a mailbox answered."),
            "wrong_number": _("Noted: the number is wrong. The desk shows others."),
            "wrong_person": _("Noted: somebody else answered."),
            "busy": _("The line is busy. That is noted."),
            "no_answer": _("Nobody answers. That is noted."),
            "not_placed": _(
                "The customer's number could not be called. Call from your own"
                " telephone."
            ),
            "no_key": _("No key was pressed. Nobody was called."),
            "in_another_call": _("You are being connected in another call already."),
            "over": _("This call is over. You can start another at the desk."),
        }
        at_the_desk = _("Please say at the desk how the call ended.")
        return sentences.get(code, at_the_desk)
