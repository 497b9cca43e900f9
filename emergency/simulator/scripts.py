"""What each phone plays: a queue of behaviours whose last one stays."""

from emergency.simulator.behaviours import MANUAL, Behaviour, script

KINDS = ("calls", "messages")


class Scripts:
    """One queue per phone for calls and one for messages.

    The n-th call meets the n-th behaviour, whatever messages come between, and the
    other way round. The caller holds the network's lock.
    """

    def __init__(self) -> None:
        self._queues: dict[tuple[str, str], list[Behaviour]] = {}

    def write(self, number: str, kinds: tuple[str, ...], text: str) -> None:
        """Let the phone play this from now on; raise ValueError."""
        behaviours = script(text)
        for kind in kinds:
            self._queues[number, kind] = list(behaviours)

    def ahead(self, number: str, kind: str) -> tuple[Behaviour, ...]:
        """Return what is still to be played; never empty."""
        return tuple(self._queues.get((number, kind)) or [MANUAL])

    def play(self, number: str, kind: str) -> Behaviour:
        """Return what the next call or message meets, and go one on."""
        queue = self._queues.get((number, kind)) or [MANUAL]
        return queue.pop(0) if len(queue) > 1 else queue[0]

    def clear(self) -> None:
        """Let every phone wait for a person again."""
        self._queues.clear()
