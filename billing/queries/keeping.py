"""How the books stand in the database: what the procedure document reads live."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count

from billing.models import Document, NumberSeries
from billing.rules.numbering import Number

TRIGGERS = """
SELECT c.relname, t.tgname
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relname LIKE 'billing\\_%%'
  AND c.relnamespace = current_schema()::regnamespace
ORDER BY c.relname, t.tgname
"""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One series of numbers. ``complete``: as many documents as numbers were given."""

    kind: str
    year: int
    last: int
    last_date: date | None
    documents: int

    @property
    def complete(self) -> bool:
        return self.documents == self.last

    @property
    def last_number(self) -> str:
        return str(Number(self.kind, self.year, self.last))


def series() -> list[Series]:
    """Every series with the documents that are there, in two queries."""
    counted = {
        (row["kind"], row["issue_date__year"]): row["count"]
        for row in Document.objects.filter(number__isnull=False)
        .order_by()
        .values("kind", "issue_date__year")
        .annotate(count=Count("pk"))
    }
    return [
        Series(
            kind=one.kind,
            year=one.year,
            last=one.last,
            last_date=one.last_date,
            documents=counted.get((one.kind, one.year), 0),
        )
        for one in NumberSeries.objects.order_by("year", "kind")
    ]


def triggers() -> list[tuple[str, str]]:
    """Table and name of every trigger of billing that is switched on in this
    database."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        return [(str(table), str(name)) for table, name in cursor.fetchall()]


def database_version() -> str:
    """The release of the server, such as 18.1."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def last_migration() -> tuple[str, datetime] | None:
    """The newest change of billing's tables and when it was made here."""
    applied = MigrationRecorder.Migration.objects.filter(app="billing")
    newest = applied.order_by("-name").first()
    return (newest.name, newest.applied) if newest else None


def staff_by_role() -> list[tuple[str, str, int]]:
    """Code and name of each role, and how many people may sign in with it."""
    staff = get_user_model()
    names: Iterable[tuple[str, str]] = staff._meta.get_field("role").flatchoices
    counted = dict(
        staff._default_manager.filter(is_active=True)
        .order_by()
        .values_list("role")
        .annotate(count=Count("pk"))
    )
    return [(code, str(name), counted.get(code, 0)) for code, name in names]
