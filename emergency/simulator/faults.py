"""Trouble of a whole network, made to order: always the same for the same orders."""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

NETWORKS = ("twilio", "gateway", "push")
# Before a network has accepted a request, and after.
BEFORE = frozenset({"gone", "timeout_before", "throttled", "error", "error_page"})
UNANSWERED = frozenset({"timeout_after", "reset_after"})
AFTER = UNANSWERED | {"slow", "early"}
CALLBACKS = frozenset({"lost", "doubled", "reordered", "late"})
# The port itself, with everything behind it.
CLOSED = "closed"
SECONDS = {
    "timeout_before": 30.0,
    "timeout_after": 30.0,
    "throttled": 1.0,
    "slow": 3.0,
    "early": 5.0,
    CLOSED: 3.0,
    "reordered": 1.0,
    "late": 3.0,
}
KINDS = (
    *("gone", "timeout_before", "timeout_after", "reset_after", "throttled"),
    *("error", "error_page", "slow", "early", "lost", "doubled", "reordered", "late"),
    CLOSED,
)


@dataclass
class Fault:
    """One kind of trouble on one network.

    `only` (calls, messages) and `method` narrow it down; empty means any. `count` is
    how many times it still happens; None until it is cleared. With a `share` it meets
    that share of what fits, chosen by `seed`. `seconds` is the length of the wait, or
    what Retry-After says; `status` the HTTP status of an error.
    """

    kind: str
    network: str = "twilio"
    only: str = ""
    method: str = ""
    count: int | None = None
    share: float = 1.0
    seed: int = 0
    seconds: float = 0.0
    status: int = 503
    number: int = 0
    met: int = 0
    cleared: bool = False
    dice: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self.seconds = self.seconds or SECONDS.get(self.kind, 0.0)
        self.dice = random.Random(self.seed)  # noqa: S311 - repeatable on purpose

    @property
    def active(self) -> bool:
        """True while it can still happen."""
        return not self.cleared and self.count != 0

    def fits(self, network: str, what: str, method: str) -> bool:
        """True when it may meet such a request or report."""
        return (
            self.active
            and self.network == network
            and self.only in ("", what)
            and self.method in ("", method)
        )

    def strikes(self) -> bool:
        """Roll the dice once; True when it happens, and is counted."""
        if self.share < 1 and self.dice.random() >= self.share:
            return False
        self.met += 1
        if self.count is not None:
            self.count -= 1
        return True

    def state(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "id": self.number,
            "kind": self.kind,
            "network": self.network,
            "only": self.only,
            "method": self.method,
            "left": self.count,
            "share": self.share,
            "seed": self.seed,
            "seconds": self.seconds,
            "status": self.status,
            "met": self.met,
            "active": self.active,
        }


class Faults:
    """All trouble of all networks; the oldest that fits happens."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._numbers = count(1)
        self._all: list[Fault] = []

    def all(self) -> list[Fault]:
        """Return every fault since the last reset, those that are over too."""
        with self._changed:
            return list(self._all)

    def add(self, fault: Fault) -> Fault:
        """Let it happen from now on."""
        with self._changed:
            fault.number = next(self._numbers)
            self._all.append(fault)
        return fault

    def clear(self, *, network: str = "", number: int | None = None) -> int:
        """End all trouble, or that of one network, or one fault; return how many.

        Whoever waits because of it waits no longer.
        """
        with self._changed:
            ended = [
                fault
                for fault in self._all
                if network in ("", fault.network) and number in (None, fault.number)
            ]
            for fault in ended:
                fault.cleared = True
                self._all.remove(fault)
            self._changed.notify_all()
            return len(ended)

    def of_request(self, network: str, what: str, method: str) -> Fault | None:
        """Return the trouble this request meets, if any; it is counted."""
        # Only what is accepted can be lost, or overtaken, after it was accepted.
        kinds = BEFORE | (AFTER if method == "POST" else {"slow"})
        return self._of(kinds, network, what, method)

    def of_report(self, network: str, what: str) -> Fault | None:
        """Return the trouble this status report meets, if any; it is counted."""
        return self._of(CALLBACKS, network, what, "")

    def _of(
        self, kinds: frozenset[str], network: str, what: str, method: str
    ) -> Fault | None:
        with self._changed:
            for fault in self._all:
                if (
                    fault.kind in kinds
                    and fault.fits(network, what, method)
                    and fault.strikes()
                ):
                    return fault
        return None


def ordered(form: Mapping[str, str]) -> Fault:
    """Return the fault that a form describes; raise ValueError saying what is wrong."""
    known = {"kind", "network", "only", "method", "count", "share", "seed", "seconds"}
    for name in form:
        if name not in known | {"status"}:
            raise ValueError(f"{name!r} is no field of a fault")
    given = {name: value.strip() for name, value in form.items() if value.strip()}
    kind = _one_of("kind", given.get("kind", ""), KINDS)
    method = given.get("method", "").upper()
    return Fault(
        kind=kind,
        network=_one_of("network", given.get("network", "twilio"), NETWORKS),
        only=_one_of("only", given.get("only", ""), ("", "calls", "messages")),
        method=_one_of("method", method, ("", "GET", "POST")),
        count=int(_number(given, "count", 1, 1_000_000)) if "count" in given else None,
        share=_number(given, "share", 0, 1, 1.0),
        seed=int(_number(given, "seed", 0, 2**53)),
        seconds=_number(given, "seconds", 0, 3600),
        status=int(_number(given, "status", 500, 599, 503)),
    )


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        names = ", ".join(filter(None, known))
        raise ValueError(f"{name} is one of {names}, not {value!r}")
    return value


def _number(
    given: Mapping[str, str],
    name: str,
    least: float,
    most: float,
    default: float = 0.0,
) -> float:
    text = given.get(name)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise ValueError(f"{name} is {least} to {most}, not {text!r}")
    return number
