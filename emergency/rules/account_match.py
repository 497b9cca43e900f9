"""Which stored row a row of a list means: by external id, else by number, name or
e-mail address. What cannot be told, or may not be, is refused with a reason."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from emergency.rules.account_rows import (
    RECORDS,
    Problem,
    Reading,
    Record,
    Row,
    Value,
)

Finder = Callable[[Row], "Known | None"]
Keys = Mapping[str, int | None]


@dataclass(frozen=True, kw_only=True)
class Known:
    """A stored row. ``account`` is the key of its account; ``values`` are its columns,
    of an account with its number. ``imported``: an import may retire it."""

    key: int
    account: int
    external_id: str
    values: Mapping[str, Value]
    retired: bool = False
    imported: bool = True

    def said(self, column: str) -> str:
        """The column as it is compared."""
        return str(self.values[column] or "").casefold()


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A row and the stored row that it means, if any; ``account`` is the key of its
    account, None for a new one."""

    row: Row
    known: Known | None
    account: int | None = None


class Matching:
    """Pairs, problems, and which stored rows the list names, so that they stay."""

    def __init__(
        self, known: Mapping[Record, Sequence[Known]], readings: Sequence[Reading]
    ) -> None:
        self.known = known
        self.problems = [p for reading in readings for p in reading.problems]
        self.named: dict[Record, set[int]] = {record: set() for record in Record}
        self._rows: dict[Record, list[Row]] = {record: [] for record in Record}
        for reading in readings:
            if reading.row is not None:
                self._rows[reading.row.record].append(reading.row)
        self._keep_what_is_mentioned(readings)

    def accounts(self) -> list[Pair]:
        """The accounts of the list. A number stays whose it is."""
        known = self.known[Record.ACCOUNT]
        by_number = {one.said("number"): one for one in known}
        by_id = {one.external_id: one for one in known if one.external_id}
        good = []
        for pair in self._pairs(
            self._rows[Record.ACCOUNT],
            ident=lambda row: row.external_id,
            word=lambda row: row.account.casefold(),
            by_id=lambda row: by_id.get(row.external_id),
            by_word=lambda row: by_number.get(row.account.casefold()),
        ):
            holder = by_number.get(pair.row.account.casefold())
            if holder is None or holder == pair.known:
                good.append(pair)
            else:
                self._refuse(pair.row, "number_in_use", "account")
        return good

    def servers(self, numbers: Keys, *, retires: bool) -> list[Pair]:
        """The servers of the list. A name in service belongs to one server, also for
        the moment of the change; who is retired gives it away first."""
        known = self.known[Record.SERVER]
        by_id = {one.external_id: one for one in known if one.external_id}
        pairs = self._pairs(
            self._with_accounts(Record.SERVER, numbers),
            ident=lambda row: row.external_id,
            word=lambda row: row.name.casefold(),
            by_id=lambda row: by_id.get(row.external_id),
            by_word=_server_by_name(known, numbers),
        )
        holders = {one.said("name"): one for one in known if not one.retired}
        good = []
        for pair in pairs:
            holder = holders.get(pair.row.name.casefold())
            if (
                holder is None
                or holder == pair.known
                or (retires and holder.key not in self.named[Record.SERVER])
            ):
                good.append(_placed(pair, numbers))
            else:
                self._refuse(pair.row, "name_in_use", "name")
        return good

    def contacts(self, numbers: Keys) -> list[Pair]:
        """The contacts of the list. Who was taken off at the desk does not come back by
        a list; whoever speaks for two accounts is a contact of each."""
        known = self.known[Record.CONTACT]
        by_id = {(one.account, one.external_id): one for one in known}
        good = []
        for pair in self._pairs(
            self._with_accounts(Record.CONTACT, numbers),
            ident=lambda row: f"{row.account.casefold()}\n{row.external_id}",
            word=_contact_word,
            by_id=lambda row: by_id.get(
                (numbers[row.account.casefold()] or 0, row.external_id)
            ),
            by_word=_contact_by_word(known, numbers),
        ):
            if pair.known and pair.known.retired and not pair.known.imported:
                self._refuse(pair.row, "taken_off", "")
            else:
                good.append(_placed(pair, numbers))
        return good

    def _pairs(
        self,
        rows: Iterable[Row],
        *,
        ident: Callable[[Row], str],
        word: Callable[[Row], str],
        by_id: Finder,
        by_word: Finder,
    ) -> list[Pair]:
        """First what external ids tell, then what words tell. Whatever means the same
        as an earlier row is refused."""
        taken: dict[int, Row] = {}
        pairs, left = [], []
        for row in self._once(rows, ident, word):
            match = by_id(row) if row.external_id else None
            if match is None:
                left.append(row)
            else:
                taken[match.key] = row
                pairs.append(Pair(row=row, known=match))
        for row in left:
            match = by_word(row)
            if match is not None and match.key in taken:
                self._refuse(row, "taken", "name", other=taken[match.key].place)
                continue
            if match is not None:
                taken[match.key] = row
            pairs.append(Pair(row=row, known=match))
        for pair in pairs:
            if pair.known is not None:
                self.named[pair.row.record].add(pair.known.key)
        return pairs

    def _once(
        self,
        rows: Iterable[Row],
        ident: Callable[[Row], str],
        word: Callable[[Row], str],
    ) -> list[Row]:
        ids: dict[str, Row] = {}
        words: dict[str, Row] = {}
        once = []
        for row in rows:
            earlier = words.get(word(row))
            if row.external_id:
                earlier = ids.get(ident(row), earlier)
                ids.setdefault(ident(row), row)
            words.setdefault(word(row), row)
            if earlier is None:
                once.append(row)
            else:
                self._refuse(row, "twice", "name", other=earlier.place)
        return once

    def _with_accounts(self, record: Record, numbers: Keys) -> list[Row]:
        rows = []
        for row in self._rows[record]:
            if row.account.casefold() in numbers:
                rows.append(row)
            else:
                self._refuse(row, "unknown_account", "account")
        return rows

    def _refuse(self, row: Row, code: str, column: str, other: str = "") -> None:
        """The row is not taken, and nothing that it may mean is retired."""
        shown = {"account": row.account, "name": row.name}
        value = "" if row.record is Record.CONTACT else shown.get(column, "")
        self.problems.append(
            Problem(place=row.place, code=code, column=column, value=value, other=other)
        )
        self._keep(row.record, {row.external_id} - {""}, {row.name.casefold()})

    def _keep_what_is_mentioned(self, readings: Sequence[Reading]) -> None:
        """Accounts that any row names, and what rows seem to mean that are not good.
        Of people every contact of the account stays."""
        numbers = {one.account.casefold() for one in readings}
        for one in self.known[Record.ACCOUNT]:
            if one.said("number") in numbers:
                self.named[Record.ACCOUNT].add(one.key)
        bad = [one for one in readings if one.row is None and one.record in RECORDS]
        for record in Record:
            theirs = [one for one in bad if one.record == record]
            self._keep(
                record,
                {one.external_id for one in theirs} - {""},
                {one.name.rstrip(".").casefold() for one in theirs} - {""},
            )
        people = {one.account.casefold() for one in bad if one.record == Record.CONTACT}
        keys = {
            one.key
            for one in self.known[Record.ACCOUNT]
            if one.said("number") in people
        }
        self.named[Record.CONTACT] |= {
            one.key for one in self.known[Record.CONTACT] if one.account in keys
        }

    def _keep(self, record: Record, ids: set[str], names: set[str]) -> None:
        if not ids and not names:
            return
        self.named[record] |= {
            one.key
            for one in self.known[record]
            if one.external_id in ids
            or (record is not Record.ACCOUNT and one.said("name") in names)
        }


def _placed(pair: Pair, numbers: Keys) -> Pair:
    account = numbers[pair.row.account.casefold()]
    return Pair(row=pair.row, known=pair.known, account=account)


def _server_by_name(known: Sequence[Known], numbers: Keys) -> Finder:
    """A server is found by its name while in service; a retired one of the account
    comes back. One with another external id is another machine."""
    serving = {one.said("name"): one for one in known if not one.retired}
    retired = {(one.account, one.said("name")): one for one in known if one.retired}

    def find(row: Row) -> Known | None:
        name = row.name.casefold()
        account = numbers[row.account.casefold()] or 0
        match = serving.get(name) or retired.get((account, name))
        if match is None or not (match.external_id and row.external_id):
            return match
        return match if match.external_id == row.external_id else None

    return find


def _contact_word(row: Row) -> str:
    email = str(row.values.get("email") or "")
    return f"{row.account.casefold()}\n{(email or row.name).casefold()}"


def _contact_by_word(known: Sequence[Known], numbers: Keys) -> Finder:
    """A contact is found among those of its account by e-mail address, without one by
    name; those in service first."""
    words: dict[tuple[int, str], Known] = {}
    for one in sorted(known, key=lambda one: not one.retired):
        said = one.said("email") or one.said("name")
        if said:
            words[one.account, said] = one

    def find(row: Row) -> Known | None:
        account = numbers[row.account.casefold()] or 0
        said = str(row.values.get("email") or "") or row.name
        return words.get((account, said.casefold()))

    return find
