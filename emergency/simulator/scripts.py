"""What each phone plays: a queue of behaviours whose last one stays."""

from collections.abc import Callable

from emergency.simulator.behaviours import Behaviour, script

KINDS = ("calls", "messages")


class Scripts:
    """One queue per phone for calls and one for messages.

    The n-th call meets the n-th behaviour, whatever messages come between, and the
    other way round. `usual` is what a phone plays that was told nothing. The caller
    holds the network's lock.
    """

    def __init__(self, usual: Callable[[str], tuple[Behaviour, ...]]) -> None:
        self._usual = usual
        self._queues: dict[tuple[str, str], tuple[Behaviour, ...]] = {}

    def write(self, number: str, kinds: tuple[str, ...], text: str) -> None:
        """Let the phone play this from now on; raise NoBehaviour."""
        behaviours = script(text)
        for kind in kinds:
            self._queues[number, kind] = behaviours

    def ahead(self, number: str, kind: str) -> tuple[Behaviour, ...]:
        """Return what is still to be played; never empty."""
        return self._queues.get((number, kind)) or self._usual(number)

    def play(self, number: str, kind: str) -> Behaviour:
        """Return what the next call or message meets, and go one on."""
        first, *others = self.ahead(number, kind)
        if others:
            self._queues[number, kind] = tuple(others)
        return first

    def clear(self) -> None:
        """Let every phone do what it usually does."""
        self._queues.clear()
