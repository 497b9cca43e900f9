"""The states of an incident and the moves between them, in one table.

A verb that is not in the row of the present state is not allowed there. Actions write
with ``UPDATE … WHERE status IN sources(verb)``: zero rows changed means that somebody
else was first.
"""

from enum import StrEnum


class State(StrEnum):
    """Where an incident stands."""

    PAGING = "paging"
    ACKNOWLEDGED = "acknowledged"
    UNREACHED = "unreached"
    REACHED = "reached"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


class Verb(StrEnum):
    """What moves an incident."""

    ACKNOWLEDGE = "acknowledge"
    RELEASE = "release"
    ASK_COLLEAGUE = "ask_colleague"
    REPAGE = "repage"
    ATTEMPT = "attempt"
    REACH = "reach"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    CANCEL = "cancel"
    MERGE = "merge"


MOVES: dict[State, dict[Verb, State]] = {
    State.PAGING: {
        Verb.ACKNOWLEDGE: State.ACKNOWLEDGED,
        Verb.ATTEMPT: State.UNREACHED,
        # Whoever calls without pressing a key first has kept the promise all the same.
        Verb.REACH: State.REACHED,
        Verb.CANCEL: State.CANCELLED,
        Verb.MERGE: State.MERGED,
    },
    State.ACKNOWLEDGED: {
        Verb.RELEASE: State.PAGING,
        Verb.REPAGE: State.PAGING,
        # Asking changes nothing yet; the answer may change the owner.
        Verb.ASK_COLLEAGUE: State.ACKNOWLEDGED,
        # Tried in time and often enough: now it is the customer's turn.
        Verb.ATTEMPT: State.UNREACHED,
        Verb.REACH: State.REACHED,
        Verb.CANCEL: State.CANCELLED,
        Verb.MERGE: State.MERGED,
    },
    State.UNREACHED: {
        Verb.ASK_COLLEAGUE: State.UNREACHED,
        Verb.REACH: State.REACHED,
        Verb.RESOLVE: State.RESOLVED,
        Verb.CANCEL: State.CANCELLED,
        Verb.MERGE: State.MERGED,
    },
    State.REACHED: {
        Verb.RESOLVE: State.RESOLVED,
        Verb.ASK_COLLEAGUE: State.REACHED,
        Verb.MERGE: State.MERGED,
    },
    # Opened again without having been reached, the customer is waited for again.
    State.RESOLVED: {Verb.CLOSE: State.CLOSED, Verb.REOPEN: State.REACHED},
    State.CLOSED: {},
    State.CANCELLED: {},
    # Its reports have gone to another incident, which goes on.
    State.MERGED: {},
}

# In the order of the table: a database index is made of it, and may not vary.
OPEN_STATES = tuple(state for state, moves in MOVES.items() if moves)
# Somebody owns it and works on it.
ACTIVE_STATES = frozenset({State.ACKNOWLEDGED, State.REACHED})
WAITING_STATES = frozenset({State.PAGING, State.ACKNOWLEDGED})
# A technician's timer may run.
TIMED_STATES = frozenset(
    {State.PAGING, State.ACKNOWLEDGED, State.UNREACHED, State.REACHED}
)


class ForbiddenMove(Exception):
    """The verb is not allowed in this state."""


def after(state: State, verb: Verb) -> State:
    """The state after the verb. Raises ForbiddenMove when the table has no such
    move."""
    try:
        return MOVES[state][verb]
    except KeyError:
        raise ForbiddenMove(f"{verb} is not allowed while {state}") from None


def sources(verb: Verb) -> list[State]:
    """All states in which the verb is allowed."""
    return [state for state, moves in MOVES.items() if verb in moves]
