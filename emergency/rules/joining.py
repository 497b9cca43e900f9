"""When a second report is about the same server, so that it joins an open incident.

Joining pages nobody anew, so it needs certainty: the same server of ours, or the same
full host name or address. A word such as "mail" is many customers' server, and counts
only from the same telephone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from emergency.rules.states import State

# Somebody is being paged, has it, or waits for the customer. Work that is finished
# would hide the new trouble.
JOINABLE_STATES = (
    State.PAGING,
    State.ACKNOWLEDGED,
    State.UNREACHED,
    State.REACHED,
)


@dataclass(frozen=True, kw_only=True)
class Named:
    """A server in a report: as typed, and the id of the one it was matched to.

    ``others`` are the words under which that one is known, as they are compared: its
    name, its address, its aliases.
    """

    typed: str
    server: int | None
    others: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What was typed, without what does not tell servers apart."""
        return normalised(self.typed)

    @property
    def key(self) -> str:
        """The same text for the same server; empty where none is named, as by "?"."""
        if self.server is not None:
            return f"server:{self.server}"
        name = self.name
        return f"name:{name}" if any(map(str.isalnum, name)) else ""

    @property
    def is_certain(self) -> bool:
        """Whether the key can mean one server only."""
        return self.server is not None or is_full_name(self.typed)


def normalised(typed: str) -> str:
    """The name without scheme, path, port, final dot and case."""
    name = typed.strip().casefold()
    _scheme, found, rest = name.partition("://")
    name = (rest if found else name).partition("/")[0]
    head, _colon, port = name.rpartition(":")
    if head and ":" not in head and port.isdigit():
        name = head
    return " ".join(name.rstrip(".").split())


def is_full_name(typed: str) -> bool:
    """Whether this reads as a host name with its domain, or as an address."""
    name = normalised(typed)
    if " " in name:
        return False
    parts = name.split(".")
    return (len(parts) > 1 and all(parts)) or name.count(":") > 1


def is_below(email: str, typed: str) -> bool:
    """Whether an e-mail address is of the server's domain or one above it, so that its
    mail may be down with the server."""
    domain = email.rpartition("@")[2].casefold()
    name = normalised(typed)
    return bool(domain) and (name == domain or name.endswith(f".{domain}"))


def joins(
    names: Iterable[Named],
    *,
    reported: Iterable[Named],
    same_number: bool,
) -> bool:
    """Whether a report of these servers is about an incident of ``reported`` ones.

    Every server must be among those: one that is not would wait for a page of its own.
    One that was reported by an alias before anybody knew it so is found by that word.
    """
    wanted, listed = list(names), list(reported)
    known = {named.key for named in listed}
    words = {one.name for one in listed if one.server is None and one.is_certain}
    return bool(wanted) and all(
        (named.key and named.key in known and (named.is_certain or same_number))
        or bool(named.others & words)
        for named in wanted
    )
