"""A year by months: plots, the same figures as tables, and as CSV."""

import csv
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing import wording
from billing.queries.figures import CAUSES, Year, year_of_figures, years
from billing.rules.rounding import ZERO
from billing.views.access import LOOKERS, only

# The byte-order mark by which spreadsheets know UTF-8.
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
COLUMNS = (
    *("month", "invoices", "invoiced_net", "credit_notes", "credited_net"),
    *("net", "vat", *(f"invoiced_net_{cause}" for cause in CAUSES)),
    *("customers_reached", "reached_in_time"),
    *("median_minutes_to_callback", "longest_minutes_to_callback"),
)


@require_safe
@only(LOOKERS)
def figures(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    months = [date_format(month.day, "M") for month in year.months]
    return render(
        request,
        "billing/figures.html",
        {
            "area": "billing",
            "here": "figures",
            "year": year,
            "years": sorted({*years(), year.year}, reverse=True),
            "causes": [(code, wording.cause(code)) for code in CAUSES],
            "months": months,
            "money_groups": [(m.invoiced, m.credited) for m in year.months],
            "money_legend": (_("Invoiced"), _("Credited")),
            "cause_groups": [m.by_cause for m in year.months],
            "cause_legend": [wording.cause(code) for code in CAUSES],
            "minutes_groups": [
                (ZERO + (m.median_minutes or 0), ZERO + (m.longest_minutes or 0))
                for m in year.months
            ],
            "minutes_legend": (_("Median"), _("Longest")),
        },
    )


@require_safe
@only(LOOKERS)
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The table as CSV: UTF-8 with its mark, semicolons, decimal comma."""
    year = _year(request)
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for month in year.months:
        amounts = (month.invoiced, month.credited, month.balance, month.vat)
        invoiced, credited, net, vat = map(_comma, amounts)
        writer.writerow(
            [
                f"{month.day:%Y-%m}",
                *(month.invoices, invoiced, month.credit_notes, credited, net, vat),
                *map(_comma, month.by_cause),
                *(month.reached, month.in_time),
                "" if month.median_minutes is None else month.median_minutes,
                "" if month.longest_minutes is None else month.longest_minutes,
            ]
        )
    name = f"figures-{year.year}.csv"
    return HttpResponse(
        MARK + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _comma(amount: object) -> str:
    return str(amount).replace(".", ",")


def _year(request: HttpRequest) -> Year:
    """The year that was asked for, else this one. Raises Http404 for none."""
    asked = request.GET.get("year", "")
    if not asked:
        return year_of_figures(timezone.localdate().year)
    if not (asked.isascii() and asked.isdigit() and 1900 <= int(asked) <= 9999):
        raise Http404
    return year_of_figures(int(asked))
