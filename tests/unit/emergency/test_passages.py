"""Texts with places that staff may word otherwise."""

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.passages import filled, places_in, with_places

words = st.text(st.characters(exclude_characters="{}"))


@given(words, words, words)
def test_a_place_is_filled_and_everything_else_stays(before, value, after) -> None:
    text = f"{before}{{minutes}}{after}"
    assert filled(text, {"minutes": value}) == f"{before}{value}{after}"
    assert places_in(text) == {"minutes"}


@given(st.text())
def test_any_text_without_values_stays_as_it_is(text) -> None:
    assert filled(text, {}) == text


def test_per_cent_signs_and_lonely_braces_are_text() -> None:
    text = "100 % {ok} { } %(minutes)s {} }{"
    assert places_in(text) == {"ok"}
    assert filled(text, {"ok": "{ok}"}) == text


def test_a_value_is_never_read_for_places() -> None:
    assert filled("{a}{b}", {"a": "{b}", "b": "1"}) == "{b}1"


def test_the_products_words_are_shown_with_their_places() -> None:
    own = "by %(time)s, %(name)s"
    assert with_places(own.__mod__, frozenset({"time", "name"})) == "by {time}, {name}"
