"""What a customer does on the page of an order, at 360 px in German without scripts,
and once more the other way round."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.customers import (
    INCIDENTS,
    TRACKING,
    Customer,
    fill_in,
    fits,
    new_server,
    order,
    press_order,
)
from tests.browser.test_main_job import issue, reach_log_and_close, sign_in
from tests.product import Product

# One product serves these browsers, one the others; a third is killed beside them.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def page(customer: Customer) -> Page:
    return customer.page


@pytest.fixture(scope="module", autouse=True)
def _leaves_no_ringing_telephones(product: Product) -> Iterator[None]:
    yield
    product.calm()


def test_a_second_report_joins_and_says_so(
    product: Product, customer: Customer, page: Page
) -> None:
    server = new_server()
    order(page, product, server)
    order(page, product, server)
    customer.reads("kostet nichts zusätzlich", "costs nothing of its own")
    assert product.ask(INCIDENTS.format(server=server)) == [2, 1]


def test_cancelling_in_the_first_minutes_is_free(
    product: Product, customer: Customer, page: Page
) -> None:
    order(page, product, new_server())
    words = customer.kind.words("Kostenlos stornieren", "Cancel free of charge")
    page.get_by_text(words).first.click()
    page.get_by_role("button", name=words).click()
    customer.reads("storniert", "cancelled")


def test_a_consumer_withdraws_in_two_steps(
    product: Product, customer: Customer, page: Page
) -> None:
    fill_in(page, product, new_server(), kind="consumer")
    page.check("[name=start_now]")
    page.check("[name=loses_withdrawal]")
    press_order(page)
    page.locator("a[href$='withdraw/']").first.click()
    page.fill("[name=name]", "Pat Muster")
    page.locator("main form button.main").click()
    customer.reads("Noch ist nichts geschehen", "Nothing has happened yet")
    page.locator("button[name=confirm]").click()
    expect(page).to_have_url(TRACKING)
    customer.reads("widerrufen", "withdrawn")


def test_the_page_of_the_order_leads_to_the_invoice(
    product: Product, customer: Customer, page: Page, context: BrowserContext
) -> None:
    server = "termine.praxis-sommer.example"
    order(page, product, server)
    reference = re.findall(r"NF-\w{4}-\w{4}", page.inner_text("main"))[0]
    # Nobody works on two incidents at the same time.
    technician = customer.kind.words("Mira", "David")
    desk = context.new_page()
    sign_in(desk, product, technician.lower(), "/desk/")
    desk.goto(f"{product.url}/desk/i/{reference}/")
    desk.locator("form[action$='/take/'] button").click()
    page.reload()
    customer.reads(technician, technician)
    reach_log_and_close(desk, hours_ago=2)
    page.reload()
    customer.reads("Zertifikat erneuert.", "Zertifikat erneuert.")
    customer.reads("Gelöst", "Solved")
    office = context.browser.new_context(locale="de-AT").new_page()  # type: ignore[union-attr]
    sign_in(office, product, "clara", "/billing/")
    number = issue(office, reference)
    office.context.close()
    page.reload()
    link = page.locator("a", has_text=number)
    expect(link).to_be_visible()
    answer = page.context.request.get(f"{product.url}{link.get_attribute('href')}")
    assert answer.body().startswith(b"%PDF-")
    assert fits(page)
