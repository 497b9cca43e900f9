"""The board in a browser: whoever sits in front of it sees and hears what is new."""

import copy
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.customers import new_server, order
from tests.browser.test_main_job import PASSWORD, sign_in
from tests.product import Product

# One product serves these browsers, one the others; a third is killed beside them.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

# One that is built in and always finds its owner there.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module", autouse=True)
def _leaves_no_ringing_telephones(product: Product) -> Iterator[None]:
    yield
    product.calm()


def test_a_new_incident_is_seen_without_touching_anything(
    product: Product, context: BrowserContext, page: Page
) -> None:
    board = context.new_page()
    sign_in(board, product, "eva", "/desk/")
    expect(board.locator("#arrived")).to_be_hidden()
    sound = board.locator("#sound")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    order(page, product, new_server())
    reference = re.findall(r"NF-\w{4}-\w{4}", page.inner_text("main"))[0]
    arrived = board.locator("#arrived")
    expect(arrived).to_be_visible()
    expect(arrived).to_contain_text(reference)
    expect(board).to_have_title(re.compile(r"^\(\d+\) "))
    icon = board.locator("link[rel=icon]")
    expect(icon).to_have_attribute("href", re.compile(r"^/desk/icon/[1-9]\d?\.svg$"))
    # What has been seen needs no alarm.
    board.locator("h1").click()
    expect(arrived).to_be_hidden()
    # The choice is the browser's, also tomorrow.
    board.reload()
    expect(sound).to_have_attribute("aria-pressed", "true")


def test_a_lost_connection_is_said(
    product: Product, context: BrowserContext, page: Page
) -> None:
    sign_in(page, product, "eva", "/desk/")
    context.set_offline(True)
    freshness = page.locator("[data-freshness]")
    expect(freshness).to_contain_text("Keine Verbindung")
    context.set_offline(False)
    expect(freshness).not_to_contain_text("Keine Verbindung")


def test_a_passkey_is_the_second_step_and_signs_in_alone(
    product: Product, context: BrowserContext
) -> None:
    """Made by Chromium itself; a passkey belongs to a name, not to an address."""
    page = context.new_page()
    here = copy.copy(product)
    here.url = product.url.replace("127.0.0.1", "localhost")
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in(page, here, "david", "/desk/")
    page.goto(f"{here.url}/desk/security/passkey/")
    page.fill("[name=name]", "Notebook")
    page.locator("main form button").click()
    page.wait_for_url("**/desk/security/codes/")
    page.locator("form[action='/desk/logout/'] button").click()

    page.fill("input[name=username]", "david@gipfelnetz.example")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/desk/login/second/")
    page.locator("form[data-passkey] button").click()
    page.wait_for_url("**/desk/")
    page.locator("form[action='/desk/logout/'] button").click()

    page.locator("form[data-passkey] button").click()
    page.wait_for_url("**/desk/")

    page.goto(f"{here.url}/desk/security/")
    page.locator("a[href*='/passkey/'][href$='/remove/']").click()
    page.locator("main form button").click()
    page.wait_for_url("**/desk/security/")
    assert page.locator("a[href$='/remove/']").count() == 0
