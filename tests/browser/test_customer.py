"""The customer's side in a real browser: without scripts, on a phone, for everybody."""

import io
import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.customers import DESKTOP, PHONE, TRACKING, fill_in, fits, new_server
from tests.product import Product
from tests.telephone import ROOT

# One product serves these browsers, one the others; a third is killed beside them.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

PICTURES = ROOT / "docs" / "images" / "customer"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module", autouse=True)
def _leaves_no_ringing_telephones(product: Product) -> Iterator[None]:
    yield
    product.calm()


def no_barriers(page: Page, where: str) -> None:
    """axe finds nothing that WCAG 2.2 AA forbids, and nothing overflows."""
    found = Axe().run(page, options=WCAG)
    report = found.generate_report() if found.violations_count else ""
    assert not found.violations_count, f"{where}: {report}"
    assert fits(page), f"{where} is wider than its window"


def public_pages(page: Page, product: Product) -> Iterator[str]:
    """Every public page in turn stands open in ``page``; answers its name."""
    for path in ("", "imprint/", "privacy/", "accessibility/", "withdrawal/"):
        page.goto(f"{product.url}/{path}")
        yield f"/{path}"
    page.goto(f"{product.url}/account/")
    yield "sign-in"
    page.goto(f"{product.url}/nowhere/")
    yield "not found"
    page.goto(product.url)
    page.click("form#report-form button.main")
    yield "form with errors"
    fill_in(page, product, new_server(), kind="consumer")
    yield "check page"
    page.click("button.order")
    yield "check page with errors"
    page.check("[name=start_now]")
    page.check("[name=loses_withdrawal]")
    page.click("button.order")
    expect(page).to_have_url(TRACKING)
    for summary in page.locator("summary").all():
        summary.click()
    yield "tracking"
    page.click("a[href$='withdraw/']")
    yield "withdraw"


def picture(page: Page, name: str, window: ViewportSize) -> None:
    """A screenshot for the documentation, where `make screenshots` asked for it."""
    if os.environ.get("EMERGENCY_SCREENSHOTS"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        file = name.strip("/").replace(" ", "-") or "first-page"
        path = PICTURES / f"{file}-{window['width']}.webp"
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
        picture.save(path, "WEBP", quality=80)


@pytest.mark.parametrize(
    ("language", "window", "colours"),
    [("de-AT", PHONE, "dark"), ("en-GB", DESKTOP, "light")],
    ids=["phone-de-dark", "desktop-en-light"],
)
def test_no_public_page_has_a_barrier(
    product: Product, chromium: Browser, language, window, colours
) -> None:
    context = chromium.new_context(
        locale=language, viewport=window, color_scheme=colours
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    names = []
    for name in public_pages(page, product):
        expect(page.locator("html")).to_have_attribute("lang", language[:2])
        no_barriers(page, f"{name} ({language})")
        names.append(name)
        picture(page, name, window)
    assert len(names) == 12
    context.close()
