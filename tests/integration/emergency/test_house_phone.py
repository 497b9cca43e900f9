"""The house phone as a second number at a real provider: two doors of our own."""

import pytest
from django.test import Client
from twilio.request_validator import RequestValidator

from emergency.actions import self_test
from emergency.models import Page, SelfTest
from tests.people import NIGHT

TOKEN = "token-of-the-tests"
HOUSE = "+491713920090"
INBOUND = "/webhooks/twilio/sms/inbound"


@pytest.fixture(autouse=True)
def _in_the_night(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT)


@pytest.fixture
def provider_says(settings):
    """A request of the provider, signed for the address it was given."""
    settings.HOUSE_PHONE_NUMBER = HOUSE

    def say(path, **values):
        url = f"{settings.PUBLIC_BASE_URL}{path}"
        signature = RequestValidator(TOKEN).compute_signature(url, values)
        return Client().post(path, values, headers={"X-Twilio-Signature": signature})

    return say


def test_the_house_phone_presses_the_key_that_the_call_asks_for(provider_says, anna):
    self_test.start(route="voice:twilio", now=NIGHT)
    digit = Page.objects.get(purpose="self_test").digit
    answer = provider_says(
        "/webhooks/twilio/house/voice", To=HOUSE, From="+43720880000"
    )
    assert f'digits="wwww{digit}wwww{digit}"' in answer.content.decode()
    wrong_number = provider_says("/webhooks/twilio/house/voice", To="+431234567890")
    assert "<Reject" in wrong_number.content.decode()


def test_the_house_phone_answers_a_text_with_its_code_and_is_not_answered(
    provider_says, anna
):
    self_test.start(route="sms:twilio", now=NIGHT)
    page = Page.objects.get(purpose="self_test")
    answer = provider_says(
        "/webhooks/twilio/house/sms", To=HOUSE, Body=f"Self-test. Reply {page.code}."
    )
    assert f"<Message>{page.code}</Message>" in answer.content.decode()
    reply = provider_says(INBOUND, From=HOUSE, Body=page.code, MessageSid="SM77")
    assert SelfTest.objects.get().outcome == "passed"
    assert "<Message>" not in reply.content.decode()


@pytest.mark.parametrize("door", ["voice", "sms"])
def test_the_doors_of_the_house_phone_open_only_to_the_provider(client, anna, door):
    assert client.post(f"/webhooks/twilio/house/{door}").status_code == 403
