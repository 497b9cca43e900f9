"""Bookings for BMD NTCS."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import bmd
from billing.rules.bookkeeping import (
    BmdCreditNotes,
    BmdPostingDate,
    BmdTaxSign,
    DebtorRule,
    Problem,
    TaxCode,
    parse_exceptions,
    shared_accounts,
)
from billing.rules.tax import Category
from tests.unit.billing.bookings import TWENTY, books, credit_note, document, tax

pytestmark = pytest.mark.no_servers


def booked(what=None, **settings):
    """The only row by the names of its fields."""
    chosen = books(**settings)
    (row,) = bmd.rows(what or document(), chosen)
    return dict(zip(bmd.header(chosen), row, strict=True))


def test_an_invoice_is_one_row_by_name():
    assert booked() == {
        "satzart": "0",
        "konto": "11001",
        "gkonto": "4000",
        "belegnr": "RE-2026-00001",
        "belegdatum": "04.03.2026",
        "buchdatum": "04.03.2026",
        "buchsymbol": "AR",
        "buchcode": "1",
        "prozent": "20",
        "steuercode": "1",
        "betrag": "244,00",
        "steuer": "-40,67",
        "text": "Bäckerei Sonne GmbH RE-2026-00001 Leistung 03.03.2026-04.03.2026",
        "extbelegnr": "RE-2026-00001",
        "faelligkeit": "18.03.2026",
        "uidnr": "ATU12345675",
        "waehrung": "EUR",
        "dokument": "RE-2026-00001.pdf",
    }


@pytest.mark.parametrize(
    ("chosen", "row"),
    [
        ({}, ("-244,00", "40,67", "1", "AR")),
        ({"bmd_tax_sign": BmdTaxSign.SAME}, ("-244,00", "-40,67", "1", "AR")),
        (
            {"bmd_credit_notes": BmdCreditNotes.TURNED, "bmd_credit_symbol": "GU"},
            ("244,00", "-40,67", "2", "GU"),
        ),
    ],
)
def test_a_credit_note_goes_back_as_the_settings_say(chosen, row):
    found = booked(credit_note(), **chosen)
    names = ("betrag", "steuer", "buchcode", "buchsymbol")
    assert tuple(found[name] for name in names) == row
    assert found["faelligkeit"] == ""
    assert "RK-2026-00001 zu RE-2026-00001 Leistung" in found["text"]


def test_every_rate_is_a_row_of_the_same_number():
    both = document(taxes=(tax(), tax("10.00", "1.00", rate=Decimal("10.00"))))
    codes = {TWENTY: TaxCode(bmd_code="1", bmd_account="4000")}
    codes[(Category.STANDARD, Decimal(10))] = TaxCode(bmd_code="2", bmd_account="4001")
    rows = list(bmd.rows(both, books(tax_codes=codes)))
    assert [row[3] for row in rows] == ["RE-2026-00001"] * 2
    assert [row[10] for row in rows] == ["244,00", "11,00"]


def test_nothing_is_booked_about_nothing():
    assert list(bmd.rows(document(taxes=(tax("0.00", "0.00"),)), books())) == []


def test_the_posting_date_may_be_the_end_of_the_month():
    late = document(issue_date=date(2028, 2, 3))
    found = booked(late, bmd_posting_date=BmdPostingDate.MONTH_END)
    assert (found["belegdatum"], found["buchdatum"]) == ("03.02.2028", "29.02.2028")


def test_the_short_family_of_names_is_a_setting():
    columns = bmd.parse_columns(
        "konto\ngkto = gkonto\nbelegnr=belegnr_ziffern\nbelegdat=belegdatum\n"
        "bucod=buchcode\nmwst=steuer\n\nbetrag\n"
    )
    found = booked(bmd_columns=columns)
    assert list(found) == [
        *("konto", "gkto", "belegnr", "belegdat", "bucod", "mwst", "betrag"),
    ]
    assert (found["belegnr"], found["mwst"]) == ("202600001", "-40,67")


def test_digits_alone_tell_no_credit_note_from_an_invoice():
    columns = tuple(
        (name, f"{name}_ziffern" if name == "belegnr" else name)
        for name in bmd.DEFAULT_COLUMNS
    )
    assert booked(bmd_columns=columns)["belegnr"] == "202600001"
    with pytest.raises(Problem, match="bmd_symbols_alike: AR"):
        booked(credit_note(), bmd_columns=columns)
    found = booked(credit_note(), bmd_columns=columns, bmd_credit_symbol="GU")
    assert (found["belegnr"], found["buchsymbol"]) == ("202600001", "GU")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("konto\nsomething", "column_unknown"),
        ("kon;to=konto", "column_unknown"),
        ("konto\nkonto", "column_twice"),
        ("konto\ngkonto", "column_missing"),
    ],
)
def test_columns_that_bmd_could_not_read_are_refused(text, code):
    with pytest.raises(Problem) as problem:
        bmd.parse_columns(text)
    assert problem.value.code == code


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (TaxCode(bmd_code="1"), "bmd_account_missing: S 20"),
        (TaxCode(bmd_account="4000"), "bmd_code_missing: S 20"),
    ],
)
def test_a_code_that_is_not_set_is_named_and_never_guessed(code, problem):
    with pytest.raises(Problem, match=problem):
        booked(tax_codes={TWENTY: code})


def test_customers_have_accounts_by_rule_and_by_exception():
    assert booked()["konto"] == "11001"
    assert booked(debtor_exceptions={"K-1001": "209999"})["konto"] == "209999"
    collective = {"debtor_rule": DebtorRule.COLLECTIVE, "debtor_account": "200000"}
    assert booked(**collective)["konto"] == "200000"
    for number in ("Sonne", "K-99999999999"):
        with pytest.raises(Problem, match="debtor_account_unclear"):
            booked(document(account_number=number))


@pytest.mark.parametrize(
    ("numbers", "chosen", "shared"),
    [
        (["K-1", "K-2", "K-3"], {}, []),
        (["K-1", "L-1"], {}, ["K-1, L-1 = 10001"]),
        (["K-1", "L-1"], {"debtor_exceptions": {"L-1": "20000"}}, []),
        (
            ["K-1", "K-2"],
            {"debtor_exceptions": {"K-2": "10001"}},
            ["K-1, K-2 = 10001"],
        ),
        # Two accounts of one customer, as the accountant wants it.
        (["K-1", "K-2"], {"debtor_exceptions": {"K-1": "7", "K-2": "7"}}, []),
        (
            ["K-1", "L-1"],
            {"debtor_rule": DebtorRule.COLLECTIVE, "debtor_account": "20000"},
            [],
        ),
        (["Sonne", "Mond"], {}, []),
    ],
)
def test_customers_that_would_share_an_account_are_named(numbers, chosen, shared):
    found = list(shared_accounts(numbers, books(**chosen)))
    assert [problem.about for problem in found] == shared


def test_exceptions_are_lines_of_number_and_account():
    assert parse_exceptions("K-1 = 200001\n\n K 2=7 ") == {"K-1": "200001", "K 2": "7"}
    for text in ("K-1", "K-1 = A", "K-1 = 1\nK-1 = 2"):
        with pytest.raises(Problem, match="exception_unclear"):
            parse_exceptions(text)


CENTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999.99"), places=2)


@given(CENTS, CENTS, st.booleans(), st.booleans(), st.booleans())
def test_every_convention_says_the_same_to_the_books(net, vat, credit, turned, same):
    made = credit_note if credit else document
    sign = -1 if credit else 1
    what = replace(made(), taxes=(tax(str(sign * net), str(sign * vat)),))
    row = booked(
        what,
        bmd_credit_notes=BmdCreditNotes("turned" if turned else "negative"),
        bmd_tax_sign=BmdTaxSign("same" if same else "opposite"),
    )
    number = {
        name: Decimal(row[name].replace(",", ".")) for name in ("betrag", "steuer")
    }
    to_the_debit = number["betrag"] * (1 if row["buchcode"] == "1" else -1)
    assert to_the_debit == sign * (net + vat)
    assert abs(number["steuer"]) == vat
    assert (number["steuer"] * number["betrag"] > 0) == same
