"""Cleaning of free text: storable, readable, and the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.free_text import cleaned_line, cleaned_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("\u202etxt.exe\u202c", "txt.exe"),
        ("we\u200bb", "web"),
        ("a\tb", "a\tb"),
        ("\ud800", "\ufffd"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("  äöü ß €  ", "äöü ß €"),
    ],
)
def test_only_what_nobody_can_see_is_removed(typed, kept):
    assert cleaned_text(typed) == kept


def test_a_line_has_single_blanks():
    assert cleaned_line(" web-01 \n\u200d example\t.net ") == "web-01 example .net"


@given(st.text())
def test_cleaned_text_can_be_stored_and_is_not_cleaned_further(typed):
    kept = cleaned_text(typed)
    kept.encode()
    assert "\x00" not in kept
    assert cleaned_text(kept) == kept


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_visible_text_is_never_changed(typed):
    assert cleaned_text(typed) == typed.strip()
