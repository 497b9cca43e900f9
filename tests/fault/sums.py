"""The sums of one night or of many."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Verdict:
    """The sums of one night or of many. ``wrong`` has a sentence for each promise that
    was broken; empty is what we want."""

    incidents: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    duplicates: int = 0
    lost: int = 0
    worst_delay: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Verdict") -> None:
        self.incidents += other.incidents
        self.faults += other.faults
        self.pages += other.pages
        self.duplicates += other.duplicates
        self.lost += other.lost
        self.worst_delay = max(self.worst_delay, other.worst_delay)
        self.wrong += other.wrong
