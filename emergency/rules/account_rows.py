"""One row of a list of accounts and servers: what it says, or why it is not taken.

The columns and their meaning stand in docs/accounts-import.md. A column that is not
there leaves what is stored; an empty one empties it where that is possible.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from ipaddress import ip_address

from emergency.rules.phone_number import NumberRefused, callback_number
from emergency.rules.server_alias import LONGEST_ALIAS, alias_of

Value = str | tuple[str, ...] | tuple[tuple[str, str], ...] | None


class Record(StrEnum):
    """What a row is about."""

    ACCOUNT = "account"
    SERVER = "server"
    CONTACT = "contact"


RECORDS = frozenset(record.value for record in Record)
COLUMNS = (
    *("record", "account", "external_id", "name", "kind", "language", "standing"),
    *("address", "aliases", "contract", "components", "email", "phone"),
)
KINDS = ("business", "consumer", "unknown")
STANDINGS = ("good", "overdue", "held", "unknown")
LANGUAGES = ("de", "en")
LONGEST_NAME = {Record.ACCOUNT: 200, Record.SERVER: 253, Record.CONTACT: 120}
LONGEST_ID, LONGEST_EMAIL, MOST_ALIASES = 64, 254, 100
# It stands in addresses of pages; "import" is a page itself.
_NUMBER = re.compile(r"(?!import$)[A-Za-z0-9][A-Za-z0-9._-]{0,31}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")


@dataclass(frozen=True, kw_only=True)
class RawRow:
    """A row as read from a file. ``place`` says where it stands: a line, or a path as
    accounts[3].servers[0]. A column that is not there is not in ``fields``.
    ``damage``: why it cannot be a row, as codes with their columns."""

    place: str
    fields: Mapping[str, str | tuple[str, ...]]
    damage: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a row was not taken. ``value`` is what stands there; never of a person."""

    place: str
    code: str
    column: str = ""
    value: str = ""
    other: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A good row. ``values`` are the columns of the table that it gives."""

    record: Record
    place: str
    account: str
    external_id: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name, which every row gives."""
        return str(self.values["name"])


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A row that was read: the row, or its problems and what it seems to be about."""

    place: str
    row: Row | None = None
    problems: tuple[Problem, ...] = ()
    record: str = ""
    account: str = ""
    external_id: str = ""
    name: str = ""


class _Bad(Exception):
    def __init__(self, code: str, column: str, value: str = "") -> None:
        super().__init__(code)
        self.code, self.column, self.value = code, column, value


def read_row(raw: RawRow, *, region: str) -> Reading:
    """The row as it will be stored; numbers are read as dialled in ``region``."""
    record = _text(raw, "record").lower()
    number, name = _text(raw, "account"), _text(raw, "name")
    external_id = _text(raw, "external_id")
    about = Reading(
        place=raw.place,
        record=record,
        account=number,
        external_id=external_id,
        name=name,
    )
    damage = raw.damage or (
        () if record in RECORDS else (("unknown_record", "record"),)
    )
    if damage:
        problems = tuple(
            Problem(place=raw.place, code=code, column=column)
            for code, column in damage
        )
        return replace(about, problems=problems)
    kind = Record(record)
    values: dict[str, Value] = {}
    found: list[Problem] = []
    for read in (_common, _BY_RECORD[kind]):
        for column, take in read(raw, kind, region):
            try:
                values[column] = take()
            except _Bad as bad_value:
                found.append(_problem(raw, kind, bad_value))
    found += _no_way(raw, kind, values, found)
    if found:
        return replace(about, problems=tuple(found))
    row = Row(
        record=kind,
        place=raw.place,
        account=str(values.pop("account")),
        external_id=str(values.pop("external_id")),
        values=values,
    )
    return replace(about, row=row)


_Take = tuple[str, Callable[[], Value]]


def _common(raw: RawRow, kind: Record, region: str) -> Iterator[_Take]:
    yield "account", lambda: _number(raw)
    yield "external_id", lambda: _plain(raw, "external_id", LONGEST_ID)
    yield "name", lambda: _name(raw, kind)


def _of_account(raw: RawRow, kind: Record, region: str) -> Iterator[_Take]:
    for column, known in (
        ("kind", KINDS),
        ("language", LANGUAGES),
        ("standing", STANDINGS),
    ):
        if _text(raw, column):
            yield column, _choice(raw, column, known)


def _of_server(raw: RawRow, kind: Record, region: str) -> Iterator[_Take]:
    if "address" in raw.fields:
        yield "address", lambda: _address(raw)
    if "contract" in raw.fields:
        yield "contract_reference", lambda: _plain(raw, "contract", LONGEST_ID)
    if "components" in raw.fields:
        yield "status_components", lambda: _listed(raw, "components")
    if "aliases" in raw.fields:
        yield "aliases", lambda: _aliases(raw)


def _of_contact(raw: RawRow, kind: Record, region: str) -> Iterator[_Take]:
    if _text(raw, "language"):
        yield "language", _choice(raw, "language", LANGUAGES)
    if "email" in raw.fields:
        yield "email", lambda: _email(raw)
    if "phone" in raw.fields:
        yield "phone_number", lambda: _phone(raw, region)


_BY_RECORD = {
    Record.ACCOUNT: _of_account,
    Record.SERVER: _of_server,
    Record.CONTACT: _of_contact,
}


def _no_way(
    raw: RawRow, kind: Record, values: Mapping[str, Value], found: list[Problem]
) -> list[Problem]:
    """A contact that nobody can write to or call is none."""
    if kind is not Record.CONTACT or found:
        return []
    if values.get("email") or values.get("phone_number"):
        return []
    return [Problem(place=raw.place, code="no_way_to_contact", column="email")]


def _problem(raw: RawRow, kind: Record, bad: _Bad) -> Problem:
    # Of people only the place is told: problems are kept longer than the file.
    value = "" if kind is Record.CONTACT else _visible(bad.value[:80])
    return Problem(place=raw.place, code=bad.code, column=bad.column, value=value)


def _visible(value: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in value)


def _text(raw: RawRow, column: str) -> str:
    value = raw.fields.get(column, "")
    return " ".join(value.split()) if isinstance(value, str) else "; ".join(value)


def _listed(raw: RawRow, column: str) -> tuple[str, ...]:
    value = raw.fields.get(column, ())
    parts = value.split(";") if isinstance(value, str) else value
    cleaned = (" ".join(part.split()) for part in parts)
    kept = tuple(dict.fromkeys(part for part in cleaned if part))
    if len(kept) > MOST_ALIASES:
        raise _Bad("too_many", column)
    for part in kept:
        _refuse_signs(part, column, LONGEST_ALIAS)
    return kept


def _refuse_signs(value: str, column: str, longest: int) -> None:
    if len(value) > longest:
        raise _Bad("too_long", column, value)
    if not value.isprintable():
        raise _Bad("signs", column)


def _plain(raw: RawRow, column: str, longest: int) -> str:
    value = _text(raw, column)
    _refuse_signs(value, column, longest)
    return value


def _number(raw: RawRow) -> str:
    value = _text(raw, "account")
    if not value:
        raise _Bad("missing", "account")
    if not _NUMBER.fullmatch(value):
        raise _Bad("bad_account", "account", value)
    return value


def _name(raw: RawRow, kind: Record) -> str:
    value = _plain(raw, "name", LONGEST_NAME[kind])
    if kind is Record.SERVER:
        value = value.rstrip(".")
    if not value:
        raise _Bad("missing", "name")
    return value


def _choice(raw: RawRow, column: str, known: tuple[str, ...]) -> Callable[[], str]:
    def take() -> str:
        value = _text(raw, column).lower()
        if value not in known:
            raise _Bad("unknown_word", column, value)
        return value

    return take


def _address(raw: RawRow) -> str | None:
    value = _text(raw, "address")
    if not value:
        return None
    try:
        return str(ip_address(value.strip("[]")))
    except ValueError as error:
        raise _Bad("bad_address", "address", value) from error


def _aliases(raw: RawRow) -> tuple[tuple[str, str], ...]:
    found = []
    for typed in _listed(raw, "aliases"):
        try:
            found.append(alias_of(typed))
        except ValueError as error:
            raise _Bad("bad_alias", "aliases", typed) from error
    return tuple(sorted(set(found)))


def _email(raw: RawRow) -> str:
    value = _plain(raw, "email", LONGEST_EMAIL)
    if value and not _EMAIL.fullmatch(value):
        raise _Bad("bad_email", "email")
    return value


def _phone(raw: RawRow, region: str) -> str:
    value = _text(raw, "phone")
    if not value:
        return ""
    try:
        return callback_number(value, region=region).e164
    except NumberRefused as error:
        raise _Bad("bad_phone", "phone") from error
