"""The roster in a real browser: an override, a swap between two people, a rehearsal."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.customers import DESKTOP, PHONE
from tests.browser.test_customer import no_barriers
from tests.browser.test_main_job import picture, sign_in
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

VIENNA = ZoneInfo("Europe/Vienna")
# Whoever is on call in the first week after this one, and in the next, as the engine
# resolves it; and afterwards everything that the test has changed is taken back.
ON_CALL = """
import json
from datetime import datetime
from emergency.models import Schedule
from emergency.queries.roster import technicians_on_call
key = Schedule.objects.get(name="Emergency support").pk
print(json.dumps([
    [person.staff.full_name
     for person in technicians_on_call(schedule_id=key, now=datetime.fromisoformat(at))]
    for at in {instants}
]))
"""
PAGED = """
import json
from emergency.models import Incident, Page, RosterEntry
print(json.dumps([Incident.objects.count(), RosterEntry.objects.count(),
                  Page.objects.filter(purpose="emergency").count()]))
"""
TAKE_BACK = """
import json
from django.utils import timezone
from emergency.actions.overrides import cancel_override
from emergency.models import Override, Staff
for row in Override.objects.filter(cancelled_at__isnull=True):
    cancel_override(override_id=row.pk, now=timezone.now(),
                    staff=Staff.objects.get(email="eva@gipfelnetz.example"))
print(json.dumps("done"))
"""

SignIn = Callable[..., Page]


@pytest.fixture
def as_person(chromium: Browser, product: Product) -> Iterator[SignIn]:
    """A browser of its own for each person, in English, without scripts at first."""
    contexts: list[BrowserContext] = []

    def signed_in(who: str, *, scripts: bool = False) -> Page:
        context = chromium.new_context(
            locale="en-GB", viewport=DESKTOP, java_script_enabled=scripts
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.add_cookies(
            [{"name": "django_language", "value": "en", "url": product.url}]
        )
        page = context.new_page()
        sign_in(page, product, who, "/desk/roster/")
        return page

    yield signed_in
    for context in contexts:
        context.close()
    product.ask(TAKE_BACK)


def monday(weeks: int) -> datetime:
    """A Monday, 08:00, at which the demo's weekly turns change."""
    today = datetime.now(VIENNA).replace(hour=8, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 * weeks - today.weekday())


def on_call(product: Product, *instants: datetime) -> list[list[str]]:
    """Who the engine says is on call at these instants."""
    asked = [at.isoformat() for at in instants]
    found: list[list[str]] = product.ask(ON_CALL.format(instants=asked))
    return found


def calendar(page: Page, product: Product, at: datetime, view: str = "month") -> None:
    """The calendar of the schedule that is paged."""
    page.goto(f"{product.url}/desk/roster/")
    section = page.locator("section.roster", has_text="Emergency support")
    section.get_by_role("link", name="Month and week").click()
    page.goto(f"{page.url}?view={view}&on={at:%Y-%m-%d}")


def day(page: Page, at: datetime) -> Locator:
    """The day of the calendar in which this instant lies."""
    return page.locator(".plan-day").filter(
        has=page.locator(f"time[datetime='{at:%Y-%m-%d}']")
    )


def fits_and_is_accessible(page: Page) -> None:
    """At both widths and in both schemes, for everybody."""
    for window in (PHONE, DESKTOP):
        page.set_viewport_size(window)
        for dark in (False, True):
            # Buttons fade from one scheme to the other where motion is welcome.
            page.emulate_media(
                color_scheme="dark" if dark else "light", reduced_motion="reduce"
            )
            no_barriers(page, f"{page.url} {window} {dark}")


def choose(page: Page, field: str, name: str) -> None:
    page.locator(f"[name={field}]").select_option(label=name)


def test_an_override_is_made_from_its_day_and_shown_there(
    product: Product, as_person: SignIn
) -> None:
    eva = as_person("eva")
    at = monday(2) + timedelta(days=2)
    ((planned,),) = on_call(product, at)
    stand_in = next(n for n in ("Anna Berger", "Lukas Hofer") if n != planned)
    calendar(eva, product, at)
    expect(day(eva, at)).to_contain_text(f"all day {planned}")
    day(eva, at).get_by_role("link", name="Change").click()
    expect(eva.locator("[name=starts_at]")).to_have_value(f"{at:%Y-%m-%d}T00:00")
    eva.locator("[name=starts_at]").fill(f"{at:%Y-%m-%d}T18:00")
    eva.locator("[name=ends_at]").fill(f"{at:%Y-%m-%d}T22:00")
    choose(eva, "technician", stand_in)
    choose(eva, "replaced", planned)
    eva.get_by_role("button", name="Save the change").click()
    expect(eva.locator(".messages")).to_contain_text("Changed.")

    calendar(eva, product, at)
    expect(day(eva, at)).to_contain_text(f"00:00–18:00 {planned}")
    expect(day(eva, at)).to_contain_text(f"18:00–22:00 {stand_in}")
    expect(day(eva, at)).to_contain_text(f"{stand_in} instead of {planned}")
    picture(eva, "roster-month")
    # What looks for barriers is a script.
    eva = as_person("eva", scripts=True)
    for view in ("month", "week"):
        calendar(eva, product, at, view)
        fits_and_is_accessible(eva)
    noon, evening = at.replace(hour=12), at.replace(hour=20)
    assert on_call(product, noon, evening) == [[planned], [stand_in]]


def test_two_people_swap_and_both_see_it_on_the_days(
    product: Product, as_person: SignIn
) -> None:
    first, second = monday(1) + timedelta(days=1), monday(2) + timedelta(days=3)
    ((giver,), (taker,)) = on_call(product, first, second)
    proposer = as_person(giver.split()[0].lower())
    calendar(proposer, product, first)
    proposer.goto(f"{product.url}/desk/roster/")
    section = proposer.locator("section.roster", has_text="Emergency support")
    section.get_by_role("link", name="Offer a swap").click()
    choose(proposer, "partner", taker)
    for field, at in (
        ("given_from", first),
        ("given_until", first + timedelta(days=1)),
        ("taken_from", second),
        ("taken_until", second + timedelta(days=1)),
    ):
        proposer.locator(f"[name={field}]").fill(f"{at:%Y-%m-%dT%H:%M}")
    proposer.get_by_role("button", name="Ask your colleague").click()
    calendar(proposer, product, first)
    expect(day(proposer, first)).to_contain_text("Swap asked")
    expect(day(proposer, first)).to_contain_text(f"{taker} for {giver}")
    assert on_call(product, first) == [[giver]]

    partner = as_person(taker.split()[0].lower())
    partner.get_by_role("button", name="Agree").click()
    expect(partner.locator(".messages")).to_contain_text("Both shifts are changed.")
    for page in (proposer, partner):
        calendar(page, product, first, "week")
        expect(day(page, first)).to_contain_text(f"08:00–24:00 {taker}")
        expect(day(page, first)).not_to_contain_text("Swap asked")
        calendar(page, product, second, "week")
        expect(day(page, second)).to_contain_text(f"08:00–24:00 {giver}")
    assert on_call(product, first, second) == [[taker], [giver]]


def test_a_rehearsal_names_the_people_and_pages_nobody(
    product: Product, as_person: SignIn
) -> None:
    eva = as_person("eva")
    at = monday(1) + timedelta(days=2, hours=18, minutes=30)
    ((planned,),) = on_call(product, at)
    before = product.ask(PAGED)
    eva.get_by_role("link", name="What if").click()
    eva.locator("[name=at]").fill(f"{at:%Y-%m-%dT%H:%M}")
    eva.locator("[name=about]").fill("web01.lindner.example")
    eva.get_by_label("Nobody answers").check()
    eva.get_by_role("button", name="Show who would be paged").click()
    answer = eva.locator("section[aria-labelledby=answer]")
    expect(answer).to_contain_text("K-1002")
    step = answer.locator("li.card").first
    expect(step).to_contain_text(f"{at:%H:%M}:00 On call: Emergency support")
    expect(step.locator("strong").first).to_have_text(planned)
    step.get_by_text("Why these people").click()
    expect(step).to_contain_text(f"it is the turn of {planned}.")
    expect(answer).to_contain_text("The callback is missed")
    expect(eva.locator("[name=about]")).to_have_value("web01.lindner.example")
    eva.get_by_text(re.compile("Round 2")).first.click()
    picture(eva, "what-if")
    assert product.ask(PAGED) == before
    address = eva.url
    eva = as_person("eva", scripts=True)
    eva.goto(address)
    fits_and_is_accessible(eva)
