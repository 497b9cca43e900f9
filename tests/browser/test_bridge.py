"""Two technicians at the desk: both take it, one has it, calls over the bridge, and
hands it over."""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_main_job import order, sign_in
from tests.product import Product
from tests.telephone import Conversation, Telephone, eventually

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

CUSTOMER = "+493023125102"
PEOPLE = """
import json
from emergency.models import Technician
print(json.dumps([
    {"pk": one.pk, "mail": one.staff.email,
        "voice": one.contact_methods.usable().filter(
        kind="voice").order_by("position", "pk").first().address}
    for one in Technician.objects.filter(is_house_phone=False,
        staff__is_active=True, contact_methods__kind="voice",
        contact_methods__verified_at__isnull=False).distinct().order_by("pk")]))
"""
RECORD = """
import json
from emergency.billable import callback_record
record = callback_record(reference={reference!r})
print(json.dumps(dict(outcome=record.outcome, proof=record.reached_proof,
    calls=[[one.outcome, one.proof, one.talked is not None] for one in record.calls])))
"""
OWNER = """
import json
from emergency.models import Incident
print(json.dumps(Incident.objects.get(reference={reference!r}).owner_id))
"""
KEY = re.compile(r"(?:[Pp]ress|[Dd]rücken Sie(?: die)?) (\d)")


@pytest.fixture
def desks(chromium: Browser, product: Product) -> Iterator[list[Page]]:
    """Two technicians, each with a browser of their own."""
    contexts = [chromium.new_context(locale="de-AT") for _ in range(2)]
    pages = []
    for context, person in zip(contexts, product.ask(PEOPLE), strict=False):
        context.set_default_timeout(15_000)
        pages.append(context.new_page())
        sign_in(pages[-1], product, person["mail"].split("@")[0], "/desk/")
    yield pages
    for context in contexts:
        context.close()


def asked_for(call: Conversation) -> list[str]:
    """The keys that this call has asked for."""
    return KEY.findall(call.heard())


def pick_up(telephone: Telephone) -> Conversation:
    """The call over the bridge; pages that ring meanwhile are hung up."""
    while True:
        call = telephone.answer()
        found = eventually(partial(asked_for, call), why="a key is asked for")
        if "NF" not in call.heard() and "web01" not in call.heard():
            call.press(found[-1])
            return call
        call.hang_up()


def test_a_call_over_the_bridge_from_taking_it_to_reached(
    product: Product, page: Page, desks: list[Page]
) -> None:
    """The second tap loses; the bridge rings the winner, a key calls the customer, a
    key says reached; both desks and the customer's page show it. Then the other one
    takes it over."""
    product.calm()
    order(page, product)
    reference = re.search(r"NF-\w{4}-\w{4}", page.inner_text("main")).group()  # type: ignore[union-attr]
    first, second = desks
    for desk in desks:
        desk.goto(f"{product.url}/desk/i/{reference}/")
    for desk in desks:
        desk.locator("form[action$='/take/'] button").click()
    expect(first.locator("form.bridge button").first).to_be_visible()
    expect(second.locator("form.bridge button").first).not_to_be_visible()

    first.locator("form.bridge button").first.click()
    number = product.ask(PEOPLE)[0]["voice"]
    call = pick_up(product.phones.phone(number))
    expect(first.locator("[data-poll*='/bridge/now/']")).to_contain_text(CUSTOMER)
    second.reload()
    expect(second.locator("[data-poll*='/bridge/now/']")).to_be_attached()
    customer = product.phones.phone(CUSTOMER).answer()
    eventually(lambda: customer.telephone.calls()[0]["status"] == "in-progress")
    customer.hang_up()
    eventually(lambda: call._call()["gathering"], why="it asks how it went")
    call.press("1")

    # The open page loads itself: the next step is the time, and the proof stands.
    time = first.locator("form[action$='/time/']").first
    expect(time).to_be_visible(timeout=20_000)
    record = product.ask(RECORD.format(reference=reference))
    assert record == {
        "outcome": "met",
        "proof": "bridge",
        "calls": [["reached", "bridge", True]],
    }
    expect(second.locator("form[action$='/time/']").first).to_be_visible(timeout=20_000)
    page.goto(page.url)
    expect(page.locator("ul.calls li")).to_have_count(1)
    hand_over(product, first, second, reference)


def hand_over(product: Product, first: Page, second: Page, reference: str) -> None:
    """It stays with the one until the other has confirmed."""
    winner, other = (person["pk"] for person in product.ask(PEOPLE)[:2])
    asking = first.locator("form[action$='/hand-over/']")
    first.locator("details").filter(has=asking).locator("summary").click()
    asking.locator("select").select_option(str(other))
    asking.locator("button").click()
    assert product.ask(OWNER.format(reference=reference)) == winner
    second.goto(f"{product.url}/desk/i/{reference}/")
    second.locator("form[action$='/accept/'] button").click()
    expect(second.locator("form[action$='/accept/']")).to_have_count(0)
    assert product.ask(OWNER.format(reference=reference)) == other
