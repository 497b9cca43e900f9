"""The audit as CSV: UTF-8 with a mark, semicolons, one line for each entry."""

import csv
import io
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from emergency.queries.audit import Line

# Also in the wide forms that spreadsheets of the Far East read alike.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BEFORE = " '\t\r\n\N{NO-BREAK SPACE}"


def audit_csv(lines: Sequence[Line]) -> Iterator[str]:
    """The file, piece by piece. A cell that a spreadsheet would compute is shielded by
    an apostrophe."""
    yield "\ufeff"
    yield _row(
        [
            *(_("at"), _("who"), _("way"), _("area"), _("deed"), _("about")),
            *(_("values"), "code", "subject", "id"),
        ]
    )
    for line in lines:
        entry = line.entry
        yield _row(
            [
                entry.at.isoformat(),
                str(entry.staff or ""),
                entry.get_via_display(),
                entry.get_area_display(),
                line.text,
                line.subject,
                "; ".join(f"{name}={value}" for name, value in line.details),
                entry.code,
                entry.subject,
                str(entry.pk),
            ]
        )


def shielded(cell: str) -> str:
    """The text, never a formula (CWE-1236), whatever blanks stand before it."""
    return f"'{cell}" if cell.lstrip(BEFORE).startswith(FORMULA) else cell


def _row(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerow([shielded(cell) for cell in cells])
    return written.getvalue()
