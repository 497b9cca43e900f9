"""What a customer is told, by which ways, when, and for how long it stays true."""

from datetime import UTC, datetime, time, timedelta, tzinfo

from emergency.rules.states import WAITING_STATES, State

SMS, EMAIL = "sms", "email"
WAYS: dict[str, tuple[str, ...]] = {
    "received": (SMS, EMAIL),
    "joined": (SMS, EMAIL),
    "taken": (SMS, EMAIL),
    "attempted": (SMS, EMAIL),
    "missed": (SMS, EMAIL),
    "findings": (SMS, EMAIL),
    "resolved": (EMAIL,),
    "invoice": (EMAIL,),
    "withdrawal": (EMAIL,),
    "confirmation": (EMAIL,),
}
# Whoever waits for a call hears of it on every number; the rest is for one.
TO_EVERY_NUMBER = frozenset({"attempted", "missed"})
# Findings and documents are not for somebody who joined and is not verified.
FOR_THOSE_WHO_SEE_EVERYTHING = frozenset(
    {"findings", "resolved", "invoice", "withdrawal"}
)
# The statement itself, its date and its time must reach the customer (Directive
# 2011/83/EU, article 11a), and so must what was agreed by telephone, on a durable
# medium before the work begins (article 8 (7), FAGG § 7 (3)): without a mail address
# as a text to the telephone.
BY_SMS_IF_NOTHING_ELSE = frozenset({"withdrawal", "confirmation"})
BY_DAY = frozenset({"invoice"})
DAY_BEGINS, DAY_ENDS = 8, 18

_GONE = frozenset({State.CANCELLED, State.MERGED})
_WHILE: dict[str, frozenset[State]] = {
    "received": frozenset(State) - _GONE,
    "joined": frozenset(State) - _GONE,
    "taken": frozenset({State.ACKNOWLEDGED}),
    "attempted": frozenset({State.UNREACHED}),
    "missed": WAITING_STATES,
    "findings": frozenset(State) - _GONE,
    "resolved": frozenset({State.RESOLVED, State.CLOSED}),
    "invoice": frozenset(State),
    "withdrawal": frozenset(State),
    "confirmation": frozenset(State),
}
# A text that comes hours later would not be true any more.
LONGEST_WAIT = timedelta(hours=1)
# Whoever's sign-in was changed by somebody else must hear of it, however late.
NEVER_TOO_LATE = frozenset(
    {"resolved", "invoice", "withdrawal", "confirmation", "own_sign_in"}
)


def due_at(purpose: str, now: datetime, zone: tzinfo) -> datetime:
    """When the message may leave: now, or for what can wait between 08:00 and 18:00 of
    the operator's ``zone``. Aware UTC."""
    if purpose not in BY_DAY:
        return now
    local = now.astimezone(zone)
    if DAY_BEGINS <= local.hour < DAY_ENDS:
        return now
    day = local.date()
    if local.hour >= DAY_ENDS:
        day += timedelta(days=1)
    return datetime.combine(day, time(DAY_BEGINS), zone).astimezone(UTC)


def is_still_true(purpose: str, state: State | None, waiting: timedelta) -> bool:
    """Whether it may still be said to the customer of an incident in this state, after
    it waited so long beyond its time. What is about no incident has no state."""
    if waiting > LONGEST_WAIT and purpose not in NEVER_TOO_LATE:
        return False
    return state is None or state in _WHILE[purpose]


def ways(purpose: str, *, has_email: bool) -> tuple[str, ...]:
    """The kinds by which this purpose is told to somebody who gave an e-mail address or
    none. Raises KeyError for an unknown purpose."""
    chosen = WAYS[purpose]
    if has_email:
        return chosen
    left = tuple(way for way in chosen if way != EMAIL)
    return left or ((SMS,) if purpose in BY_SMS_IF_NOTHING_ELSE else ())
