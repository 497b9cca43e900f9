"""What the operator's billing system tells us: signed, lately, once, or by hand."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.actions.collect import collect
from billing.actions.hand_over import (
    hand_over,
    take_back,
)
from billing.actions.hand_over_answer import record_answer
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve
from billing.actions.transmit import send_due
from billing.models import (
    BillingProfile,
    HandOver,
    HandOverEvent,
)
from billing.queries.todo import to_do
from tests.integration.billing.billing_system import OURS, THEIRS, answer, tell
from tests.integration.billing.stories import MORNING
from tests.integration.billing.test_pages import signed_in, text, url


def test_number_and_status_come_back(handed, door):
    key = HandOver.objects.get().key
    response = tell(**answer(key))
    assert (response.status_code, response.json()) == (200, {"status": "booked"})
    assert handed.hand_overs.get().external_number == "2026-4711"
    assert [fact["number"] for fact in door.told] == ["2026-4711"]
    assert door.told[0]["url_name"] == "", "the document is not ours to open"
    collect(now=MORNING + timedelta(days=1))
    assert list(door.open_work()) == []


def test_the_same_event_again_changes_nothing(handed, door):
    key = HandOver.objects.get().key
    for _ in range(3):
        assert tell(**answer(key)).status_code == 200
    assert HandOverEvent.objects.count() == 1
    assert len(door.told) == 1
    tell(**answer(key, status="cancelled"))
    assert HandOver.objects.get().status == "booked", "the event was used"


def test_an_overtaken_answer_is_kept_and_changes_nothing(handed, door):
    key = HandOver.objects.get().key
    tell(**answer(key, "e-2", "paid"))
    tell(**answer(key, "e-1", "accepted", ""))
    found = HandOver.objects.get()
    assert (found.status, found.external_number) == ("paid", "2026-4711")
    assert list(HandOverEvent.objects.values_list("status", "applied")) == [
        ("paid", True),
        ("accepted", False),
    ]


def test_paid_is_settled(handed, door):
    key = HandOver.objects.get().key
    tell(**answer(key, "e-1"))
    tell(**answer(key, "e-2", "paid"))
    handed.refresh_from_db()
    assert handed.settled_at is not None
    assert [fact["reference"] for fact in door.settled] == ["NF-TEST-1"]


def test_unsigned_forged_and_old_answers_are_refused(handed, mode):
    key = HandOver.objects.get().key
    old = timezone.now() - timedelta(minutes=6)
    early = timezone.now() + timedelta(minutes=6)
    assert tell("another word", **answer(key)).status_code == 403
    assert tell(OURS, **answer(key)).status_code == 403
    assert tell(now=old, **answer(key)).status_code == 403
    assert tell(now=early, **answer(key)).status_code == 403
    unsigned = Client().post(
        reverse("billing:hand_over_answer"),
        json.dumps(answer(key)),
        content_type="application/json",
    )
    assert unsigned.status_code == 403
    mode.HAND_OVER = {**mode.HAND_OVER, "CALLBACK_SECRET": ""}
    assert tell("", **answer(key)).status_code == 403
    assert not HandOverEvent.objects.exists()


def test_while_keys_change_both_are_believed(handed, mode):
    mode.HAND_OVER = {**mode.HAND_OVER, "CALLBACK_SECRET_SECONDARY": "the next word"}
    key = HandOver.objects.get().key
    assert tell("the next word", **answer(key)).status_code == 200
    assert tell(THEIRS, **answer(key, "e-2", "paid")).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event": ""}, "event"),
        ({"event": "e" * 71}, "event"),
        ({"event": 7}, "event"),
        ({"event": "a\x00"}, "event"),
        ({"key": None}, "key"),
        ({"status": "waiting"}, "status"),
        ({"status": "lost"}, "status"),
        ({"status": ["paid"]}, "status"),
        ({"number": 4711}, "number"),
        ({"number": "1" * 41}, "number"),
        ({"number": "1\x00"}, "number"),
        ({"message": "m" * 301}, "message"),
    ],
)
def test_a_wrong_field_is_named(handed, change, field):
    key = HandOver.objects.get().key
    response = tell(**{**answer(key), **change})
    assert (response.status_code, response.json()) == (400, {"error": field})
    assert HandOver.objects.get().status == "waiting"


def test_a_key_of_nobody_and_a_second_number_are_refused(handed):
    key = HandOver.objects.get().key
    assert tell(**answer("hand-over-of-somebody")).status_code == 404
    assert tell(**answer(key, number="")).json() == {"error": "number_missing"}
    tell(**answer(key))
    other = tell(**answer(key, "e-2", number="2026-4712"))
    assert (other.status_code, other.json()) == (409, {"error": "number_differs"})
    assert HandOver.objects.get().external_number == "2026-4711"
    assert Client().get(reverse("billing:hand_over_answer")).status_code == 405


# By hand, taken back


def test_accounting_types_in_what_it_reads_there(handed, door, accountant):
    page = signed_in(accountant)
    said = {"status": "booked", "number": "2026-4711"}
    response = page.post(url("answered_by_hand", handed.pk), said, follow=True)
    assert "2026-4711" in text(response)
    assert handed.hand_overs.get().events.get().staff == accountant
    back = page.post(
        url("answered_by_hand", handed.pk),
        {"status": "accepted", "number": ""},
        follow=True,
    )
    assert "has already said more" in text(back)
    missing = {"status": "paid", "number": ""}
    assert "Please enter it" in text(
        page.post(url("answered_by_hand", handed.pk), missing, follow=True)
    )


def refuse(document):
    return record_answer(
        key=HandOver.objects.filter(document=document).latest("pk").key,
        event_id=f"refused-{HandOver.objects.count()}",
        status="refused",
        number="",
        message="unknown debtor",
        source=HandOverEvent.Source.WEBHOOK,
        now=MORNING,
    )


def test_what_was_refused_is_put_right_and_handed_over_again(
    system, handed, accountant, door
):
    send_due(now=MORNING)
    refuse(handed)
    assert to_do().refused.documents == [handed]
    page = signed_in(accountant)
    assert "unknown debtor" in text(page.get(url("document", handed.pk)))
    page.post(url("take_back", handed.pk), {"why": "Debitor angelegt"})
    handed.refresh_from_db()
    assert handed.status == "draft"
    BillingProfile.objects.update(external_number="D-78")
    approve(document_id=handed.pk, staff_id=accountant.pk, now=MORNING)
    hand_over(document_id=handed.pk, now=MORNING)
    assert send_due(now=MORNING) == 1
    assert len(system.kept) == 2, "it is another key"
    assert json.loads(system.requests[-1][1])["external_account_number"] == "D-78"
    assert [one.status for one in handed.hand_overs.all()] == ["waiting", "refused"]


def test_only_what_was_refused_is_taken_back(handed, accountant):
    with pytest.raises(BillingRefusal) as refused:
        take_back(
            document_id=handed.pk, why="falsch", staff_id=accountant.pk, now=MORNING
        )
    assert refused.value.code == "not_refused"
    refuse(handed)
    with pytest.raises(BillingRefusal) as refused:
        take_back(document_id=handed.pk, why=" ", staff_id=accountant.pk, now=MORNING)
    assert refused.value.code == "why_missing"
