"""Every way of a customer through the pages, at 360 px in German without scripts, and
once more the other way round."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.customers import (
    HARDEST,
    INCIDENTS,
    OPPOSITE,
    OTHERS,
    TRACKING,
    Customer,
    fill_in,
    fits,
    new_server,
    order,
    press_order,
)
from tests.product import Product
from tests.telephone import eventually

# One product serves these browsers, one the others; a third is killed beside them.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TARIFF = """
import json
from emergency.models import Circumstances
said = Circumstances.objects.get(report__servers__typed="{server}")
print(json.dumps(said.tariff_case))
"""
VERDICT = """
import json
from emergency.models import Report
report = Report.objects.get(servers__typed="{server}")
confirmed = report.maintenance_evidence.get("confirmed")
print(json.dumps([report.maintenance_result, confirmed]))
"""
# Monday is 0; a day never opens at the time at which it closes.
OFFICE = """
import json
from datetime import time
from django.utils import timezone
from emergency.models import OperatorProfile
profile = OperatorProfile.objects.first()
profile.pk, profile.valid_from = None, timezone.now()
today = timezone.localtime().weekday()
profile.office_days = {days}
profile.office_opens, profile.office_closes = time(0), time(23, 59, 59)
profile.save()
print(json.dumps("done"))
"""
ALWAYS_OPEN = "[0, 1, 2, 3, 4, 5, 6]"
NOT_TODAY = "[day for day in range(7) if day not in (today, (today + 1) % 7)]"
STATUS_PAGE = """
import json
from datetime import timedelta
from django.utils import timezone
from status.actions.components import set_components
from status.actions.rows import component_row
from status.models import Source, Window
from status.rules.matching import Component
now = timezone.now()
part = Component(id="part", name="{server}")
source = Source.objects.create(
    name="Test", url="https://status.test.example/{server}",
    next_fetch_at=now + timedelta(days=1), fetched_at={fetched})
set_components(source, [part])
source.save()
if source.fetched_at:
    Window.objects.create(
        source=source, external_id="w1", name="Kernel", state="running",
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=2),
        components=[component_row(part)])
print(json.dumps("done"))
"""
NO_STATUS_PAGE = """
import json
from status.models import Source
Source.objects.filter(name="Test").delete()
print(json.dumps("done"))
"""


@pytest.fixture
def page(customer: Customer) -> Page:
    return customer.page


@pytest.fixture(scope="module", autouse=True)
def _leaves_no_ringing_telephones(product: Product) -> Iterator[None]:
    yield
    product.calm()


def _renew(product: Product) -> None:
    """Its web processes read the operator's facts anew."""
    product.kill("web")
    eventually(lambda: product.get("/healthz")[0] == 0, why="the web process ends")
    eventually(product.is_ready, why="the web process is there again")


# Tests come in any order; what was set last holds until another wants otherwise.
_office: dict[str, str] = {}


def _keep_office(product: Product, days: str) -> None:
    if _office.get(product.url) != days:
        product.ask(OFFICE.format(days=days))
        _renew(product)
        _office[product.url] = days


@pytest.fixture
def fee_hours(product: Product) -> None:
    _keep_office(product, NOT_TODAY)


@pytest.fixture
def free_hours(product: Product) -> None:
    _keep_office(product, ALWAYS_OPEN)


@contextmanager
def _status_page(product: Product, server: str, fetched: str) -> Iterator[None]:
    product.ask(STATUS_PAGE.format(server=server, fetched=fetched))
    try:
        yield
    finally:
        product.ask(NO_STATUS_PAGE)


@pytest.mark.parametrize(
    "customer", [HARDEST, OPPOSITE, *OTHERS], indirect=True, ids=str
)
def test_an_order_in_fee_hours(
    product: Product, customer: Customer, page: Page, fee_hours
) -> None:
    server = new_server()
    page.goto(product.url)
    customer.reads("Jetzt fällt das Grundentgelt an", "The fee applies now")
    assert fits(page)
    fill_in(page, product, server, kind="business")
    customer.reads("240,00", "240.00")
    assert fits(page)
    press_order(page)
    customer.reads("Wir rufen Sie", "We call you")
    assert fits(page)
    assert product.ask(TARIFF.format(server=server)) == "fee"


def test_maintenance_that_runs_is_shown_and_confirmed_by_one_tick(
    product: Product, customer: Customer, page: Page
) -> None:
    server = new_server()
    with _status_page(product, server, "now"):
        fill_in(page, product, server, kind="business")
        customer.reads("Kernel", "Kernel")
        page.click("button.order")
        expect(page).to_have_title(re.compile("^(Fehler|Error):"))
        assert fits(page)
        page.check("[name=maintenance_confirmed]")
        press_order(page)
    assert product.ask(VERDICT.format(server=server)) == ["active", True]


def test_an_unknown_status_is_said_and_stops_nobody(
    product: Product, customer: Customer, page: Page
) -> None:
    server = new_server()
    with _status_page(product, server, "None"):
        fill_in(page, product, server, kind="business")
        customer.reads(
            "Die Statusseite lässt sich gerade nicht prüfen",
            "The status page cannot be checked at the moment",
        )
        press_order(page)
    assert product.ask(VERDICT.format(server=server)) == ["unknown", False]


def test_all_errors_stand_at_once_and_nothing_typed_is_lost(
    product: Product, customer: Customer, page: Page
) -> None:
    page.goto(product.url)
    page.fill("[name=reproduction_steps]", "Startseite öffnen")
    page.fill("[name=callback_number]", "0664 l2345")
    page.click("form#report-form button.main")
    expect(page).to_have_title(re.compile("^(Fehler|Error):"))
    summary = page.locator(".summary[role=alert]:visible")
    expect(summary.locator("a")).to_have_count(3)
    expect(summary).to_contain_text(customer.kind.words("Buchstaben", "letters"))
    expect(page.locator("[name=reproduction_steps]")).to_have_value("Startseite öffnen")
    assert fits(page)


def test_going_back_from_the_check_page_keeps_everything(
    product: Product, page: Page
) -> None:
    server = new_server()
    fill_in(page, product, server, kind="business")
    page.go_back()
    expect(page.locator("[name=server_name]")).to_have_value(server)
    page.click("form#report-form button.main")
    page.locator("button[name=change][value=server_name]").click()
    expect(page.locator("[name=server_name]")).to_have_value(server)
    expect(page.locator("[name=problem_description]")).to_have_value(
        "Der Shop zeigt Fehler 502."
    )


def test_whoever_leaves_the_form_and_comes_back_finds_it_as_it_was(
    product: Product, customer: Customer, page: Page
) -> None:
    server = new_server()
    fill_in(page, product, server, kind="business")
    page.goto(f"{product.url}/imprint/")
    page.goto(product.url)
    customer.reads("nicht bestellt haben", "did not order")
    expect(page.locator("[name=server_name]")).to_have_value(server)
    page.locator("#kept button").click()
    expect(page.locator("[name=server_name]")).to_have_value("")


def test_files_of_the_form_come_with_the_order(
    product: Product, customer: Customer, page: Page
) -> None:
    page.goto(product.url)
    page.locator("summary", has_text=re.compile("Logdateien|log files")).click()
    log: FilePayload = {
        "name": "error.log",
        "mimeType": "text/plain",
        "buffer": b"02:11 upstream timed out",
    }
    page.set_input_files("[name=attachments]", log)
    page.click("form#report-form button.main")
    customer.reads("error.log weglassen", "Leave out error.log")
    page.fill("[name=server_name]", new_server())
    page.fill("[name=problem_description]", "502")
    page.fill("[name=callback_number]", "+49 30 23125102")
    page.check("[name=ordering_as][value=business]")
    page.click("form#report-form button.main")
    customer.reads("error.log", "error.log")
    press_order(page)
    expect(page.locator("a.file")).to_have_text("error.log")


def test_a_double_click_is_one_order(product: Product, page: Page) -> None:
    server = new_server()
    fill_in(page, product, server, kind="business")
    page.locator("button.order").dblclick()
    expect(page).to_have_url(TRACKING)
    assert product.ask(INCIDENTS.format(server=server)) == [1, 1]


def test_reloading_after_the_order_orders_nothing(product: Product, page: Page) -> None:
    server = new_server()
    order(page, product, server)
    page.reload()
    expect(page).to_have_url(TRACKING)
    assert product.ask(INCIDENTS.format(server=server)) == [1, 1]
    assert fits(page)


def test_free_hours_show_the_free_ways_first_and_the_order_stays_possible(
    product: Product, customer: Customer, page: Page, free_hours
) -> None:
    server = new_server()
    page.goto(product.url)
    customer.reads("Der kostenlose Support ist jetzt offen", "Free support is open now")
    way = page.locator("a[href^='mailto:']").first.bounding_box()
    price = page.locator(".price").first.bounding_box()
    assert way is not None
    assert price is not None
    assert way["y"] < price["y"]
    assert fits(page)
    fill_in(page, product, server, kind="business")
    press_order(page)
    assert product.ask(TARIFF.format(server=server)) == "free_hours"


@pytest.mark.parametrize("customer", [OTHERS[1]], indirect=True, ids=str)
def test_a_dead_connection_takes_nothing_away(
    product: Product, customer: Customer, page: Page
) -> None:
    server = new_server()
    page.goto(product.url)
    page.fill("[name=server_name]", server)
    page.fill("[name=problem_description]", "Der Shop zeigt Fehler 502.")
    page.context.set_offline(True)
    page.click("form#report-form button.main")
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("[name=server_name]")).to_have_value(server)
    # The telephone dies: only what is on the device is left.
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.goto(f"{product.url}/imprint/")
    page.goto(product.url)
    expect(page.locator("[name=server_name]")).to_have_value(server)
    expect(page.locator("#kept")).to_be_visible()
    page.fill("[name=callback_number]", "+49 30 23125102")
    page.check("[name=ordering_as][value=business]")
    page.click("form#report-form button.main")
    press_order(page)
    page.goto(product.url)
    expect(page.locator("[name=server_name]")).to_have_value("")
    expect(page.locator("#kept")).to_be_hidden()
