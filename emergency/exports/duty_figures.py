"""The figures of a month as CSV for payroll: UTF-8 with BOM, semicolons, comma.

A spreadsheet takes a cell that begins with one of a few signs for a formula: names are
shielded by an apostrophe (CWE-1236).
"""

import csv
from codecs import BOM_UTF8
from datetime import timedelta
from io import StringIO

from emergency.exports.audit_csv import shielded
from emergency.queries.duty_figures import MonthFigures, PersonFigures

COLUMNS = (
    *("month", "person", "name", "planned_only"),
    *("standby_workday_hours", "standby_sunday_hours", "standby_holiday_hours"),
    *("standby_hours", "interventions"),
    *("worked_on_call_hours", "worked_besides_hours"),
    *("rests_interrupted", "rests_broken"),
)


def figures_csv(month: MonthFigures) -> bytes:
    """A heading of fixed names and a row for each person; ``person`` is their key."""
    made = StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in month.people:
        writer.writerow(_cells(month, row))
    return BOM_UTF8 + made.getvalue().encode()


def hours(length: timedelta) -> str:
    """With two places and a comma, rounded half up: minutes are hundredths and more."""
    hundredths = (length * 100 + timedelta(minutes=30)) // timedelta(hours=1)
    return f"{hundredths // 100},{hundredths % 100:02d}"


def _cells(month: MonthFigures, row: PersonFigures) -> list[str]:
    found = row.figures
    return [
        f"{month.month:%Y-%m}",
        str(row.person.pk),
        shielded(row.person.staff.full_name),
        "1" if row.left else "0",
        hours(found.workday),
        hours(found.sunday),
        hours(found.holiday),
        hours(found.on_call),
        str(found.interventions),
        hours(found.worked_on_call),
        hours(found.worked_besides),
        str(found.rests_interrupted),
        str(found.rests_broken),
    ]
