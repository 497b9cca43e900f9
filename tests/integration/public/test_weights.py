"""What a page costs on a bad line: everything it loads, packed."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from tests.integration.public.pages import check, order, read

MOST = 30 * 1024
MOST_STYLE = 10 * 1024
ASSETS = {"link": "href", "script": "src", "img": "src"}


def packed(content: bytes) -> int:
    return len(gzip.compress(content, mtime=0))


def assets_of(document) -> set[str]:
    """Addresses of what the browser loads with the page."""
    return {
        element.attributes[attribute]
        for tag, attribute in ASSETS.items()
        for element in document.all(tag)
        if element.attributes.get(attribute)
    }


@pytest.fixture
def tell(capsys):
    def said(name: str, page: int, assets: int) -> None:
        with capsys.disabled():
            print(f"\n{name}: {page} bytes and {assets} bytes beside it, packed")  # noqa: T201

    return said


def test_no_page_is_heavy_or_asks_anybody_else(customer, tell):
    checked = check(customer)
    tracking = order(customer, checked).headers["Location"]
    pages = {
        "form": customer.get("/"),
        "check page": checked,
        "tracking": customer.get(tracking),
        "withdrawal": customer.get("/withdrawal/"),
        "privacy": customer.get("/privacy/"),
        "sign-in": customer.get("/account/", follow=True),
    }
    for name, answer in pages.items():
        page = packed(answer.content)
        beside = 0
        for address in assets_of(read(answer)):
            assert address.startswith("/static/"), f"{name} loads {address}"
            path = finders.find(address.removeprefix("/static/"))
            assert path, address
            with open(path, "rb") as file:  # noqa: PTH123 - a finder's path
                weight = packed(file.read())
            assert not address.endswith(".css") or weight < MOST_STYLE, address
            beside += weight
        tell(name, page, beside)
        assert page + beside < MOST, name


def test_every_public_page_allows_no_inline_script_or_style(customer):
    for path in ("/", "/withdrawal/", "/privacy/", "/imprint/", "/accessibility/"):
        answer = customer.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, path
        text = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"\sstyle=|<style|\son\w+=", text), path
