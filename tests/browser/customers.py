"""A customer in a browser: which one, and what they do."""

import re
import secrets
from dataclasses import dataclass

from playwright.sync_api import Page, ViewportSize, expect

from tests.product import Product

PHONE: ViewportSize = {"width": 360, "height": 780}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
TRACKING = re.compile(r"/t/[\w-]{20,}/$")


# Asked of the product: how many reports and incidents there are of a server.
INCIDENTS = """
import json
from emergency.models import Report
reports = Report.objects.filter(servers__typed="{server}")
incidents = set(reports.values_list("incident", flat=True))
print(json.dumps([reports.count(), len(incidents)]))
"""


@dataclass(frozen=True)
class Kind:
    """How a customer reads: window, language, and whether scripts run."""

    window: ViewportSize
    language: str
    scripts: bool

    def __str__(self) -> str:
        scripts = "scripts" if self.scripts else "plain"
        return f"{self.window['width']}-{self.language}-{scripts}"

    def words(self, german: str, english: str) -> str:
        """What stands on this customer's page."""
        return german if self.language == "de-AT" else english


# The hardest case, in which every flow is walked, and its opposite: the two hold every
# value beside every flow. The others bring the pairs that are left.
HARDEST = Kind(PHONE, "de-AT", scripts=False)
OPPOSITE = Kind(DESKTOP, "en-GB", scripts=True)
OTHERS = (
    Kind(PHONE, "en-GB", scripts=False),
    Kind(PHONE, "de-AT", scripts=True),
    Kind(DESKTOP, "de-AT", scripts=False),
)


@dataclass(frozen=True)
class Customer:
    """Somebody with a browser."""

    page: Page
    kind: Kind

    def reads(self, german: str, english: str) -> None:
        expect(self.page.locator("main")).to_contain_text(
            self.kind.words(german, english)
        )


def new_server() -> str:
    return f"web-{secrets.token_hex(4)}.example"


def fill_in(page: Page, product: Product, server: str, *, kind: str) -> None:
    """The form is filled in and its check page stands."""
    page.goto(product.url)
    page.fill("[name=server_name]", server)
    page.fill("[name=problem_description]", "Der Shop zeigt Fehler 502.")
    page.fill("[name=callback_number]", "+49 30 23125102")
    page.check(f"[name=ordering_as][value={kind}]")
    page.click("form#report-form button.main")
    expect(page.locator("button.order")).to_be_visible()


def order(page: Page, product: Product, server: str) -> None:
    """A business orders; the page of the order stands."""
    fill_in(page, product, server, kind="business")
    press_order(page)


def press_order(page: Page) -> None:
    """The button of the check page; the page of the order stands."""
    page.click("button.order")
    expect(page).to_have_url(TRACKING)


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    window: int = page.evaluate("document.documentElement.clientWidth")
    return wide <= window
