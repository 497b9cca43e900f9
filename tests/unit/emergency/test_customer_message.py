"""What a customer is told, by which ways, and when."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules import customer_message as rules
from emergency.rules.phone_number import takes_sms
from emergency.rules.states import State

VIENNA = ZoneInfo("Europe/Vienna")
INSTANTS = st.datetimes(
    min_value=datetime.fromisoformat("2020-01-01"),
    max_value=datetime.fromisoformat("2035-01-01"),
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        ("2026-03-10T07:59", "2026-03-10T08:00"),
        ("2026-03-10T08:00", "2026-03-10T08:00"),
        ("2026-03-10T17:59", "2026-03-10T17:59"),
        ("2026-03-10T18:00", "2026-03-11T08:00"),
        ("2026-03-28T23:00", "2026-03-29T08:00"),  # the clock goes forward
        ("2026-10-25T02:30", "2026-10-25T08:00"),  # and back
    ],
)
def test_an_invoice_waits_for_the_day(at, leaves):
    now = datetime.fromisoformat(at).replace(tzinfo=VIENNA)
    expected = datetime.fromisoformat(leaves).replace(tzinfo=VIENNA)
    assert rules.due_at("invoice", now, VIENNA) == expected


@given(INSTANTS)
def test_an_invoice_leaves_between_eight_and_six_within_fifteen_hours(now):
    due = rules.due_at("invoice", now, VIENNA)
    assert now <= due <= now + timedelta(hours=15)
    assert time(8) <= due.astimezone(VIENNA).time() < time(18)


@given(INSTANTS, st.sampled_from(sorted(set(rules.WAYS) - {"invoice"})))
def test_everything_else_leaves_at_once(now, purpose):
    assert rules.due_at(purpose, now, VIENNA) == now


def test_without_an_address_nothing_goes_by_mail():
    for purpose in rules.WAYS:
        assert "email" not in rules.ways(purpose, has_email=False)
    assert rules.ways("withdrawal", has_email=False) == ("sms",)
    assert rules.ways("invoice", has_email=False) == ()


@pytest.mark.parametrize(
    ("purpose", "state", "true"),
    [
        ("taken", State.ACKNOWLEDGED, True),
        ("taken", State.PAGING, False),
        ("missed", State.REACHED, False),
        ("received", State.CANCELLED, False),
        ("withdrawal", State.CANCELLED, True),
        ("resolved", State.REACHED, False),
    ],
)
def test_nothing_is_said_that_is_no_longer_true(purpose, state, true):
    assert rules.is_still_true(purpose, state, timedelta(0)) is true


def test_what_happened_hours_ago_is_not_told_but_documents_are():
    late = timedelta(hours=2)
    assert not rules.is_still_true("received", State.PAGING, late)
    assert rules.is_still_true("invoice", State.CLOSED, late)


@pytest.mark.parametrize(
    ("number", "takes"),
    [
        ("+436641234567", True),
        ("+4915112345678", True),
        ("+12125550123", True),
        ("+431234567890", False),
        ("+493023125001", False),
        ("+43800123456", False),
        ("no number", False),
        ("", False),
    ],
)
def test_only_telephones_that_take_texts_get_one(number, takes):
    assert takes_sms(number) is takes
