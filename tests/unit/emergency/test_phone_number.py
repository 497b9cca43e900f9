"""What customers type as a callback number, and what will be dialled."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.phone_number import NumberRefused, Refusal, callback_number

MOBILE = "+436641234567"
VIENNA = "+4315551234"
DIRECT = "+431555123417"


def dialled(typed: str) -> tuple[str, str]:
    number = callback_number(typed, region="AT")
    return number.e164, number.extension


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("0664 1234567", MOBILE),
        ("0664/123 45 67", MOBILE),
        ("0664-123-4567", MOBILE),
        ("0664.123.4567", MOBILE),
        ("(0664) 1234567", MOBILE),
        ("0664 – 123 – 4567", MOBILE),
        ("+43 664 1234567", MOBILE),
        ("0043 664 1234567", MOBILE),
        ("+43 (0)664 1234567", MOBILE),
        ("0043 (0) 664 123 45 67", MOBILE),
        ("(+43) 664 1234567", MOBILE),
        ("  0664 1234567 \n", MOBILE),
        ("0664 1234567.", MOBILE),
        ("0664\u00a01234567", MOBILE),
        ("0664\u202f1234567", MOBILE),
        ("0664·123·4567", MOBILE),
        ("0664_1234567", MOBILE),
        ("0664'1234567", MOBILE),
        ("０６６４ １２３４５６７", MOBILE),
        ("٠٦٦٤ ١٢٣٤٥٦٧", MOBILE),
        ("0664 123\u200b4567", MOBILE),
        ("\u202a+43 664 1234567\u202c", MOBILE),
        ("0664\x001234567", MOBILE),
        ("Tel.: 0664 1234567", MOBILE),
        ("Telefon 0664 1234567", MOBILE),
        ("Mobil 0664/1234567", MOBILE),
        ("Handy: 0664 1234567", MOBILE),
        ("M 0664 1234567", MOBILE),
        ("Rückruf: +43 664 1234567", MOBILE),
        ("tel:+43-664-1234567", MOBILE),
        ("01 5551234", VIENNA),
        ("01/5551234", VIENNA),
        ("T: 01 5551234", VIENNA),
        ("0810 123456", "+43810123456"),
        ("+41 79 123 45 67", "+41791234567"),
        ("+49 30 23125 123", "+493023125123"),
        ("+423 232 11 11", "+4232321111"),
        ("+1 202-555-0142", "+12025550142"),
    ],
)
def test_every_usual_way_of_writing_gives_the_number_meant(typed, e164):
    assert dialled(typed) == (e164, "")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("01 5551234-17", (DIRECT, "")),
        ("01 5551234 DW 17", (DIRECT, "17")),
        ("01 5551234 DW: 17", (DIRECT, "17")),
        ("01 5551234 (DW 17)", (DIRECT, "17")),
        ("01 5551234 Kl. 17", (DIRECT, "17")),
        ("01 5551234 Klappe 17", (DIRECT, "17")),
        ("01 5551234, Durchwahl 17", (DIRECT, "17")),
        ("01 5551234 ext. 17", (DIRECT, "17")),
        ("01 5551234x17", (DIRECT, "17")),
        ("tel:+43-1-5551234;ext=17", (DIRECT, "17")),
        ("+49 30 23125 DW 123", ("+493023125123", "123")),
        ("+41 44 668 18 00 ext 12", ("+41446681800", "12")),
        ("0664 1234567 DW 3", (MOBILE, "3")),
    ],
)
def test_a_direct_dial_is_appended_where_the_country_does_so(typed, expected):
    assert dialled(typed) == expected


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", Refusal.MISSING),
        ("  ", Refusal.MISSING),
        ("---", Refusal.MISSING),
        ("\u200b", Refusal.MISSING),
        ("0664 l234567", Refusal.LETTERS),
        ("O664 1234567", Refusal.LETTERS),
        ("call me: +43 664 1234567 thx", Refusal.LETTERS),
        ("0664 123 45 67 (bitte nur SMS)", Refusal.LETTERS),
        ("0664 1234567 oder 01 5551234", Refusal.LETTERS),
        ("1-800-FLOWERS", Refusal.LETTERS),
        ("DW 17", Refusal.LETTERS),
        ("0664 1234567, 01 5551234", Refusal.SEVERAL),
        ("0664 1234567 / 01 5551234", Refusal.SEVERAL),
        ("0664 1234567 / +43 1 5551234", Refusal.SEVERAL),
        ("+43 664 1234567 +43 1 5551234", Refusal.SEVERAL),
        ("0664 1234567²", Refusal.SIGNS),
        ("\ud8000664 1234567", Refusal.SIGNS),
        ("*31#06641234567", Refusal.SIGNS),
        ("0664 1234567 ☎", Refusal.SIGNS),
        ("0900 123456", Refusal.PREMIUM),
        ("0930 123456", Refusal.PREMIUM),
        ("+979 1 2345 6789", Refusal.PREMIUM),
        ("112", Refusal.SHORT_NUMBER),
        ("144", Refusal.SHORT_NUMBER),
        ("133", Refusal.SHORT_NUMBER),
        ("12345", Refusal.TOO_SHORT),
        ("0664 123456789012345", Refusal.TOO_LONG),
        ("0" * 81, Refusal.TOO_LONG),
        ("079 123 45 67", Refusal.INVALID),
        ("+44 7700 900123", Refusal.INVALID),
        ("+999 1234567", Refusal.INVALID),
    ],
)
def test_what_could_be_dialled_wrongly_is_refused_with_its_reason(typed, refusal):
    with pytest.raises(NumberRefused) as caught:
        callback_number(typed, region="AT")
    assert caught.value.refusal is refusal


def test_the_number_is_kept_as_typed_beside_the_number_dialled():
    assert callback_number(" 0664/123 45 67 ", region="AT").typed == "0664/123 45 67"


@given(st.text(max_size=100))
def test_no_text_raises_anything_but_a_refusal(typed):
    try:
        number = callback_number(typed, region="AT")
    except NumberRefused:
        return
    assert re.fullmatch(r"\+[1-9]\d{6,14}", number.e164)


@given(
    st.lists(st.sampled_from(list("0123456789 +-/()DWx.")), max_size=25).map("".join)
)
def test_only_digits_that_were_typed_are_dialled(typed):
    try:
        number = callback_number(typed, region="AT")
    except NumberRefused:
        return
    digits = re.sub(r"\D", "", typed)
    national = number.e164.removeprefix("+43").removeprefix("+")
    assert national.lstrip("0") in digits


@given(
    # "/00" begins a second, foreign number.
    digits=st.integers(1_000_000, 9_999_999).map(str).filter(lambda d: "00" not in d),
    breaks=st.lists(st.sampled_from([" ", "-", "/", ".", "\u00a0", "\u200b"])),
)
def test_where_the_separators_stand_makes_no_other_number(digits, breaks):
    parts = [d + b for d, b in zip(digits, [*breaks, *[""] * 7], strict=False)]
    assert dialled("0664 " + "".join(parts)) == (f"+43664{digits}", "")
