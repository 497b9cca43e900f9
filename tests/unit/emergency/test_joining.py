"""When a second report is about the same server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.joining import (
    Named,
    is_below,
    is_full_name,
    joins,
    normalised,
)

SHOP = Named(typed="shop.example", server=None)
MAIL = Named(typed="mail", server=None)
OURS = Named(typed="web01", server=7)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Shop.Example.", "shop.example"),
        (" https://shop.example/kasse?x=1 ", "shop.example"),
        ("shop.example:8443", "shop.example"),
        ("2001:DB8::1", "2001:db8::1"),
        ("der  Web Server", "der web server"),
        ("", ""),
    ],
)
def test_a_name_is_the_same_however_it_is_typed(typed, name):
    assert normalised(typed) == name


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("shop.example", True),
        ("192.0.2.7", True),
        ("2001:db8::1", True),
        ("mail", False),
        ("unser Server ist down. Bitte helfen.", False),
        (".", False),
        ("", False),
    ],
)
def test_a_full_name_means_one_server(typed, full):
    assert is_full_name(typed) is full


@pytest.mark.parametrize(
    ("names", "reported", "same_number", "joined"),
    [
        ([OURS], [OURS], False, True),
        ([Named(typed="192.0.2.7", server=7)], [OURS], False, True),
        ([SHOP], [Named(typed="SHOP.example.", server=None)], False, True),
        ([SHOP], [OURS], True, False),
        # A word is many customers' server.
        ([MAIL], [MAIL], False, False),
        ([MAIL], [MAIL], True, True),
        # One server more than the incident knows needs a page of its own.
        ([OURS, SHOP], [OURS], True, False),
        ([OURS], [OURS, SHOP], False, True),
        ([], [OURS], True, False),
        ([Named(typed="?", server=None)], [Named(typed="?", server=None)], True, False),
        ([Named(typed="", server=None)], [Named(typed="", server=None)], True, False),
    ],
)
def test_a_report_joins_only_what_is_certainly_its_own(
    names, reported, same_number, joined
):
    assert joins(names, reported=reported, same_number=same_number) is joined


NAMES = st.builds(
    Named,
    typed=st.text(max_size=30),
    server=st.none() | st.integers(min_value=1, max_value=3),
)


@given(st.lists(NAMES, max_size=4), st.lists(NAMES, max_size=4), st.booleans())
def test_what_joins_from_a_strange_telephone_joins_from_the_same_one(
    names, reported, same_number
):
    if joins(names, reported=reported, same_number=same_number):
        assert joins(names, reported=reported, same_number=True)
        assert {named.key for named in names} <= {named.key for named in reported}


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_capital_letters_make_no_other_server(typed):
    assert normalised(typed.upper()) == normalised(typed.lower())


@pytest.mark.parametrize(
    ("email", "server", "below"),
    [
        ("pat@shop.example", "shop.example", True),
        ("pat@Shop.Example", "https://www.shop.example/kasse", True),
        ("pat@shop.example", "workshop.example", False),
        ("pat@mail.shop.example", "shop.example", False),
        ("pat@else.example", "shop.example", False),
        ("pat@shop.example", "", False),
        ("", "shop.example", False),
        ("", "", False),
    ],
)
def test_an_address_below_the_server_s_domain_may_be_down_with_it(email, server, below):
    assert is_below(email, server) is below


def test_a_server_is_joined_by_a_word_under_which_it_was_reported_unmatched() -> None:
    known = Named(typed="web01", server=7, others=frozenset({"shop.example", "s-1"}))
    for reported, joined in ((SHOP, True), (MAIL, False), (OURS, True)):
        assert joins([known], reported=[reported], same_number=False) is joined
    vague = Named(typed="s-1", server=None)
    assert not joins([known], reported=[vague], same_number=True)
    other = Named(typed="shop.example", server=8)
    assert not joins([known], reported=[other], same_number=True)
