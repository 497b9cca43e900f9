"""When one person takes over from another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from emergency.rules.rotation import Piece, Roster, pieces

# How far around the asked period a duty is followed.
BEFORE = timedelta(days=8)
AFTER = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class HandOff:
    """``incoming`` takes over at ``starts_at`` and serves until ``ends_at``, possibly
    with free hours in between. ``outgoing``: whom they relieve, None after nobody or
    when nobody leaves."""

    starts_at: datetime
    ends_at: datetime
    incoming: int
    outgoing: int | None


def hand_offs(roster: Roster, start: datetime, end: datetime) -> list[HandOff]:
    """Who takes over from whom within [start, end).

    Free hours in which nobody is on call are no hand-off when the same person goes on
    afterwards. A duty that outlasts ``end`` is followed for another 60 days.
    """
    manned = [
        piece for piece in pieces(roster, start - BEFORE, end + AFTER) if piece[2]
    ]
    found: list[HandOff] = []
    for number, (begin, _, people) in enumerate(manned):
        if not start <= begin < end:
            continue
        before = manned[number - 1][2] if number else ()
        leaving = [person for person in before if person not in people]
        for person in people:
            if person in before:
                continue
            found.append(
                HandOff(
                    starts_at=begin,
                    ends_at=_duty_end(manned, number, person),
                    incoming=person,
                    outgoing=leaving.pop(0) if leaving else None,
                )
            )
    return found


def _duty_end(manned: Sequence[Piece], number: int, person: int) -> datetime:
    """The end of the duty that begins with this piece, free hours bridged."""
    last = manned[number][1]
    for _, until, people in manned[number + 1 :]:
        if person not in people:
            break
        last = until
    return last
