"""A customer who orders through the pages, without a browser."""

import re
import secrets
from html import unescape

import requests

from tests.telephone import eventually

INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def hidden_inputs(html: str) -> dict[str, str]:
    """Names and values of the hidden inputs of a page."""
    found = {}
    for tag in INPUT.findall(html):
        attributes = dict(ATTRIBUTE.findall(tag))
        if attributes.get("type") == "hidden" and "name" in attributes:
            found[attributes["name"]] = unescape(attributes.get("value", ""))
    return found


def order(base_url: str, *, server: str = "") -> tuple[str, str]:
    """An order through form and check page; its reference and its tracking page. It is
    about a server of its own, unless one is named.

    Raises requests.RequestException where a page does not answer with success.
    """
    with requests.Session() as session:
        form = session.get(f"{base_url}/", timeout=15)
        form.raise_for_status()
        page = session.post(
            f"{base_url}/",
            data={
                **hidden_inputs(form.text),
                "server_name": server or f"web-{secrets.token_hex(4)}.example",
                "problem_description": "Nothing answers.",
                "callback_number": "+49 30 23125102",
                "ordering_as": "business",
            },
            timeout=15,
        )
        page.raise_for_status()
        # Once more where the price has changed meanwhile, as by a test before.
        for _ in range(2):
            page = session.post(
                f"{base_url}/order/", data=hidden_inputs(page.text), timeout=15
            )
            page.raise_for_status()
            if reference := re.search(r"NF-\w{4}-\w{4}", page.text):
                return reference.group(), page.url
        raise AssertionError(page.text)


def order_until_taken(base_url: str) -> tuple[str, str]:
    """As ``order``, by a customer who presses the button again after an error: a web
    process that met trouble with the database leaves it alone for a second."""

    def taken() -> tuple[str, str] | None:
        try:
            return order(base_url)
        except requests.HTTPError:
            return None

    found = eventually(taken, why="the order is taken")
    assert found is not None
    return found
