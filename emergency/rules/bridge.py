"""The bridge: the provider rings the technician and then the customer. What its words
prove.

Only the customer's leg proves anything: the technician's own call includes the prompts,
and a mailbox answers, too. So *connected* is the provider's word and *reached* the
technician's (Twilio, <Dial>: DialCallStatus, DialBridged, call progress events).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# How long the customer's telephone rings, and how long the two may talk.
RINGS_FOR = timedelta(seconds=25)
LONGEST_TALK = timedelta(hours=2)
# Whoever pressed the button waits with the telephone in the hand; a call that comes
# later than this would only startle.
PLACED_WITHIN = timedelta(minutes=2)
# Without a word of the provider for this long, a call is over.
SILENCE = timedelta(seconds=90)
CLOCK_SKEW = timedelta(seconds=5)

# The keys with which the technician says how it went.
OUTCOME_OF_KEY = {
    "1": "reached",
    "2": "mailbox",
    "3": "wrong_number",
    "4": "wrong_person",
    "5": "no_answer",
}
# What needs nobody's word. A call that could not be placed rang nowhere, and one that
# the technician ended may have rung for a moment: neither is a try by itself.
OUTCOME_OF_WORD = {"busy": "busy", "no-answer": "no_answer"}


class Stage(StrEnum):
    """Where a bridge stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    DIALLING = "dialling"
    ASKING = "asking"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Answered:
    """When the customer's leg was answered: ``at`` for the promise, ``said`` as the
    provider says it."""

    at: datetime
    said: datetime | None


def answered(
    *, said: datetime | None, heard_at: datetime, dialled_at: datetime
) -> Answered:
    """The provider's instant where it can be true; else when we heard of it.

    A report may come late, so that only the provider knows when. But it cannot have
    been before the key was pressed, nor after we heard of it.
    """
    believable = (
        said is not None and dialled_at - CLOCK_SKEW <= said <= heard_at + CLOCK_SKEW
    )
    if said is None or not believable:
        return Answered(at=heard_at, said=said)
    return Answered(at=min(max(said, dialled_at), heard_at), said=said)


def is_too_late_to_place(*, started_at: datetime, now: datetime) -> bool:
    """Whether nobody waits for this call any more."""
    return now - started_at > PLACED_WITHIN


def is_silent(
    stage: Stage, *, talking: bool, heard_at: datetime, now: datetime
) -> bool:
    """Whether the provider should have said something by now. A talk is silent by
    nature, up to its limit."""
    if stage in {Stage.QUEUED, Stage.CLAIMED, Stage.ENDED}:
        return False
    talk = LONGEST_TALK if talking and stage is Stage.DIALLING else timedelta(0)
    return now - heard_at > SILENCE + talk


def outcome_needs_a_word(*, dialled: bool, word: str, settled: bool) -> bool:
    """Whether the technician still has to say how the call ended: the customer's
    telephone was rung, no outcome stands, and the provider's word is not one."""
    return dialled and not settled and word not in {*OUTCOME_OF_WORD, "failed"}
