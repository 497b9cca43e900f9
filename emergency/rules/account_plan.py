"""What a list of accounts, servers and contacts changes in what is stored.

What a complete list does not name is retired, never deleted. The same list twice
changes nothing the second time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from emergency.rules.account_match import Known, Matching, Pair
from emergency.rules.account_rows import RECORDS, Problem, Reading, Record, Value

DEFAULTS: dict[Record, dict[str, Value]] = {
    Record.ACCOUNT: {"kind": "unknown", "language": "de", "standing": "unknown"},
    Record.SERVER: {
        "address": None,
        "contract_reference": "",
        "status_components": (),
        "aliases": (),
    },
    Record.CONTACT: {"email": "", "phone_number": "", "language": "de"},
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """A row to write. ``key`` None is a new one; ``account`` is the number of its
    account; ``changed`` names the columns that differ. ``back``: it was retired."""

    record: Record
    place: str
    key: int | None
    account: str
    values: Mapping[str, Value]
    changed: tuple[str, ...]
    back: bool = False

    @property
    def fate(self) -> str:
        """added | back | changed."""
        if self.key is None:
            return "added"
        return "back" if self.back else "changed"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What happens. ``same`` counts rows that change nothing; ``held_back``: nothing is
    retired, because some row does not say what it is about."""

    changes: tuple[Change, ...]
    retired: Mapping[Record, tuple[Known, ...]]
    problems: tuple[Problem, ...]
    same: Mapping[Record, int]
    existing: Mapping[Record, int]
    held_back: bool

    def touched(self, record: Record) -> int:
        """How many stored rows in service change or are retired."""
        changed = sum(c.fate == "changed" for c in self.changes if c.record is record)
        return changed + len(self.retired[record])

    def counts(self) -> dict[str, dict[str, int]]:
        """Numbers by record and fate."""
        fates = Counter((change.record, change.fate) for change in self.changes)
        return {
            record.value: {
                **{fate: fates[record, fate] for fate in ("added", "changed", "back")},
                "retired": len(self.retired[record]),
                "same": self.same.get(record, 0),
            }
            for record in Record
        }

    @property
    def fingerprint(self) -> str:
        """The same text for the same plan."""
        said = [
            (c.record.value, c.key or 0, c.account, sorted(c.values.items()))
            for c in self.changes
        ]
        gone = [(r.value, [one.key for one in self.retired[r]]) for r in Record]
        refused = [(p.place, p.code) for p in self.problems]
        return sha256(repr((said, gone, refused)).encode()).hexdigest()


def plan(
    readings: Sequence[Reading],
    known: Mapping[Record, Sequence[Known]],
    *,
    complete: bool,
) -> Plan:
    """What a list that was read so does to what is known. A ``complete`` list retires
    what it does not name."""
    # Whoever cannot be told apart might be one of those that are not named.
    held_back = any(_says_nothing(one) for one in readings if one.row is None)
    retires = complete and not held_back
    matching = Matching(known, readings)
    accounts = matching.accounts()
    numbers = _numbers(accounts, known[Record.ACCOUNT])
    servers = matching.servers(numbers, retires=retires)
    contacts = matching.contacts(numbers)
    changes, same = _changes([*accounts, *servers, *contacts])
    return Plan(
        changes=tuple(changes),
        retired={
            record: tuple(_gone(matching, record) if retires else ())
            for record in Record
        },
        problems=tuple(matching.problems),
        same=same,
        existing={
            record: sum(not one.retired for one in known[record]) for record in Record
        },
        held_back=complete and held_back,
    )


def _says_nothing(reading: Reading) -> bool:
    if reading.record == Record.ACCOUNT:
        return not (reading.account or reading.external_id)
    return reading.record not in RECORDS or not (reading.name or reading.external_id)


def _numbers(pairs: Sequence[Pair], known: Sequence[Known]) -> dict[str, int | None]:
    """The key of each account of the list and each stored one in service, by number;
    None for one that is new."""
    moved = {pair.known.key for pair in pairs if pair.known is not None}
    numbers: dict[str, int | None] = {
        one.said("number"): one.key
        for one in known
        if not one.retired and one.key not in moved
    }
    for pair in pairs:
        key = pair.known.key if pair.known else None
        numbers[pair.row.account.casefold()] = key
    return numbers


def _changes(pairs: Sequence[Pair]) -> tuple[list[Change], Counter[Record]]:
    changes: list[Change] = []
    same: Counter[Record] = Counter()
    for pair in pairs:
        row, known = pair.row, pair.known
        before = _before(row.record, known)
        values = {**before, **row.values}
        values["external_id"] = row.external_id or before["external_id"]
        if row.record is Record.ACCOUNT:
            values["number"] = row.account
        changed = {n for n, value in values.items() if before.get(n) != value}
        if known and row.record is not Record.ACCOUNT and known.account != pair.account:
            changed.add("account")
        back = known is not None and known.retired
        if known is not None and not changed and not back:
            same[row.record] += 1
            continue
        changes.append(
            Change(
                record=row.record,
                place=row.place,
                key=known.key if known else None,
                account=row.account,
                values=values,
                changed=tuple(sorted(changed)),
                back=back,
            )
        )
    return changes, same


def _before(record: Record, known: Known | None) -> dict[str, Value]:
    if known is None:
        return {**DEFAULTS[record], "external_id": ""}
    return {**known.values, "external_id": known.external_id}


def _gone(matching: Matching, record: Record) -> list[Known]:
    """Those in service that the list does not name. Whoever was put on file at the desk
    stays, unless the account goes."""
    leaving = {
        one.key
        for one in matching.known[Record.ACCOUNT]
        if not one.retired and one.key not in matching.named[Record.ACCOUNT]
    }
    return [
        one
        for one in matching.known[record]
        if not one.retired
        and one.key not in matching.named[record]
        and (one.imported or one.account in leaving)
    ]
