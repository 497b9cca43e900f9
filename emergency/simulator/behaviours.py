"""How a phone reacts. A new behaviour is a new row in one of the two tables."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

SECONDS_TO_PICK_UP = 0.3
SECONDS_UNTIL_A_PERSON_ANSWERS = 2


@dataclass(frozen=True)
class Behaviour:
    """What the network meets when it calls or texts a phone.

    `code` is the behaviour as it was asked for. `order_error` is the error with which
    the network refuses to call or text the phone at all. `refuses_with` ends a call
    before it rings. `answers_after` and `declines_after` are seconds of ringing; None
    leaves the phone to a person. `hangs_up_after` are seconds from picking up to
    putting the phone down. `answerer` is who is found to have picked up, in the words
    of AnsweredBy. `message_end` is the last state of a message, with the
    carrier's error if it has one. A `robot` does what it is asked to do.
    """

    code: str
    order_error: int | None = None
    refuses_with: str | None = None
    sip_code: int = 487
    answers_after: float | None = None
    declines_after: float | None = None
    hangs_up_after: float = inf
    answerer: str = "human"
    message_end: str = "delivered"
    message_error: int | None = None
    robot: bool = False

    @property
    def reacts_after(self) -> float:
        """Seconds of ringing until the phone does something by itself, or infinity."""
        given = (self.answers_after, self.declines_after)
        return min(seconds for seconds in (*given, inf) if seconds is not None)


@dataclass(frozen=True)
class Numbered:
    """A behaviour that is told a number: what it means without one, and its bounds."""

    default: int
    least: int
    most: int
    make: Callable[[str, int], Behaviour]


def _machine(code: str) -> Behaviour:
    return Behaviour(code, answers_after=SECONDS_TO_PICK_UP, answerer=code)


PLAIN = {
    behaviour.code: behaviour
    for behaviour in (
        Behaviour("manual"),
        Behaviour("busy", refuses_with="busy", sip_code=486),
        Behaviour("no_answer"),
        replace(_machine("machine_start"), code="mailbox"),
        _machine("machine_start"),
        _machine("machine_end_beep"),
        _machine("machine_end_silence"),
        _machine("machine_end_other"),
        _machine("fax"),
        _machine("unknown"),
        Behaviour("unreachable", refuses_with="failed", sip_code=404),
        Behaviour("sms_sent", message_end="sent"),
    )
}
NUMBERED = {
    # Even who answers at once has to pick up.
    "robot": Numbered(
        *(0, 0, 600),
        lambda code, n: Behaviour(code, answers_after=n or 0.1, robot=True),
    ),
    "talks": Numbered(
        *(5, 1, 600),
        lambda code, n: Behaviour(
            code, answers_after=SECONDS_UNTIL_A_PERSON_ANSWERS, hangs_up_after=n
        ),
    ),
    "answers": Numbered(1, 0, 600, lambda code, n: Behaviour(code, answers_after=n)),
    "declines": Numbered(3, 0, 600, lambda code, n: Behaviour(code, declines_after=n)),
    "failed": Numbered(
        *(480, 400, 699),
        lambda code, n: Behaviour(code, refuses_with="failed", sip_code=n),
    ),
    "sms_undelivered": Numbered(
        *(30003, 10000, 99999),
        lambda code, n: Behaviour(code, message_end="undelivered", message_error=n),
    ),
    "sms_failed": Numbered(
        *(30008, 10000, 99999),
        lambda code, n: Behaviour(code, message_end="failed", message_error=n),
    ),
    "refused": Numbered(
        *(21211, 10000, 99999), lambda code, n: Behaviour(code, order_error=n)
    ),
}
MANUAL = PLAIN["manual"]


class NoBehaviour(ValueError):
    """The text says why `code` is no behaviour."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def behaviour(code: str) -> Behaviour:
    """Return the behaviour `name` or `name:number`; raise NoBehaviour."""
    name, colon, text = code.strip().partition(":")
    if name in PLAIN and not colon:
        return PLAIN[name]
    kind = NUMBERED.get(name)
    if kind is None:
        known = ", ".join([*PLAIN, *(f"{known}:NUMBER" for known in NUMBERED)])
        reason = f"{code.strip()!r} is no behaviour; known are {known}"
        raise NoBehaviour(code.strip(), reason)
    if not colon:
        return kind.make(name, kind.default)
    number = int(text) if text.isascii() and text.isdecimal() else -1
    if not kind.least <= number <= kind.most:
        reason = f"{name} takes {kind.least} to {kind.most}, not {text!r}"
        raise NoBehaviour(code.strip(), reason)
    return kind.make(f"{name}:{number}", number)


def script(text: str) -> tuple[Behaviour, ...]:
    """Return the behaviours of a list with commas; raise NoBehaviour."""
    return tuple(behaviour(code) for code in text.split(","))
