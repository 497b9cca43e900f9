"""The pages of rate cards: who may, what they show, and how a card comes into force."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import RateCard, VatRate
from billing.ratecard_forms import RateCardForm
from tests.integration.billing.conftest import make_staff
from tests.integration.billing.door import an_incident
from tests.integration.billing.test_pages import signed_in, text, url


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


@pytest.fixture
def first(issuer):
    return RateCard.objects.get()


def filled(**changes):
    """What the untouched form sends, with some fields changed."""
    now = timezone.now()
    form = RateCardForm(current=RateCard.objects.in_force(now), now=now)
    data = {name: form[name].value() for name in form.fields}
    data["valid_from"] = f"{data['valid_from']:%Y-%m-%dT%H:%M}"
    return {**data, **changes}


def seen(response):
    """The hidden name of what the preview has shown."""
    found = re.search(r'name="seen" value="(\w{64})"', response.content.decode())
    assert found
    return found[1]


def every_page(card):
    return [url("ratecards"), url("ratecard_new"), url("ratecard", card.pk)]


@pytest.mark.parametrize("role", ["accounting", "administrator"])
def test_accounting_and_administrators_may(door, first, role):
    client = signed_in(make_staff(role))
    for address in every_page(first):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("role", ["technician", "duty_manager"])
def test_others_may_not_look_or_change(door, first, role):
    client = signed_in(make_staff(role))
    for address in every_page(first):
        assert client.get(address).status_code == 403, address
    assert client.post(url("ratecard_new"), filled()).status_code == 403
    assert Client().get(url("ratecards"))["Location"].startswith(reverse("login"))


def test_the_list_says_what_holds_and_until_when(door, first, page):
    soon = timezone.now() + timedelta(days=40)
    past = timezone.now() - timedelta(days=40)
    for start, fee in ((soon, "250.00"), (past, "220.00")):
        RateCard.objects.create(
            valid_from=start,
            initial_fee=Decimal(fee),
            included_minutes=30,
            support_hourly=Decimal("200.00"),
            application_analysis_hourly=Decimal("200.00"),
        )
    shown = text(page.get(url("ratecards")))
    assert shown.index("250.00") < shown.index("220.00")
    words = [shown.index(word) for word in (">coming<", ">in force<", ">replaced<")]
    assert words == sorted(words)
    assert "standard, version 1" in shown
    assert shown.count(">until ") == 2


def test_an_untouched_form_is_valid_and_begins_next_month(door, first, page):
    response = page.post(url("ratecard_new"), filled())
    assert response.status_code == 200
    assert response.context["form"].errors == {}
    begins = timezone.localtime(response.context["card"].valid_from)
    assert (begins.day, begins.hour, begins.minute) == (1, 0, 0)
    assert RateCard.objects.count() == 1


def test_the_preview_shows_both_languages_the_readings_and_this_month(
    door, profile, first, page
):
    door.add(an_incident(closed_at=timezone.now()))
    data = filled(initial_fee="250.00", late_callback="waive", increment="quarter")
    shown = text(page.post(url("ratecard_new"), data))
    assert 'lang="de"' in shown
    assert "250,00 EUR zuzüglich USt." in shown
    assert 'lang="en"' in shown
    assert "250.00 EUR plus VAT (300.00 EUR" in shown
    assert "charged per started quarter of an hour" in shown
    assert "you do not pay the initial fee" in shown
    assert "charge the initial fee after a review" in shown
    assert "NF-TEST-1" in shown
    assert "233.33" in shown
    assert "+66.67" in shown
    assert RateCard.objects.count() == 1


def test_what_was_seen_is_put_in_force(door, first, page, accountant):
    data = filled(support_hourly="180.00", policy_name="Herbst", prank="nothing")
    data["seen"] = seen(page.post(url("ratecard_new"), data))
    response = page.post(url("ratecard_new"), {**data, "publish": "1"})
    card = RateCard.objects.get(support_hourly=Decimal("180.00"))
    assert response.url == url("ratecard", card.pk)
    assert card.created_by == accountant
    policy = card.rating_policy
    assert (policy.name, policy.version, policy.prank) == ("Herbst", 1, "nothing")
    first.refresh_from_db()
    assert first.support_hourly == Decimal("200.00")
    shown = text(page.get(response.url))
    assert "Herbst, version 1" in shown
    assert "Made" in shown
    again = page.post(url("ratecard_new"), {**data, "publish": "1"})
    assert "Another rate card begins at this time" in text(again)
    assert RateCard.objects.count() == 2


def test_what_nobody_has_seen_is_shown_first(door, first, page):
    data = filled()
    data["seen"] = seen(page.post(url("ratecard_new"), data))
    other = {**data, "initial_fee": "1.00", "publish": "1"}
    shown = text(page.post(url("ratecard_new"), other))
    assert "Something was changed after the preview" in shown
    assert RateCard.objects.count() == 1
    unseen = page.post(url("ratecard_new"), {**filled(), "publish": "1"})
    assert unseen.status_code == 200
    assert RateCard.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"valid_from": "2020-01-01T00:00"}, "valid_from", "in the future only"),
        ({"valid_from": "soon"}, "valid_from", "valid date/time"),
        ({"initial_fee": "-1.00"}, "initial_fee", "greater than or equal to 0"),
        ({"support_hourly": "1.005"}, "support_hourly", "2 decimal places"),
        ({"included_minutes": "-1"}, "included_minutes", "greater than or equal"),
        ({"included_minutes": "99999"}, "included_minutes", "less than or equal"),
        ({"callback_within_minutes": "0"}, "callback_within_minutes", "greater"),
        ({"increment": "second"}, "increment", "valid choice"),
        ({"minimum_minutes": "-5"}, "minimum_minutes", "greater than or equal"),
        ({"least_amount": "x"}, "least_amount", "number"),
        ({"policy_name": ""}, "policy_name", "required"),
    ],
)
def test_a_wrong_card_is_explained_beside_its_field(
    door, first, page, changes, field, message
):
    data = {**filled(**changes), "publish": "1"}
    response = page.post(url("ratecard_new"), data)
    assert list(response.context["form"].errors) == [field]
    shown = text(response)
    assert message in shown
    assert 'aria-invalid="true"' in shown
    assert "Put in force" not in shown
    assert RateCard.objects.count() == 1


def test_cards_that_are_already_coming_are_named(door, first, page):
    coming = RateCard.objects.create(
        valid_from=timezone.now() + timedelta(days=90),
        initial_fee=Decimal("250.00"),
        included_minutes=30,
        support_hourly=Decimal("200.00"),
        application_analysis_hourly=Decimal("200.00"),
    )
    shown = text(page.get(url("ratecard_new")))
    assert "Already coming:" in shown
    assert url("ratecard", coming.pk) in shown


def test_a_month_without_emergencies_says_so(door, first, page):
    shown = text(page.get(url("ratecard", first.pk)))
    assert "No emergency was closed this month" in shown


def test_contradicting_work_is_named_and_counted_nowhere(door, first, page):
    now = timezone.now()
    broken = an_incident("NF-BAD", closed_at=now, callback_reached_at=now)
    door.add(broken)
    door.change("NF-BAD", triggered_at=now + timedelta(days=1))
    shown = text(page.get(url("ratecard", first.pk)))
    assert "In no sum, because the logged facts contradict each other: NF-BAD" in shown


def test_a_card_that_is_older_than_every_tax_rate_was_never_read(door, first, page):
    VatRate.objects.update(valid_from=timezone.localdate())
    shown = text(page.get(url("ratecard", first.pk)))
    assert "Nobody ordered under this card" in shown


def test_without_a_card_there_is_nothing_to_begin_with(door, db, page):
    assert RateCard.objects.count() == 1
    assert page.get(url("ratecard_new")).status_code == 200
    assert page.get(url("ratecard", 999_999)).status_code == 404


def test_the_pages_ask_a_fixed_number_of_questions(
    door, profile, first, page, known_facts, django_assert_max_num_queries
):
    for number in range(12):
        door.add(an_incident(f"NF-{number}", closed_at=timezone.now()))
    with django_assert_max_num_queries(10):
        page.get(url("ratecard", first.pk))
    with django_assert_max_num_queries(10):
        page.get(url("ratecards"))
