"""Accounting's pages in a browser: no barriers, at both widths, with pictures."""

import io
import os
import re
from collections.abc import Iterator

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.customers import DESKTOP, PHONE
from tests.browser.test_customer import no_barriers
from tests.browser.test_main_job import sign_in
from tests.product import Product
from tests.telephone import ROOT

# One product serves these browsers, one the others; a third is killed beside them.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

PICTURES = ROOT / "docs" / "images" / "billing"
# Numbers of the demo's documents that show what can stand on one.
DOCUMENTS = """
import json
from billing.models import Document
issued = Document.objects.exclude(number=None).order_by("-issued_at")
invoices = issued.filter(kind="invoice")
found = {{
    "invoice-de": invoices.filter(language="de", taxes__category="S").first(),
    "invoice-en": invoices.filter(language="en").first(),
    "reverse-charge": invoices.filter(taxes__category="AE").first(),
    "credit-note": issued.filter(kind="credit_note").first(),
}}
print(json.dumps({{name: one.number for name, one in found.items() if one}}))
""".replace("{{", "{").replace("}}", "}")


def pages(page: Page, product: Product) -> Iterator[str]:
    """Every page of accounting's menu in turn, then a document and its account."""
    page.goto(f"{product.url}/billing/")
    menu = page.locator("main nav a[href^='/billing/']")
    addresses = list(
        dict.fromkeys(str(link.get_attribute("href")) for link in menu.all())
    )
    assert len(addresses) > 3
    for address in addresses:
        page.goto(f"{product.url}{address}")
        yield address
    page.goto(f"{product.url}/billing/documents/")
    page.locator("main a[href^='/billing/documents/']").filter(
        has_text=re.compile(r"\d")
    ).first.click()
    yield "document"
    page.locator("main a[href^='/billing/accounts/']").first.click()
    yield "account"


def picture(page: Page, name: str, window: ViewportSize) -> None:
    """A screenshot for the documentation, where `make screenshots` asked for it."""
    if os.environ.get("EMERGENCY_SCREENSHOTS"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        file = name.removeprefix("/billing/").strip("/").replace("/", "-") or "to-do"
        shot = Image.open(io.BytesIO(page.screenshot(full_page=True)))
        shot.save(PICTURES / f"{file}-{window['width']}.webp", "WEBP", quality=80)


@pytest.mark.parametrize(
    ("language", "window", "colours"),
    [("de-AT", PHONE, "dark"), ("en-GB", DESKTOP, "light")],
    ids=["phone-de-dark", "desktop-en-light"],
)
def test_no_page_of_accounting_has_a_barrier(
    product: Product, chromium: Browser, language, window, colours
) -> None:
    context = chromium.new_context(
        locale=language, viewport=window, color_scheme=colours
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page, product, "clara", "/billing/")
    # What a person chose last comes before what their browser asks for.
    other = page.locator(f"form[action='/i18n/setlang/'] button[lang={language[:2]}]")
    if other.count():
        other.click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile(language[:2]))
    for name in pages(page, product):
        expect(page.locator("main h1").first).to_be_visible()
        no_barriers(page, f"{name} ({language})")
        picture(page, name, window)
    context.close()


def test_every_kind_of_document_can_be_opened_by_accounting(
    product: Product, chromium: Browser
) -> None:
    context = chromium.new_context(locale="de-AT")
    page = context.new_page()
    sign_in(page, product, "clara", "/billing/")
    numbers = product.ask(DOCUMENTS)
    assert set(numbers) == {"invoice-de", "invoice-en", "reverse-charge", "credit-note"}
    for name, number in numbers.items():
        answer = context.request.get(f"{product.url}/billing/pdf/{number}.pdf")
        assert answer.ok
        sheet = pypdfium2.PdfDocument(answer.body())[0].render(scale=1.6).to_pil()
        if os.environ.get("EMERGENCY_SCREENSHOTS"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            sheet.save(PICTURES / f"{name}.webp", "WEBP", quality=85)
    context.close()
