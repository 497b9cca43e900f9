"""Accounts, servers and contacts as the rules of an import see them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Model

from emergency.models import Account, Contact, Server, ServerAlias
from emergency.rules.account_match import Known
from emergency.rules.account_plan import Plan, plan
from emergency.rules.account_rows import Record, read_row
from emergency.rules.import_brake import stops
from emergency.sources.formats import rows_of

COLUMNS: dict[Record, tuple[str, ...]] = {
    Record.ACCOUNT: ("name", "kind", "language", "standing"),
    Record.SERVER: ("name", "address", "contract_reference", "status_components"),
    Record.CONTACT: ("name", "email", "phone_number", "language"),
}


def planned(content: bytes, *, partial: bool) -> Plan:
    """What this list would change now. Raises ListUnreadable."""
    region = settings.PHONENUMBER_DEFAULT_REGION
    readings = [read_row(raw, region=region) for raw in rows_of(content)]
    known = {
        Record.ACCOUNT: _accounts(),
        Record.SERVER: _servers(),
        Record.CONTACT: _contacts(),
    }
    return plan(readings, known, complete=not partial)


def stopped_by_brake(found: Plan) -> list[Record]:
    """The records of which too many would change at once."""
    return [
        record
        for record in Record
        if stops(
            existing=found.existing[record],
            touched=found.touched(record),
            retired=len(found.retired[record]),
            percent=settings.ACCOUNTS_IMPORT_BRAKE_PERCENT,
        )
    ]


def _rows(model: type[Model], record: Record, *more: str) -> Iterator[dict[str, Any]]:
    names = ("pk", "external_id", "retired_at", *COLUMNS[record], *more)
    return model._default_manager.order_by("pk").values(*names).iterator()


def _accounts() -> list[Known]:
    return [
        Known(
            key=row["pk"],
            account=row["pk"],
            external_id=row["external_id"],
            retired=row["retired_at"] is not None,
            values={name: row[name] for name in ("number", *COLUMNS[Record.ACCOUNT])},
        )
        for row in _rows(Account, Record.ACCOUNT, "number")
    ]


def _servers() -> list[Known]:
    aliases: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for pk, kind, value in ServerAlias.objects.values_list("server", "kind", "value"):
        aliases[pk].append((kind, value))
    return [
        Known(
            key=row["pk"],
            account=row["account"],
            external_id=row["external_id"],
            retired=row["retired_at"] is not None,
            values={
                **{name: row[name] for name in COLUMNS[Record.SERVER]},
                "status_components": tuple(row["status_components"]),
                "aliases": tuple(sorted(aliases[row["pk"]])),
            },
        )
        for row in _rows(Server, Record.SERVER, "account")
    ]


def _contacts() -> list[Known]:
    return [
        Known(
            key=row["pk"],
            account=row["account"],
            external_id=row["external_id"],
            retired=row["retired_at"] is not None,
            imported=row["imported"],
            values={name: row[name] for name in COLUMNS[Record.CONTACT]},
        )
        for row in _rows(Contact, Record.CONTACT, "account", "imported")
    ]
