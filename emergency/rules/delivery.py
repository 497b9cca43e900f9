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
FINAL_WORDS = {
    kind: tuple(word for word, rank in ranks.items() if rank == FINAL_RANK[kind])
    for kind, ranks in (("voice", VOICE_RANK), ("sms", SMS_RANK))
}
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


def known_word(kind: str, word: str) -> str:
    """The word, or an empty string where nobody here knows it."""
    return word if rank(kind, word) >= 0 else ""


def is_final(kind: str, word: str) -> bool:
    """Whether nothing comes after this word."""
    return rank(kind, word) >= FINAL_RANK.get(kind, 99)


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


class FailureClass(StrEnum):
    """Why a page failed, by what follows from it.

    UNKNOWN: the page may have been sent; it is looked up, the next way goes at once.
    THROTTLED: the provider is too busy; this way again later.
    ACCOUNT: the provider takes nothing of ours; every route through it is closed.
    CONFIGURATION: our own settings are wrong; every later page fails the same way.
    NUMBER_INVALID, NOT_FOR_SMS, OPTED_OUT: this number must not be used (for SMS).
    NO_ROUTE, FAILED: perhaps the number, perhaps not; suspect when it comes again.
    HANDSET, ENDED: a telephone that is off, busy or not picked up; the number is kept.
    BLOCKED: somebody on the way has taken it for unwanted.
    OTHER: a code nobody here knows; the number is kept and the operator is told.
    """

    UNKNOWN = "unknown"
    THROTTLED = "throttled"
    ACCOUNT = "account"
    CONFIGURATION = "configuration"
    NUMBER_INVALID = "number_invalid"
    NOT_FOR_SMS = "not_for_sms"
    NO_ROUTE = "no_route"
    OPTED_OUT = "opted_out"
    HANDSET = "handset"
    BLOCKED = "blocked"
    ENDED = "ended"
    FAILED = "failed"
    OTHER = "other"


# Twilio's codes (twilio.com/docs/api/errors) and our own words. A short table with a
# safe default: Twilio advises against programming on codes, as they keep changing.
CLASS_OF_CODE: dict[str, FailureClass] = {
    code: failure
    for failure, codes in {
        FailureClass.UNKNOWN: (
            *("no_connection", "no_answer_from_provider", "unreadable_answer"),
            *("pager_broke", "silence", "mail_server"),
            # What a self-test says when nothing came back.
            *("not_sent", "no_answer_came", "too_late", "page_gone"),
        ),
        FailureClass.THROTTLED: ("429", "http_429", "20429", "21611", "30001"),
        FailureClass.ACCOUNT: (
            *("401", "402", "403", "http_401", "http_402", "http_403"),
            *("20003", "20005", "30002"),
        ),
        FailureClass.CONFIGURATION: (
            *("not_configured", "http_404", "http_405"),
            *("21205", "21609", "21212", "21606", "21408", "21215", "13214"),
        ),
        FailureClass.NUMBER_INVALID: (
            *("21211", "21217", "13223", "13224", "address_refused"),
        ),
        FailureClass.NOT_FOR_SMS: ("21614", "30006"),
        FailureClass.NO_ROUTE: ("21612", "21214"),
        FailureClass.OPTED_OUT: ("21610",),
        FailureClass.HANDSET: (*("30003", "30005", "30008", "30410", "undelivered"),),
        FailureClass.BLOCKED: ("30004", "30007", "13225", "13227"),
        FailureClass.ENDED: (
            *("busy", "no-answer", "canceled", "machine", "no_key_pressed"),
        ),
    }.items()
    for code in codes
}
# SIP answers of a failed call: nobody there for the moment, or no such number.
SIP_ENDED = ("480", "486", "487", "603")
SIP_NO_SUCH_NUMBER = ("404", "484", "604")


def failure_class(kind: str, code: str, *, sip: str = "") -> FailureClass:
    """What the code of a failed page means; ``sip`` is the network's answer to a call.

    A code nobody here knows is OTHER: this attempt failed and the number is kept.
    """
    if code.startswith("http_5"):
        return FailureClass.UNKNOWN
    if code == "failed":
        if kind != "voice" or not sip:
            return FailureClass.HANDSET
        if sip in SIP_NO_SUCH_NUMBER:
            return FailureClass.FAILED
        return FailureClass.ENDED if sip in SIP_ENDED else FailureClass.HANDSET
    return CLASS_OF_CODE.get(code, FailureClass.OTHER)
