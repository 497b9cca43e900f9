"""Text, amounts and rows of export files: nothing computes, nothing gets lost."""

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.export_text import (
    DecimalMark,
    amount_text,
    csv_row,
    one_line,
    rate_text,
    shielded,
    unshielded,
)
from billing.rules.windows_1252 import ENCODING, fitted

pytestmark = pytest.mark.no_servers

DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# Texts as attackers and customers write them, more often than chance would.
TEXTS = st.one_of(
    st.text(),
    st.text(alphabet="=+-@'\t\r\n \"; a＝"),
    st.builds("".join, st.lists(st.sampled_from([*DANGEROUS, "'", " ", "\t", "cmd"]))),
)
AMOUNTS = st.decimals(min_value=-(10**10), max_value=10**10, places=2, allow_nan=False)


@given(TEXTS)
def test_no_text_begins_like_a_formula(text):
    written = shielded(text)
    assert not written.lstrip().startswith(DANGEROUS)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", written)


@given(TEXTS)
def test_what_was_shielded_can_be_read_back(text):
    assert unshielded(shielded(text)) == one_line(text)


@given(TEXTS)
def test_shielding_changes_nothing_but_the_beginning(text):
    assert shielded(text) in {one_line(text), f"'{one_line(text)}"}


@pytest.mark.parametrize(
    "name", ["Bäckerei Sonne GmbH", "'s-Hertogenbosch BV", "3-2-1"]
)
def test_ordinary_names_stay_as_they_are(name):
    assert shielded(name) == name


@given(st.lists(TEXTS, min_size=2, max_size=6))
def test_a_row_is_read_back_cell_by_cell(texts):
    cells = [shielded(text) for text in texts]
    written = csv_row(cells)
    assert written.endswith("\r\n")
    assert next(csv.reader(io.StringIO(written), delimiter=";")) == cells


@given(AMOUNTS, st.sampled_from(list(DecimalMark)))
def test_an_amount_is_read_back_to_the_cent(amount, mark):
    text = amount_text(amount, mark)
    assert re.fullmatch(rf"-?\d+\{mark.value}\d\d", text)
    assert Decimal(text.replace(mark.value, ".")) == amount
    assert not text.startswith("-0,00")


@given(st.decimals(min_value=-1000, max_value=1000, places=3, allow_nan=False))
def test_a_fraction_of_a_cent_is_refused_and_never_rounded(amount):
    if amount == round(amount, 2):
        assert Decimal(amount_text(amount, DecimalMark.POINT)) == amount
    else:
        with pytest.raises(ValueError, match="fraction of a cent"):
            amount_text(amount)


@pytest.mark.parametrize(
    ("rate", "text"),
    [("20.00", "20"), ("7.70", "7,7"), ("0", "0"), ("10.00", "10"), (None, "")],
)
def test_a_rate_has_no_idle_zeros(rate, text):
    assert rate_text(None if rate is None else Decimal(rate)) == text


@given(st.text())
def test_every_text_fits_windows_1252_and_says_how_much_was_replaced(text):
    written, replaced = fitted(one_line(text))
    assert one_line(written.encode(ENCODING).decode(ENCODING)) == one_line(written)
    if not replaced:
        assert written == one_line(text) or written.isprintable()


@given(st.text(alphabet=st.characters(codec=ENCODING)))
def test_what_fits_is_not_touched(text):
    assert fitted(text) == (text, 0)


@given(
    st.text(alphabet=st.characters(codec=ENCODING, exclude_characters="?")), st.text()
)
def test_no_question_mark_appears_from_nowhere(start, rest):
    written, _ = fitted(start + rest)
    assert written.count("?") <= start.count("?") + rest.count("?") + sum(
        "?" in part for part in map(_plain, rest)
    )


def _plain(sign):
    return fitted(sign)[0] if fitted(sign)[1] else ""


@pytest.mark.parametrize(
    ("text", "written", "replaced"),
    [
        ("Bäckerei Šimek & Žák – „Süß“ 5 €", "Bäckerei Šimek & Žák – „Süß“ 5 €", 0),
        ("Łódź", "Lódz", 2),
        ("Đorđe Ćirić", "Dorde Ciric", 4),
        ("ẞ", "SS", 1),
        ("株", "[U+682A]", 1),
        ("Ω", "[U+03A9]", 1),
        ("a\N{MINUS SIGN}b", "a-b", 1),
        ("u\N{COMBINING DIAERESIS}ber", "über", 0),
        ("\N{LATIN SMALL LIGATURE FI}n", "fin", 1),
    ],
)
def test_replacements_are_visible_and_counted(text, written, replaced):
    assert fitted(text) == (written, replaced)
