"""What customers call a server is compared in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.server_alias import alias_of, compared


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("192.0.2.7", ("address", "192.0.2.7")),
        ("[2001:DB8::7]", ("address", "2001:db8::7")),
        ("https://Shop.Example/cart", ("domain", "shop.example")),
        ("S-1001", ("service", "s-1001")),
        ("service: Vertrag  12 ", ("service", "vertrag 12")),
        ("service:10.2", ("service", "10.2")),
        ("domain:shop.example.", ("domain", "shop.example")),
    ],
)
def test_an_alias_tells_its_kind(typed, said) -> None:
    assert alias_of(typed) == said


@pytest.mark.parametrize("typed", ["", "?", "domain:shop", "address:web01", "x" * 254])
def test_what_cannot_be_compared_is_no_alias(typed) -> None:
    with pytest.raises(ValueError, match=r".*"):
        alias_of(typed)


@given(st.text(max_size=60))
def test_an_alias_is_found_by_what_it_was_made_of(typed) -> None:
    try:
        kind, value = alias_of(f"service:{typed}")
    except ValueError:
        return
    assert kind == "service"
    assert alias_of(f"service:{value}") == (kind, value)


@pytest.mark.parametrize("typed", ["2001:db8:0:0::7", "[2001:db8::7]", "2001:DB8::7"])
def test_an_address_may_be_typed_in_any_way(typed) -> None:
    assert compared(typed) == alias_of("2001:db8::7")[1]


def test_what_names_nothing_is_compared_with_nothing() -> None:
    assert compared(" ? ") == ""
