"""In which order, and after which delays, a technician wants to be reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from emergency.rules.escalation import Method, first_methods


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A notification rule: the contact method ``key`` follows after ``delay``."""

    key: int
    delay: timedelta


@dataclass(frozen=True, kw_only=True)
class Planned:
    """This contact method is used ``delay`` after the step has fired."""

    method: Method
    delay: timedelta


def notification_plan(
    methods: Sequence[Method], wishes: Iterable[Wish], *, channels: Sequence[str] = ()
) -> list[Planned]:
    """What a page of one technician sends, the earliest first.

    ``methods`` are all that may be used now, in the technician's own order. Without a
    wish that can be met, the first method of each kind goes at once, voice first.
    Channels limit the kinds, but never to nothing: a page by the wrong channel is
    better than none. The first of the plan always goes at once, for the same reason.
    """
    allowed = [m for m in methods if not channels or m.kind in channels]
    usable = allowed or list(methods)
    by_key = {method.key: method for method in usable}
    wished = sorted(
        {
            (wish.delay, usable.index(by_key[wish.key])): wish
            for wish in wishes
            if wish.key in by_key
        }.items()
    )
    if not wished:
        return at_once(first_methods(usable))
    head_start = wished[0][1].delay
    return [
        Planned(method=by_key[wish.key], delay=wish.delay - head_start)
        for _, wish in wished
    ]


def at_once(methods: Iterable[Method]) -> list[Planned]:
    """All of these without delay."""
    return [Planned(method=method, delay=timedelta(0)) for method in methods]
