"""Bookings for DATEV: header, columns, quotation marks, amounts."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import datev
from billing.rules.bookkeeping import Problem, TaxCode
from billing.rules.export_text import SEPARATOR
from billing.rules.tax import Category
from billing.rules.windows_1252 import fitted_document
from tests.unit.billing.bookings import TWENTY, books, credit_note, document, tax
from tests.unit.billing.datev_forms import FORMS, HEADER_FORMS

pytestmark = pytest.mark.no_servers

# DATEV's own sample of a header, with the fields that are empty or ours.
SAMPLE = (
    '"EXTF";700;21;"Buchungsstapel";13;20240130140440439;;"RE";"";"";29098;55003;'
    '20240101;4;20240101;20240831;"Buchungsstapel";"WD";1;0;0;"EUR";;"";;;"03";;;"";""'
    "\r\n"
)


def header(first=date(2024, 1, 30), last=date(2024, 8, 1), **settings):
    chosen = {
        "datev_label": "Buchungsstapel",
        "datev_initials": "WD",
        "datev_chart": "03",
        **settings,
    }
    return datev.header(
        books(**chosen),
        first=first,
        last=last,
        currency="EUR",
        made_at=datetime(2024, 1, 30, 14, 4, 40, 439000, UTC),
    )


def fields_of(line):
    """The raw fields of a line, quotation marks and all."""
    assert line.endswith("\r\n")
    return re.findall(r'("(?:[^"]|"")*"|[^;"]*)(?:;|\r\n)', line)


def booked(what=None, **settings):
    """The only booking as raw fields, counted from 1."""
    (row,) = datev.rows(what or document(), books(**settings))
    return dict(enumerate(fields_of(datev.row_line(row)), start=1))


def test_the_header_is_datevs_own_sample():
    assert header() == SAMPLE
    assert len(fields_of(header())) == 31


def test_a_label_that_is_not_set_is_still_a_label():
    assert '"Ausgangsrechnungen"' in header(datev_label="")


def test_bookings_may_be_locked():
    assert ';1;0;1;"EUR"' in header(datev_locked=True)
    assert booked(datev_locked=True)[114] == "1"
    assert booked()[114] == "0"


@pytest.mark.parametrize(
    ("begins", "first", "start"),
    [(1, date(2026, 3, 4), "20260101"), (7, date(2026, 3, 4), "20250701")],
)
def test_the_fiscal_year_begins_when_it_does(begins, first, start):
    written = fields_of(header(first, first, datev_year_begins=begins))
    assert written[12] == start
    assert written[14:16] == ["20260301", "20260331"]


def test_a_batch_has_one_fiscal_year():
    with pytest.raises(Problem, match="two_fiscal_years"):
        header(date(2025, 12, 31), date(2026, 1, 1))
    assert header(date(2025, 12, 31), date(2026, 1, 1), datev_year_begins=7)


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        ({"datev_consultant": None}, "datev_consultant_missing"),
        ({"datev_consultant": 1000}, "datev_consultant_missing"),
        ({"datev_client": None}, "datev_client_missing"),
    ],
)
def test_whose_books_they_are_must_be_known(chosen, problem):
    with pytest.raises(Problem, match=problem):
        header(**chosen)
    assert ";1001;55003;" in header(datev_consultant=1001)


def test_there_are_125_columns_with_names_that_differ():
    names = datev.column_line().removesuffix("\r\n").split(SEPARATOR)
    assert len(names) == len(set(names)) == 125
    at = {
        1: "Umsatz (ohne Soll/Haben-Kz)",
        7: "Konto",
        9: "BU-Schlüssel",
        14: "Buchungstext",
        20: "Beleglink",
        36: "Beleginfo - Inhalt 8",
        37: "KOST1 - Kostenstelle",
        40: "EU-Land u. UStID (Bestimmung)",
        87: "Zusatzinformation- Inhalt 20",
        95: "Auftragsnummer",
        103: "Buchungs GUID",
        114: "Festschreibung",
        115: "Leistungsdatum",
        118: "Generalumkehr (GU)",
        125: "Abw. Skontokonto",
    }
    assert {n: names[n - 1] for n in at} == at


QUOTED = {
    *(2, 3, 6, 9, 11, 12, 14, 16, 40, 42, 91, 95, 96, 98, 102, 103, 105, 107, 109),
    *(110, 112, 118, 120, 121, 123, *range(20, 39), *range(48, 88)),
}


def test_text_is_quoted_even_when_empty_and_nothing_else_is():
    row = booked()
    assert len(row) == 125
    assert {n for n, raw in row.items() if raw.startswith('"')} == QUOTED
    assert row[6] == '""'
    assert row[4] == ""


def test_an_invoice_is_a_debit_of_the_customer():
    row = booked()
    assert {n: raw for n, raw in row.items() if raw not in ("", '""')} == {
        1: "244,00",
        2: '"S"',
        3: '"EUR"',
        7: "11001",
        8: "4400",
        9: '"0003"',
        10: "0403",
        11: '"RE-2026-00001"',
        12: '"180326"',
        14: '"Bäckerei Sonne GmbH"',
        95: '"NF-7K2M"',
        114: "0",
        115: "04032026",
        116: "04032026",
        117: "18032026",
    }


@pytest.mark.parametrize(
    ("supplied", "issued", "category", "period"),
    [
        (date(2026, 3, 4), date(2026, 3, 31), Category.STANDARD, "04032026"),
        (date(2026, 3, 31), date(2026, 4, 1), Category.STANDARD, "01042026"),
        # Later than the month after it changes nothing any more.
        (date(2026, 1, 31), date(2026, 6, 9), Category.STANDARD, "28022026"),
        (date(2025, 12, 31), date(2026, 2, 1), Category.STANDARD, "31012026"),
        (date(2026, 3, 31), date(2026, 4, 1), Category.REVERSE_CHARGE, "31032026"),
        (date(2026, 3, 31), date(2026, 4, 1), Category.OUTSIDE_SCOPE, "31032026"),
    ],
)
def test_the_tax_belongs_to_the_month_of_the_supply_or_the_one_after(
    supplied, issued, category, period
):
    rate = Decimal(20) if category is Category.STANDARD else None
    what = document(
        supply_from=supplied,
        supply_to=supplied,
        issue_date=issued,
        taxes=(tax("203.33", "0.00", category=category, rate=rate),),
    )
    codes = {**books().tax_codes, (category, None): TaxCode(datev_account="4336")}
    row = booked(what, tax_codes=codes)
    assert (row[115], row[116]) == (f"{supplied:%d%m%Y}", period)


def test_a_correction_belongs_to_the_month_in_which_it_was_made():
    assert booked(credit_note(issue_date=date(2026, 7, 1)))[116] == "01072026"


@pytest.mark.parametrize(
    ("what", "chosen"),
    [
        (document(), {}),
        (credit_note(), {"datev_locked": True}),
        (document(name='"Sonne"\r\n; ' * 20, reference="NF-" + "9" * 60), {}),
        (document(name="=1+1", due_date=date(2099, 12, 31)), {"datev_chart": ""}),
        (document(), {"datev_label": "Notfälle 2026/Łódź", "datev_chart": "0304"}),
        (document(), {"datev_account_length": 8, "debtor_offset": 10**8}),
    ],
)
def test_every_field_has_the_form_that_datev_describes(what, chosen):
    line = header(**chosen)
    line.encode("cp1252")
    raw = dict(enumerate(fields_of(line), start=1))
    row = booked(fitted_document(what)[0], **chosen)
    for fields, forms in ((raw, HEADER_FORMS), (row, FORMS)):
        for number, text in fields.items():
            form = forms.get(number, '(|"")')
            assert re.fullmatch(form, text), (number, text)


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        ({"datev_label": "Rechnungen (März)"}, "datev_label_unclear"),
        ({"datev_label": "株式会社"}, "datev_label_unclear"),
        ({"datev_chart": "123"}, "datev_chart_unclear"),
    ],
)
def test_a_header_that_datev_would_refuse_is_not_written(chosen, problem):
    with pytest.raises(Problem, match=problem):
        header(**chosen)


def test_a_credit_note_is_a_credit_with_a_positive_amount():
    row = booked(credit_note())
    assert (row[1], row[2], row[12], row[117]) == ("244,00", '"H"', '""', "")
    assert (row[48], row[49]) == ('"Korrigiert"', '"RE-2026-00001"')


def test_reverse_charge_names_the_customers_vat_id():
    foreign = document(
        vat_id="DE136695976",
        taxes=(
            tax("200.00", "0.00", category=Category.REVERSE_CHARGE, rate=Decimal(0)),
        ),
    )
    codes = {(Category.REVERSE_CHARGE, None): TaxCode(datev_account="4336")}
    row = booked(foreign, tax_codes=codes)
    assert (row[1], row[8], row[9], row[40]) == (
        *("200,00", "4336"),
        *('""', '"DE136695976"'),
    )


def test_nothing_is_booked_about_nothing():
    assert list(datev.rows(document(taxes=(tax("0.00", "0.00"),)), books())) == []


@pytest.mark.parametrize(
    ("changes", "chosen", "problem"),
    [
        ({}, {"datev_account_length": 5}, "debtor_account_length"),
        ({}, {"debtor_offset": 0}, "debtor_account_length"),
        ({}, {"tax_codes": {}}, "datev_account_missing: S 20"),
        (
            {},
            {"tax_codes": {TWENTY: TaxCode(datev_account="44000")}},
            "datev_account_length",
        ),
        (
            {},
            {"tax_codes": {TWENTY: TaxCode(datev_account="4400", datev_key="A")}},
            "datev_key_unclear",
        ),
        ({}, {"debtor_exceptions": {"K-1001": "00000"}}, "debtor_account_unclear"),
        (
            {},
            {"tax_codes": {TWENTY: TaxCode(datev_account="0000")}},
            "datev_account_missing: S 20",
        ),
        ({"number": "RE 2026.1"}, {}, "number_unfit"),
        ({"taxes": (tax("99999999999.00", "0.00"),)}, {}, "amount_too_large"),
    ],
)
def test_what_datev_would_refuse_is_refused_here(changes, chosen, problem):
    with pytest.raises(Problem, match=problem):
        booked(document(**changes), **chosen)


@given(st.text(max_size=90))
def test_any_name_is_one_field_of_at_most_60_signs(name):
    what, _ = fitted_document(document(name=name))
    (row,) = datev.rows(what, books())
    line = datev.row_line(row)
    line.encode("cp1252")
    (cells,) = csv.reader(io.StringIO(line, newline=""), delimiter=";")
    assert len(cells) == 125
    assert len(cells[13]) <= 60
    assert not re.search(r"[\x00-\x1f]", cells[13])


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False))
def test_any_amount_is_positive_and_its_side_says_the_rest(gross):
    rows = list(datev.rows(document(taxes=(tax(str(gross), "0.00"),)), books()))
    if gross == 0:
        assert rows == []
        return
    (row,) = rows
    assert re.fullmatch(r"\d{1,10},\d{2}", row[1])
    side = 1 if row[2] == "S" else -1
    assert side * Decimal(row[1].replace(",", ".")) == gross
