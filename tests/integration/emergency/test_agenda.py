"""An engine with nothing to do asks one question, and misses nothing by it."""

from datetime import timedelta

import pytest

from emergency.actions.escalate import NUDGE_AFTER, tick, what_waits
from emergency.models import (
    Bridge,
    DueRow,
    Heartbeat,
    Message,
    Page,
    SelfTest,
    SignInRequest,
)
from tests.people import NIGHT

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def idle(incident):
    """Nothing is due, and the roster has just been planned."""
    DueRow.objects.update(due_at=NIGHT + HOUR)
    Page.objects.update(status=Page.Status.WITHDRAWN)
    Heartbeat.objects.create(name="hand_offs", at=NIGHT)
    Heartbeat.objects.create(name="tick", at=NIGHT)
    return incident


def waiting(now=NIGHT):
    return {name for name, there in vars(what_waits(now)).items() if there}


def test_an_idle_tick_takes_two_statements(idle, django_assert_num_queries):
    with django_assert_num_queries(2):
        tick(now=NIGHT, by="test")


def test_a_decision_waits_from_its_instant_until_it_is_taken(idle):
    row = DueRow.objects.filter(incident=idle)[:1].get()
    row.due_at = NIGHT
    row.save()
    assert waiting(NIGHT - SECOND) - {"roster"} == set()
    assert waiting() == {"decisions"}
    row.done_at = NIGHT
    row.save()
    assert waiting() == set()


def test_the_roster_waits_when_it_was_not_planned_lately(idle):
    assert waiting(NIGHT + 11 * 60 * SECOND) == {"roster"}
    # A clock that was set back plans once more rather than never.
    assert waiting(NIGHT - SECOND) == {"roster"}


@pytest.mark.parametrize("status", Page.Status.values)
@pytest.mark.parametrize("kind", ["voice", "sms"])
def test_pages_wait_when_their_nudge_was_lost_and_calls_when_they_may_be_silent(
    idle, status, kind
):
    page = Page.objects.filter(kind=kind)[:1].get()
    old = NIGHT - 10 * SECOND
    Page.objects.filter(pk=page.pk).update(
        status=status, due_at=old, lease_until=old, sent_at=old
    )
    late = Page.objects.due(NIGHT - NUDGE_AFTER).exists()
    assert ("late_pages" in waiting()) is late
    assert ("calls" in waiting()) is (status == "sent" and kind == "voice")
    Page.objects.filter(pk=page.pk).update(
        due_at=NIGHT, lease_until=NIGHT, sent_at=NIGHT
    )
    assert waiting() == set()


@pytest.mark.parametrize("stage", Bridge.Stage.values)
def test_bridges_wait_when_their_nudge_was_lost_or_they_may_be_silent(
    idle, anna, stage
):
    old, over = NIGHT - 10 * SECOND, stage == "ended"
    Bridge.objects.create(
        incident=idle,
        technician=anna,
        token="t",
        digit="1",
        stage=stage,
        started_at=old,
        heard_at=old,
        lease_until=old,
        ended_at=old if over else None,
    )
    late = Bridge.objects.due(NIGHT - NUDGE_AFTER).exists()
    assert late is (stage in {"queued", "claimed"})
    assert ("late_bridges" in waiting()) is late
    assert ("bridges" in waiting()) is not over
    Bridge.objects.update(started_at=NIGHT, heard_at=NIGHT, lease_until=NIGHT)
    assert waiting() == set()


@pytest.mark.parametrize("status", Message.Status.values)
def test_messages_to_customers_wait_like_pages(idle, status):
    old = NIGHT - 10 * SECOND
    Message.objects.create(
        incident=idle,
        kind="sms",
        purpose=Message.Purpose.MISSED,
        address="+436641234567",
        language="de",
        text="Wir rufen an.",
        token="t",
        status=status,
        due_at=old,
        lease_until=old,
        sent_at=old,
    )
    late = Message.objects.due(NIGHT - NUDGE_AFTER).exists()
    assert waiting() == ({"late_messages"} if late else set())


def test_a_sign_in_request_waits_until_it_is_answered(idle):
    request = SignInRequest.objects.create(
        email="eva@example.com", requested_at=NIGHT, due_at=NIGHT
    )
    assert waiting() == set()
    assert waiting(NIGHT + SECOND) == {"late_sign_ins"}
    request.delete()
    assert waiting(NIGHT + SECOND) == set()


def test_self_tests_wait_while_one_is_under_way_and_when_their_time_has_come(
    idle, settings
):
    assert waiting() == set()
    settings.HOUSE_PHONE_NUMBER = "+4312345679"
    assert waiting() == {"self_tests"}
    for route in ("voice:twilio", "sms:twilio"):
        SelfTest.objects.create(
            route=route,
            started_at=NIGHT,
            due_at=NIGHT,
            ended_at=NIGHT,
            outcome=SelfTest.Outcome.PASSED,
        )
    assert waiting(NIGHT + SECOND) == set()
    assert "self_tests" in waiting(NIGHT + HOUR)
    SelfTest.objects.filter(route="sms:twilio").update(outcome="pending")
    assert waiting(NIGHT + SECOND) == {"self_tests"}
