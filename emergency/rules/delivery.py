"""Provider words, ranked: late callbacks never move a page backwards.

Neither calls nor messages report in a guaranteed order (Twilio's documentation of
status callbacks). Calls carry a sequence number; messages are ranked by their word.
The first final word wins.
"""

from dataclasses import dataclass
from enum import StrEnum

VOICE_RANK = {
    "queued": 0,
    "initiated": 1,
    "ringing": 2,
    "in-progress": 3,
    "completed": 4,
    "busy": 4,
    "no-answer": 4,
    "failed": 4,
    "canceled": 4,
}
SMS_RANK = {
    "accepted": 0,
    "scheduled": 0,
    "queued": 0,
    "sending": 1,
    "sent": 2,
    "delivered": 3,
    "read": 3,
    "undelivered": 3,
    "failed": 3,
    "canceled": 3,
}
FINAL_RANK = {"voice": 4, "sms": 3}
MACHINES = ("machine", "fax")


class Fate(StrEnum):
    """What a provider's word means for the page."""

    IN_FLIGHT = "in_flight"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The page's fate and, for a failure, a stable code."""

    fate: Fate
    error_code: str = ""


def rank(kind: str, word: str) -> int:
    """How far this word is in the life of a call or message; unknown words are -1."""
    return (VOICE_RANK if kind == "voice" else SMS_RANK).get(word, -1)


def supersedes(
    kind: str, *, known: str, known_sequence: int, word: str, sequence: int
) -> bool:
    """Whether a newly received word moves the attempt forward.

    ``sequence`` is -1 where the provider sends none.
    """
    old, new = rank(kind, known), rank(kind, word)
    if new < 0 or old >= FINAL_RANK.get(kind, 0):
        return False
    if sequence >= 0 and known_sequence >= 0 and sequence <= known_sequence:
        return False
    return new > old


def verdict(
    kind: str, word: str, *, answered_by: str = "", error_code: str = ""
) -> Verdict:
    """What the word means. An answered call is not an acknowledgement.

    A call that completed without the key having been pressed failed: a mailbox, or a
    sleepy hand, but nobody who took the incident.
    """
    if kind == "voice":
        if answered_by.startswith(MACHINES):
            return Verdict(fate=Fate.FAILED, error_code="machine")
        if word == "completed":
            return Verdict(fate=Fate.FAILED, error_code="no_key_pressed")
        if word in {"busy", "no-answer", "failed", "canceled"}:
            return Verdict(fate=Fate.FAILED, error_code=error_code or word)
        return Verdict(fate=Fate.IN_FLIGHT)
    if word in {"delivered", "read"}:
        return Verdict(fate=Fate.DELIVERED)
    if word in {"undelivered", "failed", "canceled"}:
        return Verdict(fate=Fate.FAILED, error_code=error_code or word)
    return Verdict(fate=Fate.IN_FLIGHT)
