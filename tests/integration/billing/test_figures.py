"""Figures by month: sums that agree with the documents, as plot, table and CSV."""

import csv
import re
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.actions.collect import collect
from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.actions.review import release_hold
from billing.models import Hold
from billing.queries.figures import CAUSES, year_of_figures, years
from tests.integration.billing.door import NIGHT, an_incident, worked
from tests.integration.billing.stories import MORNING, issued
from tests.integration.billing.test_pages import signed_in, text, url

APRIL = MORNING + timedelta(days=35)


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


@pytest.fixture
def books(door, profile, accountant):
    """March: other (233.33) and infrastructure (200.00). April: application (203.33),
    and of March's first invoice the fee is credited."""
    first = issued(door, accountant.pk, "NF-1")
    issued(
        door,
        accountant.pk,
        "NF-2",
        cause="infrastructure",
        callback_reached_at=NIGHT + timedelta(minutes=20, seconds=1),
    )
    issued(
        door,
        accountant.pk,
        "NF-3",
        cause="application",
        now=APRIL,
        entries=(worked(40, 1, "application_analysis"),),
        callback_reached_at=NIGHT + timedelta(minutes=30),
    )
    made = credit_invoice(
        document_id=first.pk,
        line_ids=[first.lines.all()[0].pk],
        why="Goodwill",
        staff_id=accountant.pk,
        now=APRIL,
    )
    issue_document(document_id=made.pk, now=APRIL)


def test_a_month_is_the_sum_of_its_documents(books):
    year = year_of_figures(2026)
    march, april = year.months[2], year.months[3]
    assert (march.invoices, march.invoiced) == (2, Decimal("433.33"))
    assert (march.credit_notes, march.credited) == (0, Decimal("0.00"))
    assert dict(march.labelled) == {
        "infrastructure": Decimal("200.00"),
        "application": Decimal("0.00"),
        "other": Decimal("233.33"),
        "undetermined": Decimal("0.00"),
    }
    assert (april.invoices, april.invoiced) == (1, Decimal("203.33"))
    assert (april.credit_notes, april.credited) == (1, Decimal("200.00"))
    assert april.balance == Decimal("3.33")
    assert april.vat == Decimal("0.67")
    assert year.total.invoiced == sum(m.invoiced for m in year.months)
    assert sum(year.total.by_cause) == year.total.invoiced
    assert [m.day.month for m in year.months] == list(range(1, 13))


def test_minutes_to_the_callback_are_median_longest_and_in_time(books):
    march, april = year_of_figures(2026).months[2:4]
    # 9:00 and 20:01: the middle is 14:30.5, and a started minute counts.
    assert (march.median_minutes, march.longest_minutes) == (15, 21)
    assert (march.reached, march.in_time) == (2, 2)
    assert (april.median_minutes, april.in_time) == (30, 1)


@pytest.mark.parametrize(
    ("changes", "reached", "longest"),
    [
        ({"callback_reached_at": NIGHT + timedelta(minutes=31)}, 1, 31),
        ({"callback_reached_at": None, "callback_attempts": ()}, 0, None),
    ],
)
def test_who_was_never_reached_or_too_late_is_not_in_time(
    door, profile, accountant, changes, reached, longest
):
    door.add(an_incident("NF-1", callback_outcome="missed", **changes))
    collect(now=MORNING)
    for hold in Hold.objects.all():
        release_hold(hold_id=hold.pk, staff_id=accountant.pk, why="Seen.", now=MORNING)
    issued(door, accountant.pk, "NF-1", callback_outcome="missed", **changes)
    march = year_of_figures(2026).months[2]
    assert (march.invoices, march.reached, march.in_time) == (1, reached, 0)
    assert (march.longest_minutes, march.median_minutes) == (longest, longest)


def test_a_year_is_one_question(books):
    with CaptureQueriesContext(connection) as asked:
        year_of_figures(2026)
    assert len(asked) == 1
    assert years() == [2026]


def test_the_page_shows_plots_and_the_same_figures_as_tables(books, page):
    response = page.get(url("figures"), {"year": "2026"})
    shown = text(response)
    for figure in ("433.33", "203.33", "200.00", "636.66"):
        assert figure in shown
    markup = response.content.decode()
    plots = [
        ElementTree.fromstring(one)
        for one in re.findall(r'<svg class="plot".*?</svg>', markup, re.DOTALL)
    ]
    assert len(plots) == 3
    for plot in plots:
        assert plot.get("role") == "img"
        assert f'id="{plot.get("aria-labelledby")}"' in markup
    series = [one for one in plots[0].iter("g") if one.get("class")]
    assert [len(list(one.iter("rect"))) for one in series] == [2, 1]
    # Not by colour alone.
    fills = [rect.get("fill") for one in series for rect in one.iter("rect")]
    assert fills == ["currentColor", "currentColor", "url(#money-1)"]
    assert markup.count("<table") == 3


def test_a_year_without_anything_is_there_and_no_year_is_not(page, issuer):
    assert page.get(url("figures"), {"year": "2031"}).status_code == 200
    assert page.get(url("figures")).status_code == 200
    for wrong in ("twenty", "-1", "99999", "²"):
        assert page.get(url("figures"), {"year": wrong}).status_code == 404


def test_the_csv_says_the_same(books, page):
    response = page.get(url("figures_csv"), {"year": "2026"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="figures-2026.csv"' in response["Content-Disposition"]
    content = response.content.decode()
    assert content.startswith("\N{ZERO WIDTH NO-BREAK SPACE}month;")
    rows = list(csv.DictReader(StringIO(content[1:]), delimiter=";"))
    assert len(rows) == 12
    assert rows[2]["month"] == "2026-03"
    assert rows[2]["invoiced_net"] == "433,33"
    assert rows[3]["credited_net"] == "200,00"
    assert rows[3]["median_minutes_to_callback"] == "30"
    assert rows[0]["median_minutes_to_callback"] == ""
    total = sum(
        Decimal(row[f"invoiced_net_{cause}"].replace(",", "."))
        for row in rows
        for cause in CAUSES
    )
    assert total == Decimal("636.66")
