"""From ended incidents to drafts: one run of collecting over very many.

The floor reads the same incidents in the same batches and writes the rows of each draft
with statements that are known beforehand, one transaction each: the least that a run
can do which loses nothing when it is stopped half way.
"""

import time
from collections import Counter
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from billing.actions.collect import AT_ONCE, Outcome, collect
from billing.models import BillingProfile, Document
from emergency import billable
from emergency.models import (
    CallbackAttempt,
    Consent,
    Incident,
    Report,
    ReportServer,
    TimeEntry,
)
from tests.bench.table import Row

FLOOR_INCIDENTS = 200
# What one incident may cost; a month of a large hoster is a few hundred.
MOST_MILLISECONDS = 15.0
MOST_QUERIES = 14.0
MOST_TIMES_THE_FLOOR = 3.0
# The copies lie apart, so that no technician works on two at once.
APART = timedelta(hours=3)
# Before anything that the demo knows of.
LONG_AGO = timedelta(days=400)


def measure(count: int) -> list[Row]:
    """Milliseconds and statements for each incident, and whether nothing is doubled."""
    # What the demo left behind is collected beforehand.
    collect(now=timezone.now())
    pattern = _pattern()
    _grow(pattern, count)
    asked = Counter[str]()

    def watch(execute, sql, params, many, context):
        asked["queries"] += 1
        return execute(sql, params, many, context)

    began = time.perf_counter()
    with connection.execute_wrapper(watch):
        done = collect(now=timezone.now())
    seconds = time.perf_counter() - began
    again = collect(now=timezone.now())
    if done[Outcome.MADE] != count or again[Outcome.MADE]:
        raise SystemExit(f"{count} incidents became {done}, then {again}")
    floor = _floor(pattern, min(count, FLOOR_INCIDENTS))
    return [
        Row(
            "one incident to its draft",
            seconds * 1000 / count,
            floor,
            ratio_at_most=MOST_TIMES_THE_FLOOR,
        ),
        Row(
            "one incident to its draft",
            seconds * 1000 / count,
            0,
            at_most=MOST_MILLISECONDS,
        ),
        Row(
            "statements for each incident",
            asked["queries"] / count,
            0,
            unit="",
            at_most=MOST_QUERIES,
        ),
        Row("the whole run", seconds, 0, unit="s"),
    ]


def _pattern() -> Incident:
    """An incident that ended, was worked on and whose account is complete."""
    complete = BillingProfile.objects.exclude(country="")
    found = (
        Incident.objects.filter(
            documents__kind="invoice",
            time_entries__isnull=False,
            callback_attempts__isnull=False,
            account__number__in=list(complete.values_list("account_number", flat=True)),
            merged_into__isnull=True,
        )
        .order_by("-closed_at", "pk")
        .first()
    )
    if found is None:
        raise SystemExit("the demo has no invoice to copy")
    return found


def _grow(pattern: Incident, count: int) -> None:
    """So many copies of the incident with all that billing reads, by the server."""
    _copy(
        Incident,
        f"id = {pattern.pk}",
        count,
        reference="'D-' || copy.number",
        billed_at="NULL",
        billing_frozen_at="NULL",
    )
    report = pattern.reports.order_by("pk").first()
    assert report is not None
    _copy(
        Report,
        f"id = {report.pk}",
        count,
        incident_id=_id_of("emergency_incident", "reference", "'D-' || copy.number"),
        order_key="'D-' || copy.number",
        token_hash="'D-' || copy.number",
    )
    new_report = _id_of("emergency_report", "order_key", "'D-' || copy.number")
    _copy(Consent, f"report_id = {report.pk}", count, report_id=new_report)
    _copy(ReportServer, f"report_id = {report.pk}", count, report_id=new_report)
    for part in (CallbackAttempt, TimeEntry):
        _copy(
            part,
            f"incident_id = {pattern.pk}",
            count,
            incident_id=_id_of(
                "emergency_incident", "reference", "'D-' || copy.number"
            ),
        )
    with connection.cursor() as cursor:
        for table in ("incident", "report", "consent", "reportserver", "timeentry"):
            cursor.execute(f"VACUUM ANALYZE emergency_{table}")


def _id_of(table: str, column: str, value: str) -> str:
    return f"(SELECT id FROM {table} AS made WHERE made.{column} = {value})"


def _copy(model: type, where: str, count: int, **changes: str) -> None:
    """The rows ``count`` times, each further in the past than the one before."""
    table = model._meta.db_table  # type: ignore[attr-defined]
    fields = model._meta.concrete_fields  # type: ignore[attr-defined]
    back = (
        f"interval '{LONG_AGO.days} days'"
        f" - copy.number * interval '{int(APART.total_seconds())} seconds'"
    )
    names, values = [], []
    for one in fields:
        if one.primary_key or one.generated:
            continue
        names.append(f'"{one.column}"')
        shifted = one.get_internal_type() == "DateTimeField"
        own = f'{table}."{one.column}"'
        values.append(changes.get(one.column, f"{own} - {back}" if shifted else own))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"
            f" FROM {table}, generate_series(1, %s) AS copy (number) WHERE {where}",
            [count],
        )


def _floor(pattern: Incident, count: int) -> float:
    """Milliseconds for each of so many drafts written again under other names."""
    references = list(
        Incident.objects.filter(reference__startswith="D-").values_list(
            "reference", flat=True
        )[:count]
    )
    began = time.perf_counter()
    for start in range(0, len(references), AT_ONCE):
        some = references[start : start + AT_ONCE]
        billable.works(some)
        for reference in some:
            with transaction.atomic():
                _write_again(reference)
    return (time.perf_counter() - began) * 1000 / count


def _write_again(reference: str) -> None:
    made = Document.objects.values_list("pk", flat=True).get(
        incident_reference=reference
    )
    with connection.cursor() as cursor:
        copy = _clone(
            cursor, "billing_document", f"id = {made}", incident_reference="%s"
        )
        cursor.execute(copy + " RETURNING id", [f"F{reference}"])
        (new,) = cursor.fetchone()
        for part in ("documentline", "documenttax", "hold", "documentstep"):
            cursor.execute(
                _clone(
                    cursor,
                    f"billing_{part}",
                    f"document_id = {made}",
                    document_id=str(new),
                )
            )


_columns: dict[str, list[str]] = {}


def _clone(cursor, table: str, where: str, **changes: str) -> str:
    if table not in _columns:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")
        _columns[table] = [c.name for c in cursor.description if c.name != "id"]
    names = _columns[table]
    values = ", ".join(changes.get(name, f'"{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} WHERE {where}"
