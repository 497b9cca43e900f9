"""A list of accounts as JSON: accounts with their servers and contacts inside."""

import json
from collections.abc import Iterator
from typing import Any

from emergency.rules.account_rows import COLUMNS, RawRow
from emergency.sources.base import ListUnreadable

INSIDE = {"servers": "server", "contacts": "contact"}
Fields = dict[str, str | tuple[str, ...]]


def rows(content: bytes) -> Iterator[RawRow]:
    """The rows of the document ``{"accounts": […]}``, each account before what is its
    own."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ListUnreadable("not_utf8") from error
    except json.JSONDecodeError as error:
        raise ListUnreadable("bad_json", place=str(error.lineno)) from error
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits, or lists within lists without end.
        raise ListUnreadable("bad_json") from error
    accounts = document.get("accounts") if isinstance(document, dict) else None
    if not isinstance(accounts, list):
        raise ListUnreadable("no_accounts")
    for index, account in enumerate(accounts):
        place = f"accounts[{index}]"
        if not isinstance(account, dict):
            raise ListUnreadable("no_object", place=place)
        yield _row("account", account.get("number", ""), account, place)
        for name, record in INSIDE.items():
            yield from _inside(account, name, record, place)


def _inside(
    account: dict[str, Any], name: str, record: str, place: str
) -> Iterator[RawRow]:
    listed = account.get(name, [])
    if not isinstance(listed, list):
        raise ListUnreadable("no_list", place=f"{place}.{name}")
    for index, one in enumerate(listed):
        here = f"{place}.{name}[{index}]"
        if not isinstance(one, dict):
            raise ListUnreadable("no_object", place=here)
        yield _row(record, account.get("number", ""), one, here)


def _row(record: str, number: Any, said: dict[str, Any], place: str) -> RawRow:
    fields: Fields = {"record": record}
    damage = []
    for name, value in {"account": number, **said}.items():
        if name == "number" or (record == "account" and name in INSIDE):
            continue
        if (
            name not in COLUMNS
            or name == "record"
            or (name in said and name == "account")
        ):
            raise ListUnreadable("unknown_column", place=f"{place}.{name}")
        read = _value(value)
        if read is None:
            damage.append(("no_text", name))
        else:
            fields[name] = read
    return RawRow(place=place, fields=fields, damage=tuple(damage))


def _value(value: Any) -> str | tuple[str, ...] | None:
    """Text, a whole number, nothing, or a list of texts; None for anything else."""
    match value:
        case None:
            return ""
        case str():
            return value
        case int() if not isinstance(value, bool):
            return str(value)
        case list() if all(isinstance(part, str) for part in value):
            return tuple(value)
    return None
