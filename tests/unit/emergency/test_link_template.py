"""A link leads where its template says, whatever a server is called."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.link_template import PLACES, address, quoted, trouble

VALUES = {
    "server": "web01.example",
    "address": "2001:db8::7",
    "account": "10042",
    "external_id": "inv/7?x=1&y",
}


def test_the_places_are_filled_and_quoted() -> None:
    template = "https://inventory.example:8443/{account}/{external_id}?ip={address}#x"
    assert address(template, VALUES) == (
        "https://inventory.example:8443/10042/inv%2F7%3Fx%3D1%26y?ip=2001%3Adb8%3A%3A7#x"
    )


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("", ""),
        ("https://a.example", ""),
        ("https://a.example/{server}", ""),
        ("http://a.example/{server}", "link_not_https"),
        ("javascript:alert(1)", "link_not_https"),
        ("//a.example/{server}", "link_not_https"),
        ("https://{server}/", "link_place_in_host"),
        ("https://{server}.a.example/", "link_place_in_host"),
        ("https://user:secret@a.example/", "link_unreadable"),
        ("https:///x", "link_unreadable"),
        ("https://a.example\\@b.example/", "link_unreadable"),
        ("https://a.example/a b", "link_unreadable"),
        ("https://a.example/ä", "link_unreadable"),
        ("https://a.example/" + "x" * 500, "link_unreadable"),
        ("https://a.example/{name}", "link_unknown_place"),
        ("https://a.example/{server", "link_unknown_place"),
    ],
)
def test_what_is_no_template_is_told(template, code) -> None:
    assert trouble(template) == code
    if code:
        assert address(template, VALUES) == ""


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_link_without_its_value_is_none(value) -> None:
    template = "https://a.example/{server}/x"
    assert address(template, VALUES | {"server": value}) == ""
    assert address("https://a.example/{server}", {}) == ""


@given(st.dictionaries(st.sampled_from(sorted(PLACES)), st.text(min_size=1)))
def test_a_name_leaves_its_place_never(values) -> None:
    template = "https://a.example/s/{server}/{account}?a={address}&e={external_id}#end"
    made = address(template, values)
    if not made:
        assert set(values) != PLACES or {".", ".."} & set(values.values())
        return
    parts = urlsplit(made)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "a.example", "end")
    head, path, server, account = parts.path.split("/")
    assert (head, path) == ("", "s")
    first, second = parts.query.split("&")
    assert first.startswith("a=")
    assert second.startswith("e=")
    told = [
        values[name].encode("utf-8", "surrogatepass") for name in ("server", "account")
    ]
    assert [
        unquote(part, errors="surrogatepass").encode("utf-8", "surrogatepass")
        for part in (server, account)
    ] == told


@given(st.text())
def test_a_quoted_text_has_plain_signs_only(text) -> None:
    assert set(quoted(text)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%"
    )
