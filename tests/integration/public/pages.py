"""The customer's browser without a script: it reads pages and sends their forms."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from emergency.terms import FeeTerms

REPORT = {
    "server_name": "web-01.example.net",
    "problem_description": "Der Webshop antwortet nicht.\n502 seit 01:50.",
    "reproduction_steps": "https://shop.example/ öffnen",
    "recent_changes": "PHP-Update am Abend",
    "callback_number": "0664/123 45 67",
    "ordering_as": "business",
    "reporter_name": "Pat Muster",
    "reporter_email": "pat@shop.example",
}
DIALLED = "+436641234567"

offer = {"version": "test-1"}


def fee_terms(account_number: str | None, at: datetime, language: str) -> FeeTerms:
    """The prices of these tests; ``offer`` says which version is in force."""
    if offer["version"] == "none":
        raise LookupError("no rate card")
    return FeeTerms(
        version=offer["version"],
        language=language,
        currency="EUR",
        initial_fee_net=Decimal("200.00"),
        initial_fee_gross=Decimal("240.00"),
        included_minutes=30,
        support_hourly_net=Decimal("200.00"),
        support_hourly_gross=Decimal("240.00"),
        application_analysis_hourly_net=Decimal("210.00"),
        application_analysis_hourly_gross=Decimal("252.00"),
        vat_rate=Decimal("20.00"),
        callback_within=timedelta(minutes=30),
        covered=("A callback.",),
        not_covered=("The application.",),
        price_sentence="Only this fee when the infrastructure was the cause.",
    )


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Document(HTMLParser):
    """The elements of a page in their order, with the text directly inside them."""

    elements: list[Element] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in {"meta", "link", "input", "br"}:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def first(self, tag: str) -> Element:
        return self.all(tag)[0]

    def by_id(self, identity: str) -> Element | None:
        for element in self.elements:
            if element.attributes.get("id") == identity:
                return element
        return None

    def values(self) -> dict[str, str]:
        """What the browser would send, buttons and empty boxes left out."""
        sent = {}
        for element in self.elements:
            name = element.attributes.get("name")
            if element.tag == "textarea" and name:
                # A browser drops the line break right after the tag.
                sent[name] = element.text.removeprefix("\n")
            if element.tag == "input" and name:
                ticked = element.attributes.get("type") in {"checkbox", "radio"}
                if not ticked or "checked" in element.attributes:
                    sent[name] = element.attributes.get("value", "on" * ticked)
        return sent


def read(response: Any) -> Document:
    document = Document()
    document.feed(response.content.decode())
    return document


def check(client: Client, **changes: str) -> Any:
    """From the empty form to the answer to it."""
    values = read(client.get("/")).values() | REPORT | changes
    return client.post("/", {name: value for name, value in values.items() if value})


def order(client: Client, checked: Any, **more: str) -> Any:
    """The order button of this check page."""
    return client.post("/order/", read(checked).values() | more)


def text_of(response: Any) -> str:
    return str(response.content.decode())
