"""What the provider tells us is applied once and never backwards."""

import re

import pytest

from emergency.actions.acknowledge import acknowledge, release
from emergency.actions.callback import record_attempt
from emergency.actions.escalate import _decide_deadline
from emergency.actions.outcome import record_receipt
from emergency.models import Incident, Page, ProviderCallback
from emergency.pagers.base import Receipt
from tests.integration.emergency.telling import (
    INBOUND,
    held,
    key_path,
    machine_path,
    page_of,
    refreshed,
    reply,
    ringing,
    status_path,
)
from tests.people import NIGHT

pytestmark = pytest.mark.usefixtures("at_night")


@pytest.mark.django_db
def test_a_token_that_nobody_gave_out_is_not_found(provider_says):
    for kind in ("voice", "sms"):
        path = f"/webhooks/twilio/{kind}/nobody/status"
        assert provider_says(path, **ringing()).status_code == 404
    path = "/webhooks/twilio/voice/nobody/key"
    assert provider_says(path, Digits="1").status_code == 404


def test_a_key_acknowledges_even_before_the_sender_has_recorded_the_call(
    call, incident, anna, provider_says
):
    answer = provider_says(key_path(call), Digits=call.digit)
    assert b"You have it" in answer.content
    assert refreshed(incident).owner == anna

    taken = Receipt(provider="twilio", provider_id="CA1", status="queued")
    record_receipt(order=call, receipt=taken, now=NIGHT)
    assert page_of(call).status == Page.Status.DELIVERED


def test_a_repeated_status_changes_nothing(call, provider_says):
    for _ in range(3):
        assert provider_says(status_path(call), **ringing("busy")).status_code == 204
    assert ProviderCallback.objects.count() == 1
    incident = Incident.objects.get()
    assert incident.timeline.filter(code="page_failed").count() == 1


def test_a_repeated_key_changes_nothing(call, incident, provider_says):
    provider_says(key_path(call), Digits=call.digit)
    before = incident.timeline.count()
    answer = provider_says(key_path(call), Digits=call.digit)
    assert b"You have it" in answer.content
    assert incident.timeline.count() == before


def test_a_key_told_again_after_a_release_does_not_stop_the_paging(
    call, incident, anna, provider_says
):
    provider_says(key_path(call), Digits=call.digit)
    release(incident_id=incident.pk, staff=anna.staff, now=NIGHT)
    provider_says(key_path(call), Digits=call.digit)
    assert refreshed(incident).status == Incident.Status.PAGING


def test_callbacks_in_the_wrong_order_never_move_a_page_back(call, provider_says):
    provider_says(status_path(call), **ringing("no-answer", "3"))
    for sequence, word in enumerate(("initiated", "ringing", "in-progress")):
        provider_says(status_path(call), **ringing(word, str(sequence)))
    assert page_of(call).status == Page.Status.FAILED
    assert page_of(call).error_code == "no-answer"


def test_a_late_callback_of_a_withdrawn_page_changes_nothing(call, provider_says):
    Page.objects.filter(pk=call.page_id).update(status="withdrawn", lease_until=None)
    provider_says(status_path(call), **ringing("busy"))
    assert page_of(call).status == Page.Status.WITHDRAWN


def test_an_sms_that_arrives_is_delivered_and_acknowledges_nothing(
    text, incident, provider_says
):
    words = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    provider_says(status_path(text), **words)
    assert page_of(text).status == Page.Status.DELIVERED
    assert refreshed(incident).status == Incident.Status.PAGING


def test_an_undelivered_sms_keeps_the_reason_of_the_provider(text, provider_says):
    words = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003"}
    provider_says(status_path(text), **words)
    assert (page_of(text).status, page_of(text).error_code) == ("failed", "30003")


def test_a_wrong_key_is_asked_again_twice_and_then_no_more(call, provider_says):
    wrong = "1" if call.digit != "1" else "2"
    path, asked = key_path(call), 0
    while True:
        answer = provider_says(path, Digits=wrong).content.decode()
        again = re.search(rf"({key_path(call)}\?asked=\d)", answer)
        if again is None:
            break
        path, asked = again.group(1), asked + 1
    assert asked == 2
    assert "Please acknowledge at the desk" in answer


def test_whoever_presses_the_key_after_the_end_hears_that_nobody_is_needed(
    call, incident, anna, provider_says
):
    acknowledge(incident_id=incident.pk, technician=anna, now=NIGHT, via="desk")
    record_attempt(
        incident_id=incident.pk, staff=anna.staff, outcome="reached", now=NIGHT
    )
    answer = provider_says(key_path(call), Digits=call.digit)
    assert b"needs nobody any more" in answer.content
    assert refreshed(incident).status == Incident.Status.REACHED


def test_whoever_hears_of_a_missed_deadline_is_not_told_that_nobody_is_needed(
    incident, provider_says
):
    _decide_deadline(incident, incident.due_rows.get(kind="deadline"), NIGHT)
    page = incident.pages.get(purpose="missed", kind="voice")
    call = held(page)
    answer = provider_says(key_path(call), Digits=call.digit)

    assert b"needs nobody" not in answer.content
    assert b"acknowledge at the desk" in answer.content
    assert refreshed(incident).status == Incident.Status.PAGING


def test_of_a_callback_nothing_is_kept_that_names_a_person(call, text, provider_says):
    personal = {"From": "+436641112223", "To": "+436645556667", "CallerName": "Pat"}
    provider_says(status_path(call), **ringing(**personal))
    provider_says(key_path(call), Digits=call.digit, **personal)
    provider_says(INBOUND, **reply(f"{text.code} Grüße, Pat", text.address))

    stored = str(list(ProviderCallback.objects.values_list("values", flat=True)))
    assert ProviderCallback.objects.count() == 3
    for word in ("+43664", "Pat", text.address, text.code):
        assert word not in stored


def test_a_nul_in_a_callback_does_not_reach_the_database(call, provider_says):
    answer = provider_says(status_path(call), **ringing(AnsweredBy="hu\0man"))
    assert answer.status_code == 204


@pytest.mark.parametrize("who", ["machine_start", "machine_end_beep", "fax"])
def test_a_mailbox_that_the_provider_hears_makes_the_next_way_due_at_once(
    call, incident, provider_says, who
):
    for _ in range(2):
        assert provider_says(machine_path(call), AnsweredBy=who).status_code == 204
    assert (page_of(call).status, page_of(call).error_code) == ("failed", "machine")
    assert incident.timeline.filter(code="page_failed").count() == 1
    assert refreshed(incident).status == Incident.Status.PAGING


def test_a_person_that_the_provider_hears_acknowledges_nothing(
    call, incident, provider_says
):
    provider_says(status_path(call), **ringing("in-progress", "2"))
    provider_says(machine_path(call), AnsweredBy="human")
    assert page_of(call).status == Page.Status.SENT
    assert refreshed(incident).status == Incident.Status.PAGING


def test_a_key_counts_although_the_provider_took_the_person_for_a_machine(
    call, incident, provider_says
):
    provider_says(machine_path(call), AnsweredBy="machine_start")
    provider_says(key_path(call), Digits=call.digit)
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED
