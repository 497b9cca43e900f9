"""The customer's side in a real browser: without scripts, on a phone, for everybody."""

import io
import os
import re
import secrets
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.product import Product
from tests.telephone import ROOT

# A second product would cost the machine more than waiting for this one.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]

PICTURES = ROOT / "docs" / "images" / "customer"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
TRACKING = re.compile(r"/t/[\w-]{20,}/$")
INCIDENTS = """
import json
from emergency.models import Report
reports = Report.objects.filter(servers__typed="{server}")
incidents = set(reports.values_list("incident", flat=True))
print(json.dumps([reports.count(), len(incidents)]))
"""


@pytest.fixture(scope="module", autouse=True)
def _leaves_no_ringing_telephones(product: Product) -> Iterator[None]:
    yield
    product.calm()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A German customer on a narrow phone whose browser runs no scripts."""
    context = chromium.new_context(
        locale="de-AT", viewport=PHONE, java_script_enabled=False
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


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


def order(page: Page, product: Product, server: str) -> None:
    """A business orders; the page of the order stands."""
    fill_in(page, product, server, kind="business")
    page.click("button.order")
    expect(page).to_have_url(TRACKING)


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    window: int = page.evaluate("document.documentElement.clientWidth")
    return wide <= window


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


def test_no_page_of_the_desk_has_a_barrier(
    product: Product, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(f"{product.url}/desk/login/")
    no_barriers(page, "sign-in of the desk")
    page.fill("input[name=username]", "eva@gipfelnetz.example")
    page.fill("input[name=password]", "night-shift-2026")
    page.locator("main form button").first.click()
    for path in ("", "operator/", "roster/", "engine/", "mail/", "privacy/"):
        page.goto(f"{product.url}/desk/{path}")
        no_barriers(page, f"/desk/{path}")


def test_all_errors_stand_at_once_and_nothing_typed_is_lost(
    product: Product, phone: Page
) -> None:
    phone.goto(product.url)
    phone.fill("[name=reproduction_steps]", "Startseite öffnen")
    phone.fill("[name=callback_number]", "0664 l2345")
    phone.click("form#report-form button.main")
    expect(phone).to_have_title(re.compile("^Fehler:"))
    summary = phone.locator(".summary")
    expect(summary.locator("a")).to_have_count(3)
    expect(summary).to_contain_text("Buchstaben")
    expect(phone.locator("[name=reproduction_steps]")).to_have_value(
        "Startseite öffnen"
    )
    assert fits(phone)


def test_going_back_from_the_check_page_keeps_everything(
    product: Product, phone: Page
) -> None:
    server = new_server()
    fill_in(phone, product, server, kind="business")
    phone.go_back()
    expect(phone.locator("[name=server_name]")).to_have_value(server)
    phone.click("form#report-form button.main")
    phone.locator("button[name=change][value=server_name]").click()
    expect(phone.locator("[name=server_name]")).to_have_value(server)
    expect(phone.locator("[name=problem_description]")).to_have_value(
        "Der Shop zeigt Fehler 502."
    )


def test_ordering_twice_and_reloading_is_one_order(
    product: Product, phone: Page
) -> None:
    server = new_server()
    fill_in(phone, product, server, kind="business")
    phone.locator("button.order").dblclick()
    expect(phone).to_have_url(TRACKING)
    phone.reload()
    expect(phone).to_have_url(TRACKING)
    assert product.ask(INCIDENTS.format(server=server)) == [1, 1]
    assert fits(phone)


def test_a_second_report_joins_and_says_so(product: Product, phone: Page) -> None:
    server = new_server()
    order(phone, product, server)
    order(phone, product, server)
    expect(phone.locator("main")).to_contain_text("kostet nichts zusätzlich")
    assert product.ask(INCIDENTS.format(server=server)) == [2, 1]


def test_cancelling_in_the_first_minutes_is_free(product: Product, phone: Page) -> None:
    order(phone, product, new_server())
    phone.get_by_text("Kostenlos stornieren").first.click()
    phone.get_by_role("button", name="Kostenlos stornieren").click()
    expect(phone.locator("main")).to_contain_text("storniert")


def test_a_consumer_withdraws_in_two_steps(product: Product, phone: Page) -> None:
    fill_in(phone, product, new_server(), kind="consumer")
    phone.check("[name=start_now]")
    phone.check("[name=loses_withdrawal]")
    phone.click("button.order")
    expect(phone).to_have_url(TRACKING)
    phone.get_by_role("link", name=re.compile("widerrufen")).click()
    phone.fill("[name=name]", "Pat Muster")
    phone.locator("main form button.main").click()
    expect(phone.locator("main")).to_contain_text("Noch ist nichts geschehen")
    phone.locator("button[name=confirm]").click()
    expect(phone).to_have_url(TRACKING)
    expect(phone.locator("main")).to_contain_text("widerrufen")
