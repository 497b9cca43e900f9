"""When a failure says that a number itself is bad, and when only several do.

Twilio advises against programming on its codes, so few things make a number bad and
everything else keeps it.
"""

from dataclasses import dataclass

from emergency.rules.delivery import FailureClass

STRIKES_THAT_COUNT = 3
# The provider knows no such telephone, or it has been away each time.
UNKNOWN_HANDSET = "30005"
SETTLED = {
    FailureClass.NUMBER_INVALID: "invalid",
    FailureClass.NOT_FOR_SMS: "not_for_sms",
    FailureClass.OPTED_OUT: "opted_out",
}
# Single words that the networks themselves act upon; a sentence with them is not one.
OPT_OUT = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "cancel", "end", "quit"),
        *("optout", "revoke"),
    }
)
OPT_IN = frozenset({"start", "yes", "unstop"})


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a failure means for a contact method. ``reason`` is empty while it may be
    used further: invalid | not_for_sms | opted_out | unreachable."""

    strikes: int
    reason: str = ""


def judge(failure: FailureClass, *, code: str, strikes: int) -> Judgement:
    """The judgement on a method that had ``strikes`` before this failure."""
    if failure in SETTLED:
        return Judgement(strikes=strikes, reason=SETTLED[failure])
    suspect = (
        failure in {FailureClass.NO_ROUTE, FailureClass.FAILED}
        or code == UNKNOWN_HANDSET
    )
    if not suspect:
        return Judgement(strikes=strikes)
    counted = strikes + 1
    bad = counted >= STRIKES_THAT_COUNT
    return Judgement(strikes=counted, reason="unreachable" if bad else "")
