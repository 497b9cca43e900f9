"""What each phone plays: a queue of behaviours whose last one stays."""

from collections.abc import Callable, Iterable

from emergency.simulator.behaviours import MANUAL, Behaviour, script

KINDS = ("calls", "messages")


class Scripts:
    """One queue per phone for calls and one for messages.

    The n-th call meets the n-th behaviour, whatever messages come between, and the
    other way round. `usual` is what a phone plays that was told nothing. A cast lends
    phones for a story: they play its scripts until it ends, and then what they played
    before. A cast that knows what its calls are about meets only those; other calls
    meet what the phone plays anyway. The caller holds the network's lock.
    """

    def __init__(self, usual: Callable[[str], tuple[Behaviour, ...]]) -> None:
        self._usual = usual
        self._queues: dict[tuple[str, str], tuple[Behaviour, ...]] = {}
        self._lent: dict[tuple[str, str], tuple[Behaviour, ...]] = {}
        # By phone: the name of its cast, and when the cast began.
        self._casts: dict[str, tuple[str, float]] = {}
        # By cast: words of which its calls have one.
        self._about: dict[str, set[str]] = {}

    def write(self, number: str, kinds: tuple[str, ...], text: str) -> None:
        """Let the phone play this from now on; raise NoBehaviour. Whoever says so takes
        the phone out of its cast."""
        behaviours = script(text)
        self._take_out(number)
        for kind in kinds:
            self._queues[number, kind] = behaviours

    def lend(self, cast: str, number: str, calls: str, now: float) -> None:
        """Let the phone play this for calls until the cast ends, and only receive
        messages; raise NoBehaviour."""
        self._lent[number, "calls"] = script(calls)
        self._lent[number, "messages"] = (MANUAL,)
        self._casts[number] = cast, now

    def tell(self, cast: str, words: Iterable[str]) -> None:
        """Let the cast know these words, too, as what its calls are about."""
        self._about.setdefault(cast, set()).update(words)

    def end(self, cast: str) -> list[str]:
        """Let the cast's phones play what they played before; return their numbers."""
        self._about.pop(cast, None)
        ended = [number for number, (name, _) in self._casts.items() if name == cast]
        for number in ended:
            self._take_out(number)
        return ended

    def casts(self, now: float) -> dict[str, float]:
        """Return the casts that have a phone, and for how many seconds."""
        return {name: now - since for name, since in self._casts.values()}

    def ahead(self, number: str, kind: str) -> tuple[Behaviour, ...]:
        """Return what is still to be played; never empty."""
        place = number, kind
        return self._lent.get(place) or self._queues.get(place) or self._usual(number)

    def play(self, number: str, kind: str, said: str = "") -> Behaviour:
        """Return what the next call or message meets, and go one on; ``said`` is what
        the call says and where it reports to."""
        place = number, kind
        lent = place in self._lent and self._is_of_its_cast(number, kind, said)
        ahead = self._lent if lent else self._queues
        first, *others = ahead.get(place) or self._usual(number)
        if others:
            ahead[place] = tuple(others)
        return first

    def _is_of_its_cast(self, number: str, kind: str, said: str) -> bool:
        cast, _since = self._casts[number]
        known = self._about.get(cast, set())
        return kind != "calls" or not known or any(word in said for word in known)

    def clear(self) -> None:
        """Let every phone do what it usually does."""
        self._queues.clear()
        self._lent.clear()
        self._casts.clear()
        self._about.clear()

    def _take_out(self, number: str) -> None:
        self._casts.pop(number, None)
        for kind in KINDS:
            self._lent.pop((number, kind), None)
