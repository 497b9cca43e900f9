"""The desk's pages and the demo's stage in a browser: readable by night and by day, on
a telephone and at a desk, with pictures for the documentation."""

import io
import os
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.customers import DESKTOP, PHONE, fits
from tests.browser.test_customer import no_barriers
from tests.browser.test_main_job import sign_in
from tests.product import Product
from tests.telephone import ROOT, eventually

# One product serves these browsers, one the others; a third is killed beside them.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

IMAGES = ROOT / "docs" / "images"
PICTURES = IMAGES / "desk"
WIDTHS = (PHONE, DESKTOP)
PICTURED = {
    *("board", "incident", "roster-week", "roster-month"),
    *("what-if", "engine", "accounts", "operator"),
}
OF_ADMINISTRATORS = {"limits": "operator/limits/", "colleagues": "colleagues/"}
AT_WORK = {"board", "incident"}
# What needs a row of the demo to be shown.
ROWS = """
import json
from emergency.models import EscalationPolicy, Incident, Schedule
print(json.dumps({
    "incident": Incident.objects.order_by("-opened_at").first().reference,
    "schedule": Schedule.objects.get(name="Emergency support").pk,
    "policy": EscalationPolicy.objects.get(is_default=True).pk,
}))
"""
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
REACHED = """
import json
from emergency.models import Incident
print(json.dumps(Incident.objects.filter(
    reports__order_key__startswith="stage-", reached_at__isnull=False).exists()))
"""


@pytest.fixture(scope="module", autouse=True)
def _leaves_no_ringing_telephones(product: Product) -> Iterator[None]:
    yield
    product.calm()


def pages(rows: dict[str, object]) -> dict[str, str]:
    """Addresses of the desk's main pages by their names."""
    return {
        "board": "",
        "incident": f"i/{rows['incident']}/",
        "roster": "roster/",
        "roster-week": f"roster/{rows['schedule']}/plan/?view=week",
        "roster-month": f"roster/{rows['schedule']}/plan/",
        "what-if": "roster/what-if/",
        "readiness": "roster/ahead/",
        "engine": "engine/",
        "mail": "mail/",
        "accounts": "accounts/",
        "account": "accounts/K-1002/",
        "policies": "policies/",
        "policy": f"policies/{rows['policy']}/",
        "operator": "operator/",
        "status": "status/",
        "privacy": "privacy/",
        "audit": "audit/",
        "reachability": "me/",
        "security": "security/",
        "security-app": "security/app/",
        "security-passkey": "security/passkey/",
        "security-confirm": "security/confirm/",
    }


def pictures(page: Page, name: str) -> None:
    """Screenshots at both widths, by day and by night, where `make screenshots` asked
    for them."""
    if name not in PICTURED or not os.environ.get("EMERGENCY_SCREENSHOTS"):
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    for window in WIDTHS:
        page.set_viewport_size(window)
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            shot = Image.open(io.BytesIO(page.screenshot(full_page=True)))
            # The beginning tells what a page is like; a long one would only be heavy.
            part = shot.crop((0, 0, shot.width, min(shot.height, 1600)))
            file = PICTURES / f"{name}-{window['width']}-{colours}.webp"
            part.save(file, "WEBP", quality=70)


def test_no_page_of_the_desk_has_a_barrier_by_night_or_by_day(
    product: Product, chromium: Browser
) -> None:
    """Everything is asked at night on a telephone, where most is at stake; by day at a
    desk what can differ there: colours and width."""
    # Without motion, so that a colour is not looked at while it changes.
    context = chromium.new_context(
        locale="de-AT", viewport=PHONE, color_scheme="dark", reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{product.url}/desk/login/")
    no_barriers(page, "sign-in of the desk")
    for who, addresses in (
        ("jakob", OF_ADMINISTRATORS),
        ("eva", pages(product.ask(ROWS))),
    ):
        context.clear_cookies()
        sign_in(page, product, who, "/desk/")
        _without_barriers(product, page, addresses)
    context.close()
    if os.environ.get("EMERGENCY_SCREENSHOTS"):
        _at_work(product, chromium)


def _without_barriers(product: Product, page: Page, addresses: dict[str, str]) -> None:
    for name, path in addresses.items():
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        page.goto(f"{product.url}/desk/{path}")
        expect(page.locator("main h1").first).to_be_visible()
        no_barriers(page, f"{name}, on a telephone at night")
        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme="light")
        found = Axe().run(page, options=CONTRAST)
        assert not found.violations_count, f"{name}: {found.generate_report()}"
        assert fits(page), f"{name} is wider than its window"
        if name not in AT_WORK:
            pictures(page, name)


def _at_work(product: Product, chromium: Browser) -> None:
    """Pictures of what a technician has before them who is about to call back."""
    context = chromium.new_context(locale="de-AT", reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, product, "anna", "/desk/")
    addresses = pages(product.ask(ROWS))
    for name in sorted(AT_WORK):
        page.goto(f"{product.url}/desk/{addresses[name]}")
        expect(page.locator("main h1").first).to_be_visible()
        pictures(page, name)
    context.close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Page]:
    """Somebody who reads English and has not signed in, in front of a wide window."""
    context = chromium.new_context(
        locale="en-GB", viewport={"width": 1440, "height": 1000}
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_a_good_night_is_told_on_the_stage_by_one_click(
    product: Product, visitor: Page
) -> None:
    product.calm()
    page = visitor
    page.goto(f"{product.url}/demo/")
    customer, phones, desk = (
        page.frame_locator(f"iframe[name={name}]")
        for name in ("customer", "phones", "desk")
    )
    expect(customer.locator("[name=server_name]")).to_be_visible()
    page.click("button[value=good]")
    now = page.locator(".stage-now")
    reference = re.compile(r"NF-\w{4}-\w{4}")
    expect(now.locator(".told")).to_contain_text(reference)
    expect(phones.locator(".call.ringing").first).to_be_visible()
    # Nobody signed in; the desk is that of the technician who is called.
    incident = now.locator(".reference").inner_text()
    expect(desk.locator("main")).to_contain_text(incident)
    expect(customer.locator("main")).to_contain_text(incident)
    if os.environ.get("EMERGENCY_SCREENSHOTS"):
        page.wait_for_timeout(1500)
        shot = Image.open(io.BytesIO(page.screenshot()))
        shot.quantize(128).save(IMAGES / "stage.png", optimize=True)
    eventually(lambda: product.ask(REACHED), within=60.0, every=0.5, why="reached")
    expect(now.locator(".badge.good").first).to_be_visible(timeout=15_000)
    page.set_viewport_size(PHONE)
    page.goto(f"{product.url}/demo/")
    no_barriers(page, "the stage on a telephone")
    expect(page.locator("iframe[name=customer]")).to_be_hidden()
    installable(page, product)


def installable(page: Page, product: Product) -> None:
    """Chromium has nothing against the desk on a home screen."""
    page.goto(f"{product.url}/desk/")
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["url"].endswith("/manifest.webmanifest")
    assert manifest["errors"] == []
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A browser without a profile on disk installs nothing; the page is not to blame.
    kinds = {error["errorId"] for error in found} - {"in-incognito"}
    assert kinds == set()
