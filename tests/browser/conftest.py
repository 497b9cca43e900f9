"""A real Chromium beside the real product."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    sync_playwright,
)

from tests.browser.customers import DESKTOP, HARDEST, OPPOSITE, Customer, Kind

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a module. In CI a missing one is a failure, not a skip."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh German customer or technician, without cookies."""
    context = chromium.new_context(
        locale="de-AT", timezone_id="Europe/Vienna", viewport=DESKTOP
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(params=[HARDEST, OPPOSITE], ids=str)
def customer(request, chromium: Browser) -> Iterator[Customer]:
    kind: Kind = request.param
    context = chromium.new_context(
        locale=kind.language, viewport=kind.window, java_script_enabled=kind.scripts
    )
    context.set_default_timeout(15_000)
    yield Customer(context.new_page(), kind)
    context.close()
