"""The self-test: a page to a robot by every route, and what follows without answer."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from emergency.actions import self_test
from emergency.actions.roster import people_of
from emergency.models import Page, RouteHealth, SelfTest, Staff, Technician
from emergency.queries.health import is_behind
from emergency.queries.self_tests import code_wanted, digit_wanted, no_route_works
from emergency.rules.escalation import plan_from
from tests.telephone import Telephone, eventually

ROBOT = "+491713920090"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house_phone(settings) -> str:
    settings.HOUSE_PHONE_NUMBER = ROBOT
    settings.SELF_TEST_EVERY = 15
    settings.SELF_TEST_WITHIN = 120
    return ROBOT


def robot(night) -> Telephone:
    phone: Telephone = night.network.phone(ROBOT)
    return phone


def outcomes(**of):
    return dict(SelfTest.objects.filter(**of).values_list("route", "outcome"))


def notices(night):
    return list(
        Page.objects.filter(
            purpose="notice", kind="sms", technician=night.people["Eva"]
        )
        .order_by("pk")
        .values_list("values__code", flat=True)
    )


def test_a_page_to_the_robot_comes_back_by_every_route(night, house_phone):
    robot(night).behave("robot")
    night.act()
    eventually(
        lambda: outcomes() == {"voice:twilio": "passed", "sms:twilio": "passed"},
        why="key and reply come back",
    )
    health = RouteHealth.objects.get(pk="voice:twilio")
    assert health.last_delivery_at == night.now
    assert "12345" not in robot(night).texts()[0]
    assert "Self-test" in robot(night).texts()[0]
    assert not notices(night)
    assert not is_behind(now=night.now, grace=3 * SECOND)


def test_each_route_is_tested_again_after_its_time_and_not_before(
    quiet_night, house_phone
):
    night = quiet_night
    night.act()
    assert SelfTest.objects.count() == 2
    SelfTest.objects.update(outcome="passed", ended_at=night.now)
    night.pass_time(minutes=14)
    assert SelfTest.objects.count() == 2
    night.pass_time(minutes=1)
    assert SelfTest.objects.count() == 4


def test_what_does_not_come_back_has_failed_and_the_duty_manager_hears_it_once(
    quiet_night, house_phone
):
    night = quiet_night
    night.act()
    night.now += 89 * SECOND
    night.act()
    assert set(outcomes().values()) == {"pending"}
    assert not no_route_works()
    night.now += 31 * SECOND
    night.act()
    assert set(outcomes().values()) == {"failed"}
    assert {t.error_code for t in SelfTest.objects.all()} <= {
        "no_answer_came",
        "silence",
    }
    assert notices(night) == ["self_test_failed", "self_test_failed"]
    assert no_route_works()
    assert is_behind(now=night.now, grace=3 * SECOND)
    assert RouteHealth.objects.get(pk="sms:twilio").last_error == "no_answer_came"

    night.now += 15 * MINUTE
    night.act()
    night.now += 2 * MINUTE
    night.act()
    assert SelfTest.objects.filter(outcome="failed").count() == 4
    assert len(notices(night)) == 2


def test_the_duty_manager_hears_when_it_works_again(quiet_night, house_phone):
    night = quiet_night
    SelfTest.objects.create(
        route="sms:twilio",
        started_at=night.now - 15 * MINUTE,
        due_at=night.now - 13 * MINUTE,
        ended_at=night.now - 13 * MINUTE,
        outcome="failed",
        error_code="no_answer_came",
    )
    assert self_test.start(route="sms:twilio", now=night.now)
    page = Page.objects.get(purpose="self_test", kind="sms")
    self_test.came_back(page, night.now + 4 * SECOND, "sms")
    assert outcomes(page=page) == {"sms:twilio": "passed"}
    assert notices(night) == ["self_test_passed"]


def test_a_telephone_that_refuses_the_call_fails_at_once_with_its_reason(
    night, house_phone
):
    robot(night).behave("busy")
    night.act()
    eventually(
        lambda: Page.objects.filter(purpose="self_test", status="failed").exists(),
        why="the call is known to be busy",
    )
    night.act()
    failed = SelfTest.objects.get(route="voice:twilio")
    assert (failed.outcome, failed.error_code) == ("failed", "busy")


def test_an_answer_that_comes_too_late_does_not_count(quiet_night, house_phone):
    night = quiet_night
    self_test.start(route="voice:twilio", now=night.now)
    page = Page.objects.get(purpose="self_test")
    self_test.came_back(page, night.now + 121 * SECOND, "voice")
    test = SelfTest.objects.get()
    assert (test.outcome, test.error_code) == ("failed", "too_late")


def test_a_test_that_is_under_way_is_not_started_again(quiet_night, house_phone):
    assert self_test.start(route="voice:twilio", now=quiet_night.now)
    assert not self_test.start(route="voice:twilio", now=quiet_night.now + SECOND)
    with pytest.raises(KeyError):
        self_test.start(route="email", now=quiet_night.now)


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_the_same_moment_start_one_test(night, house_phone):
    together = threading.Barrier(4)

    def run():
        try:
            together.wait(10)
            self_test.keep_testing(now=night.now)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    self_test.keep_testing(now=night.now)
    assert SelfTest.objects.count() == 2


def test_without_a_house_phone_or_with_tests_off_nothing_is_sent(quiet_night, settings):
    settings.HOUSE_PHONE_NUMBER = ""
    self_test.keep_testing(now=quiet_night.now)
    settings.HOUSE_PHONE_NUMBER, settings.SELF_TEST_EVERY = ROBOT, 0
    self_test.keep_testing(now=quiet_night.now)
    assert not SelfTest.objects.exists()
    assert self_test.start(route="voice:twilio", now=quiet_night.now)


def test_the_house_phone_is_nobody(quiet_night, house_phone):
    night = quiet_night
    night.act()
    house = Technician.objects.get(is_house_phone=True)
    staff = Staff.objects.get(technician=house)
    assert not staff.is_active
    assert not staff.has_usable_password()
    # Even somebody who was let in again by mistake is not paged.
    Staff.objects.filter(pk=staff.pk).update(is_active=True)
    plan = plan_from(night.order().policy_snapshot)
    everybody, _ = people_of(None, plan=plan, now=night.now)
    assert house not in everybody
    assert len(everybody) == 4


def test_a_new_number_replaces_the_old_one(quiet_night, house_phone, settings):
    self_test.start(route="sms:twilio", now=quiet_night.now)
    settings.HOUSE_PHONE_NUMBER = "+491713920091"
    self_test.start(route="voice:twilio", now=quiet_night.now)
    house = Technician.objects.get(is_house_phone=True)
    numbers = set(house.contact_methods.values_list("address", flat=True))
    assert numbers == {"+491713920091"}


def test_the_robot_of_a_real_provider_is_told_key_and_code(quiet_night, house_phone):
    now = quiet_night.now
    self_test.start(route="voice:twilio", now=now)
    self_test.start(route="sms:twilio", now=now)
    call = Page.objects.get(purpose="self_test", kind="voice")
    text = Page.objects.get(purpose="self_test", kind="sms")
    assert digit_wanted(number=ROBOT, now=now) == call.digit
    assert digit_wanted(number="+491713920051", now=now) == ""
    said = f"Self-test. Reply {text.code}."
    assert code_wanted(number=ROBOT, text=said, now=now) == text.code
    assert code_wanted(number=ROBOT, text="Your parcel has arrived", now=now) == ""
    assert digit_wanted(number=ROBOT, now=now + timedelta(hours=1)) == ""
