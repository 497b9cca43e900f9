"""Only what is signed is believed, and nothing unsigned is an error."""

import pytest
from django.test import Client
from twilio.request_validator import RequestValidator

from emergency.models import Incident, ProviderCallback
from tests.integration.emergency.telling import (
    SECONDARY,
    TOKEN,
    key_path,
    paths,
    refreshed,
    ringing,
    status_path,
)

pytestmark = pytest.mark.usefixtures("at_night")


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
