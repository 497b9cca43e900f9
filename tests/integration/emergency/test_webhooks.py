"""What the provider tells us: believed when signed, applied once, never backwards."""

import itertools
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from twilio.request_validator import RequestValidator

from emergency.actions.acknowledge import acknowledge, release
from emergency.actions.callback import record_attempt
from emergency.actions.escalate import _decide_deadline
from emergency.actions.inbound import MOST_REPLIES
from emergency.actions.send import claim, record_receipt
from emergency.actions.steps import queue_pages
from emergency.models import Incident, Page, ProviderCallback
from emergency.pagers.base import Receipt
from emergency.rules.escalation import Method
from tests.people import NIGHT

TOKEN = "token-of-the-tests"
SECONDARY = "token-that-comes-next"
INBOUND = "/webhooks/twilio/sms/inbound"

_messages = itertools.count(1)


@pytest.fixture(autouse=True)
def _in_the_night(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT)


@pytest.fixture
def provider_says(settings):
    """A request of the provider, signed for the address it was given."""

    def say(path, token=TOKEN, **values):
        url = f"{settings.PUBLIC_BASE_URL}{path}"
        signature = RequestValidator(token).compute_signature(url, values)
        return Client().post(path, values, headers={"X-Twilio-Signature": signature})

    return say


@pytest.fixture
def call(incident):
    """Anna's call, at the provider but not yet recorded by its sender."""
    return claimed(incident, "voice")


@pytest.fixture
def text(incident):
    """Anna's SMS, in the same state."""
    return claimed(incident, "sms")


def claimed(incident, kind):
    page = incident.pages.filter(kind=kind).earliest("pk")
    return held(page)


def held(page):
    """The order of a page that a sender now holds."""
    claim_of_it = claim(page_id=page.pk, now=NIGHT)
    assert claim_of_it is not None
    return claim_of_it[0]


def key_path(order):
    return f"/webhooks/twilio/voice/{order.token}/key"


def status_path(order):
    return f"/webhooks/twilio/{order.kind}/{order.token}/status"


def ringing(word="ringing", sequence="1", **more):
    return {"CallSid": "CA1", "CallStatus": word, "SequenceNumber": sequence, **more}


def page_of(order):
    return Page.objects.get(pk=order.page_id)


def refreshed(incident):
    return Incident.objects.get(pk=incident.pk)


def reply(body, sender):
    sid = f"SM{next(_messages)}"
    return {"From": sender, "To": "+43720880000", "Body": body, "MessageSid": sid}


def paths(order):
    return [key_path(order), status_path(order), INBOUND]


def test_a_request_without_a_signature_is_refused_and_changes_nothing(call, incident):
    for path in paths(call):
        answer = Client().post(path, {"Digits": call.digit, **ringing()})
        assert (answer.status_code, answer.content) == (403, b"")
    assert refreshed(incident).status == Incident.Status.PAGING
    assert not ProviderCallback.objects.exists()


def test_a_request_signed_with_another_token_is_refused(call, provider_says):
    for path in paths(call):
        assert provider_says(path, token="a-guess", Digits="1").status_code == 403


def test_a_signature_of_another_form_is_refused(call, settings):
    url = f"{settings.PUBLIC_BASE_URL}{key_path(call)}"
    signature = RequestValidator(TOKEN).compute_signature(url, {"Digits": "0"})
    answer = Client().post(
        key_path(call),
        {"Digits": call.digit},
        headers={"X-Twilio-Signature": signature},
    )
    assert answer.status_code == 403


def test_without_a_token_of_our_own_nothing_is_believed(call, provider_says, settings):
    settings.TWILIO_AUTH_TOKEN = ""
    answer = provider_says(key_path(call), token="", Digits=call.digit)
    assert answer.status_code == 403


@pytest.mark.parametrize("token", [TOKEN, SECONDARY])
def test_while_tokens_are_changed_both_are_accepted(
    call, provider_says, settings, token
):
    settings.TWILIO_AUTH_TOKEN_SECONDARY = SECONDARY
    assert provider_says(status_path(call), token, **ringing()).status_code == 204


def signature_of(url, values, *, token=TOKEN, algorithm=None):
    return RequestValidator(token).compute_signature(url, values, algorithm)


def test_the_newer_algorithm_is_understood(call, settings):
    settings.TWILIO_WEBHOOK_KEY = "the-shared-key"
    path = status_path(call)
    url = f"{settings.PUBLIC_BASE_URL}{path}"
    for key, expected in (("the-shared-key", 204), ("a-guess", 403)):
        headers = {
            "X-Twilio-Signature": signature_of(
                url, ringing(), token=key, algorithm="HMAC_SHA256"
            ),
            "X-Twilio-Webhooks-Signature-Settings": "key=KY1,algorithm=HMAC_SHA256",
        }
        assert Client().post(path, ringing(), headers=headers).status_code == expected


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "é" * 28},
        {"X-Twilio-Signature": "=" * 28},
        {
            "X-Twilio-Signature": "x" * 28,
            "X-Twilio-Webhooks-Signature-Settings": "algorithm=ROT13",
        },
        {
            "X-Twilio-Signature": "x" * 28,
            "X-Twilio-Webhooks-Signature-Settings": ",,==",
        },
    ],
)
@pytest.mark.parametrize("body", ["{}", "[1", "\xff", ""])
def test_rubbish_is_refused_and_never_an_error(call, headers, body):
    for path in paths(call):
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            answer = Client().post(path, body, content_type=kind, headers=headers)
            assert answer.status_code == 403


def test_a_signed_json_body_is_believed_by_its_hash(call, settings):
    body = '{"CallStatus": "ringing"}'
    digest = RequestValidator(TOKEN).compute_hash(body)
    path = f"{status_path(call)}?bodySHA256={digest}"
    signature = signature_of(f"{settings.PUBLIC_BASE_URL}{path}", {})
    for sent, expected in ((body, 204), (body.replace("ringing", "busy"), 403)):
        answer = Client().post(
            path,
            sent,
            content_type="application/json",
            headers={"X-Twilio-Signature": signature},
        )
        assert answer.status_code == expected


@pytest.mark.parametrize("port", ["", ":443"])
def test_the_signature_may_name_the_usual_port_or_not(call, settings, port):
    settings.PUBLIC_BASE_URL = "https://support.example"
    url = f"https://support.example{port}{status_path(call)}"
    answer = Client().post(
        status_path(call),
        ringing(),
        headers={"X-Twilio-Signature": signature_of(url, ringing())},
    )
    assert answer.status_code == 204


def test_reading_an_address_of_the_provider_is_not_allowed(call):
    for path in paths(call):
        assert Client().get(path).status_code == 405


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


def test_a_reply_acknowledges_even_before_the_sender_has_recorded_the_sms(
    text, incident, anna, provider_says
):
    answer = provider_says(INBOUND, **reply(text.code, text.address))
    assert b"You have it" in answer.content
    assert refreshed(incident).owner == anna


@pytest.mark.parametrize("written", ["{}", " {} ", '"{}"', "ack {}", "OK {}."])
def test_a_code_counts_however_it_is_written(text, incident, provider_says, written):
    provider_says(INBOUND, **reply(written.format(text.code), text.address))
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED


def test_a_code_counts_in_groups_of_digits(text, incident, provider_says):
    written = f"{text.code[:2]} {text.code[2:]}"
    provider_says(INBOUND, **reply(written, text.address))
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED


def test_a_bare_ok_counts_while_one_incident_is_open(text, incident, provider_says):
    provider_says(INBOUND, **reply("Ok!", text.address))
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED


@pytest.mark.parametrize("body", ["", "who is this?", "00000 ok", "no"])
def test_another_reply_acknowledges_nothing_and_is_answered(
    text, incident, provider_says, body
):
    answer = provider_says(INBOUND, **reply(body, text.address))
    assert b"fits no open page" in answer.content
    assert refreshed(incident).status == Incident.Status.PAGING


def test_a_stranger_is_not_answered(text, incident, provider_says):
    answer = provider_says(INBOUND, **reply(text.code, "+491713920099"))
    assert b"<Message>" not in answer.content
    assert refreshed(incident).status == Incident.Status.PAGING


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


@pytest.mark.parametrize("written", ["{}", "ok"])
def test_a_reply_told_again_after_a_release_does_not_stop_the_paging(
    text, incident, anna, provider_says, written
):
    message = reply(written.format(text.code), text.address)
    provider_says(INBOUND, **message)
    release(incident_id=incident.pk, staff=anna.staff, now=NIGHT)
    provider_says(INBOUND, **message)
    assert refreshed(incident).status == Incident.Status.PAGING

    provider_says(INBOUND, **reply(text.code, text.address))
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED


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


def machine_path(order):
    return f"/webhooks/twilio/voice/{order.token}/machine"


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


def about_nothing(anna, purpose="test", at=NIGHT):
    row = anna.contact_methods.get(kind="sms")
    method = Method(key=row.pk, kind="sms", address=row.address)
    return queue_pages(
        incident=None,
        technician=anna,
        methods=[method],
        purpose=purpose,
        step=0,
        now=at,
    )[0]


def test_the_code_of_a_page_about_no_emergency_is_understood(anna, provider_says):
    page = about_nothing(anna)
    answer = provider_says(INBOUND, **reply(page.code, page.address))
    assert b"noted" in answer.content
    page.refresh_from_db()
    assert page.answered_at == NIGHT


def test_a_bare_ok_means_the_emergency_whatever_else_waits(
    text, incident, anna, provider_says
):
    about_nothing(anna)
    provider_says(INBOUND, **reply("ok", text.address))
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED


def test_a_bare_ok_between_two_open_pages_means_none(anna, provider_says):
    pages = [about_nothing(anna), about_nothing(anna)]
    provider_says(INBOUND, **reply("ok", pages[0].address))
    assert not Page.objects.filter(answered_at__isnull=False).exists()


def test_a_code_of_last_month_is_no_longer_understood(anna, provider_says):
    page = about_nothing(anna, at=NIGHT - timedelta(days=30))
    answer = provider_says(INBOUND, **reply(page.code, page.address))
    assert b"fits no open page" in answer.content


def test_two_machines_that_answer_each_other_come_to_an_end(text, provider_says):
    cache.clear()
    answers = [
        b"<Message>" in provider_says(INBOUND, **reply("what?", text.address)).content
        for _ in range(MOST_REPLIES + 3)
    ]
    assert answers == [True] * MOST_REPLIES + [False] * 3
    answer = provider_says(INBOUND, **reply(text.code, text.address))
    assert b"You have it" in answer.content
