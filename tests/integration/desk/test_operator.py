"""The operator's facts and closing days are edited at the desk, in versions."""

from datetime import date, timedelta

import pytest
from django.test import Client

from emergency import operator_urls
from emergency.models import Holiday, OperatorProfile
from emergency.operator_facts import current_operator, kept
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.public.pages import read, text_of
from tests.people import NIGHT

FACTS = {
    "name": "Nordlicht",
    "hotline": "+43 720 880000",
    "support_phone": "",
    "support_email": "post@nordlicht.example",
    "support_text": "",
    "status_page_url": "https://status.nordlicht.example",
    "office_days": ["0", "1", "2", "3", "4", "5"],
    "office_opens": "07:30",
    "office_closes": "18:00",
    "sells_to": "mixed",
    "free_cancellation": "5",
    "objection_days": "21",
    "imprint": "Hafen 1",
    "privacy": "",
    "accessibility_contact": "",
}
TOMORROW = date(2026, 3, 11)


@pytest.fixture
def eva(desk: Desk, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    kept.forget()
    yield people.signed_in(desk.eva)
    kept.forget()


@pytest.mark.parametrize("pattern", operator_urls.urlpatterns, ids=lambda p: p.name)
def test_only_duty_managers_and_administrators_come_here(pattern, desk: Desk) -> None:
    assert pattern.callback.roles == {"duty_manager", "administrator"}
    technician = people.signed_in(desk.anna.staff)
    assert technician.get("/desk/operator/").status_code == 403


def test_a_change_is_a_new_version_that_customers_see(eva: Client, desk: Desk) -> None:
    assert eva.post("/desk/operator/save/", FACTS).status_code == 302
    first = OperatorProfile.objects.get()
    assert (first.staff, first.valid_from) == (desk.eva, NIGHT)
    assert current_operator().office_days == (0, 1, 2, 3, 4, 5)
    assert "+43 720 880000" in text_of(Client().get("/"))
    desk.clock.pass_time(minutes=1)
    changed = FACTS | {"name": "Südlicht", "based_on": str(first.pk)}
    eva.post("/desk/operator/save/", changed)
    assert OperatorProfile.objects.count() == 2
    assert current_operator().name == "Südlicht"
    before = OperatorProfile.objects.in_force(NIGHT)
    assert before is not None
    assert before.name == "Nordlicht"


def test_saving_what_is_already_said_makes_no_version(eva: Client) -> None:
    eva.post("/desk/operator/save/", FACTS)
    first = OperatorProfile.objects.get()
    eva.post("/desk/operator/save/", FACTS | {"based_on": str(first.pk)})
    assert OperatorProfile.objects.count() == 1


def test_two_who_save_at_once_never_overwrite_each_other(eva: Client) -> None:
    eva.post("/desk/operator/save/", FACTS)
    answer = eva.post("/desk/operator/save/", FACTS | {"name": "Zu spät"})
    assert "Somebody saved another version meanwhile" in text_of(answer)
    assert "Zu spät" in text_of(answer)
    assert OperatorProfile.objects.get().name == "Nordlicht"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "This field is required"),
        ("hotline", "0900 123456", "premium-rate"),
        ("support_phone", "call us", "letters"),
        ("office_closes", "07:30", "at the same time"),
        ("free_cancellation", "-1", "greater than or equal to 0"),
        ("status_page_url", "status", "valid URL"),
        ("office_days", ["7"], "valid choice"),
    ],
)
def test_a_bad_fact_says_why_beside_its_field_and_keeps_the_rest(
    eva: Client, field, typed, words
) -> None:
    answer = eva.post("/desk/operator/save/", FACTS | {field: typed})
    assert words in text_of(answer)
    assert read(answer).values()["objection_days"] == "21"
    assert not OperatorProfile.objects.exists()


def test_a_day_is_closed_and_opened_again(eva: Client) -> None:
    eva.post("/desk/operator/save/", FACTS)
    day = {"day": TOMORROW.isoformat(), "name": "Betriebsausflug"}
    assert eva.post("/desk/operator/close/", day).status_code == 302
    closing = Holiday.objects.get()
    assert (closing.source, closing.fee_time) == ("operator", False)
    assert dict(current_operator().closed)["2026-03-11"].name == "Betriebsausflug"
    again = eva.post("/desk/operator/close/", day | {"name": "Noch etwas"})
    assert "closed already: Betriebsausflug" in text_of(again)
    for _twice in range(2):
        eva.post("/desk/operator/open/", {"day": TOMORROW.isoformat()})
    assert not Holiday.objects.exists()


def test_public_holidays_and_the_past_are_not_the_operators_to_change(
    eva: Client,
) -> None:
    today = NIGHT.date()
    Holiday.objects.create(day=TOMORROW, name="Feiertag", source="calendar")
    Holiday.objects.create(
        day=today - timedelta(days=1), name="Vorbei", source="operator"
    )
    for day in (TOMORROW, today - timedelta(days=1)):
        eva.post("/desk/operator/open/", {"day": day.isoformat()})
    eva.post("/desk/operator/open/", {"day": "never"})
    assert Holiday.objects.count() == 2
    past = eva.post("/desk/operator/close/", {"day": "2026-03-01", "name": "x"})
    assert "has passed" in text_of(past)
