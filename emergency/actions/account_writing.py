"""What a plan says becomes rows: retired first, then accounts, then what is theirs."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from emergency.models import Account, Contact, Server, ServerAlias
from emergency.queries.stored_accounts import COLUMNS
from emergency.rules.account_plan import Change, Plan
from emergency.rules.account_rows import Record

AT_ONCE = 1000
MODELS: dict[Record, type[Account] | type[Server] | type[Contact]] = {
    Record.ACCOUNT: Account,
    Record.SERVER: Server,
    Record.CONTACT: Contact,
}


def write(plan: Plan, *, now: datetime) -> None:
    """The rows are as planned. The caller holds the lock of imports, in whose
    transaction the plan was made."""
    for record, model in MODELS.items():
        gone = [one.key for one in plan.retired[record]]
        model._default_manager.filter(pk__in=gone).update(retired_at=now)
    by_record: dict[Record, list[Change]] = {record: [] for record in Record}
    for change in plan.changes:
        by_record[change.record].append(change)
    _write_accounts(by_record[Record.ACCOUNT])
    stored = Account.objects.values_list("number", "pk")
    keys = {number.casefold(): pk for number, pk in stored}
    _write_servers(by_record[Record.SERVER], keys)
    _write_contacts(by_record[Record.CONTACT], keys)


def facts_of(plan: Plan, run_id: int) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """What the audit says of it: every stored row that changed, came back or retired.
    What is new the run itself counts."""
    for change in plan.changes:
        if change.key is not None:
            account = change.record is Record.ACCOUNT
            about = f"{change.record}:{change.account if account else change.key}"
            values = {"fields": list(change.changed), "import": run_id}
            yield _area(change.record), f"{change.record}_{change.fate}", about, values
    for record, gone in plan.retired.items():
        for one in gone:
            named = one.values["number"] if record is Record.ACCOUNT else one.key
            values = {"import": run_id}
            yield _area(record), f"{record}_retired", f"{record}:{named}", values


def _area(record: Record) -> str:
    return "contact" if record is Record.CONTACT else "account"


def _values(change: Change) -> dict[str, Any]:
    names = (*COLUMNS[change.record], "external_id")
    return {name: change.values[name] for name in names}


def _write_accounts(changes: Sequence[Change]) -> None:
    rows = [
        Account(pk=change.key, number=change.account, **_values(change))
        for change in changes
    ]
    Account.objects.bulk_create([row for row in rows if row.pk is None], AT_ONCE)
    both = list(zip(rows, changes, strict=True))
    # An order locks the number of its account; only who gets another one waits for it.
    for renumbered in (False, True):
        _write_over(
            Account,
            [row for row, c in both if c.key and ("number" in c.changed) == renumbered],
            [*COLUMNS[Record.ACCOUNT], *(["number"] if renumbered else [])],
        )


def _write_servers(changes: Sequence[Change], keys: dict[str, int]) -> None:
    rows = []
    for change in changes:
        row = Server(
            pk=change.key,
            account_id=keys[change.account.casefold()],
            **_values(change),
        )
        row.status_components = list(row.status_components)
        rows.append(row)
    stored = [row for row in rows if row.pk]
    _write_over(Server, stored, [*COLUMNS[Record.SERVER], "account"])
    Server.objects.bulk_create([row for row in rows if row.pk is None], AT_ONCE)
    called = [
        (row, change)
        for row, change in zip(rows, changes, strict=True)
        if "aliases" in change.changed
    ]
    ServerAlias.objects.filter(server__in=[row.pk for row, _change in called]).delete()
    ServerAlias.objects.bulk_create(
        [
            ServerAlias(server_id=row.pk, kind=alias[0], value=alias[1])
            for row, change in called
            for alias in change.values["aliases"] or ()
        ],
        AT_ONCE,
    )


def _write_contacts(changes: Sequence[Change], keys: dict[str, int]) -> None:
    rows = [
        Contact(
            pk=change.key,
            account_id=keys[change.account.casefold()],
            imported=True,
            **_values(change),
        )
        for change in changes
    ]
    stored = [row for row in rows if row.pk]
    _write_over(Contact, stored, [*COLUMNS[Record.CONTACT], "account", "imported"])
    Contact.objects.bulk_create([row for row in rows if row.pk is None], AT_ONCE)


def _write_over(model: Any, rows: Sequence[Any], columns: Sequence[str]) -> None:
    """Rows that stand already are as these, and in service; many by one statement."""
    model._default_manager.bulk_create(
        rows,
        AT_ONCE,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[*columns, "external_id", "retired_at"],
    )
