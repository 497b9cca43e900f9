"""Voice and SMS through Twilio, or anything that speaks its API.

No request is retried here: rows decide about repetition. Calls speak inline TwiML, so a
page needs no way back to us to be heard.
"""

import threading
from datetime import datetime
from typing import Any

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.twiml.voice_response import Gather, VoiceResponse

from emergency.pagers.base import (
    LONGEST_ID,
    LONGEST_WORD,
    PageOrder,
    PagerError,
    Receipt,
)
from emergency.pagers.wording import (
    key_request,
    no_key,
    short_text,
    speech,
    wrong_key,
)

SPEECH = {"de": ("de-DE", "Polly.Vicki"), "en": ("en-GB", "Polly.Amy")}
ROUNDS_OF_SPEECH = 3
SECONDS_FOR_THE_KEY = 6

# Codes that say the number itself is wrong (twilio.com/docs/api/errors). Any other
# refusal only fails this attempt: Twilio advises against long code tables.
NUMBER_IS_BAD = (21211, 21214, 21217, 21610, 21614, 13223, 13224)
CONCERNS_THE_ACCOUNT = (401, 403, 429)

_lock = threading.Lock()
_clients: dict[tuple[str, str, str], Client] = {}


def client() -> Client:
    """The one client per process and credentials, with a bounded wait per request.

    Raises PagerError (``not_configured``) without credentials.
    """
    sid, token = settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN
    if not sid or not token or not settings.TWILIO_FROM_NUMBER:
        raise PagerError("not_configured")
    key = (sid, token, settings.TWILIO_API_BASE_URL)
    with _lock:
        if key not in _clients:
            made = Client(
                sid,
                token,
                http_client=TwilioHttpClient(timeout=settings.TWILIO_TIMEOUT_SECONDS),
                # Not empty: an empty mapping would fall back to the process
                # environment.
                environment={"EMERGENCY": "1"},
            )
            if settings.TWILIO_API_BASE_URL:
                made.api.base_url = settings.TWILIO_API_BASE_URL.rstrip("/")
            _clients[key] = made
        return _clients[key]


def callback_url(kind: str, token: str, what: str) -> str:
    """The absolute address the provider reports to; the token names the attempt."""
    return f"{settings.PUBLIC_BASE_URL}/webhooks/twilio/{kind}/{token}/{what}"


def twiml_for(order: PageOrder) -> str:
    """The call: the case, read up to three times, each time asking for the key."""
    language, voice = SPEECH.get(order.language, SPEECH["en"])
    response = VoiceResponse()
    for _ in range(ROUNDS_OF_SPEECH):
        gather = Gather(
            input="dtmf",
            num_digits=1,
            timeout=SECONDS_FOR_THE_KEY,
            action=callback_url("voice", order.token, "key"),
            method="POST",
        )
        # Inside the Gather, so that a key pressed during the speech counts.
        gather.say(speech(order), language=language, voice=voice)
        gather.say(key_request(order), language=language, voice=voice)
        response.append(gather)
    response.say(no_key(order), language=language, voice=voice)
    response.hangup()
    return str(response)


def ask_again(*, token: str, digit: str, language: str, asked: int) -> str:
    """TwiML after a wrong key: the same question, for the time ``asked`` + 1."""
    speech_language, voice = SPEECH.get(language, SPEECH["en"])
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        num_digits=1,
        timeout=SECONDS_FOR_THE_KEY,
        action=f"{callback_url('voice', token, 'key')}?asked={asked}",
        method="POST",
    )
    gather.say(
        wrong_key(digit=digit, language=language),
        language=speech_language,
        voice=voice,
    )
    response.append(gather)
    response.hangup()
    return str(response)


def goodbye(text: str, language: str) -> str:
    """TwiML that says a last sentence and hangs up."""
    speech_language, voice = SPEECH.get(language, SPEECH["en"])
    response = VoiceResponse()
    response.say(text, language=speech_language, voice=voice)
    response.hangup()
    return str(response)


class VoicePager:
    """Pages by a call."""

    provider = "twilio"

    def send(self, order: PageOrder) -> Receipt:
        call = _asked(
            lambda: client().calls.create(
                to=order.address,
                from_=settings.TWILIO_FROM_NUMBER,
                twiml=twiml_for(order),
                timeout=settings.VOICE_RING_SECONDS,
                status_callback=callback_url("voice", order.token, "status"),
                status_callback_event=["initiated", "ringing", "answered", "completed"],
                status_callback_method="POST",
            )
        )
        return _receipt(call)

    def find(self, order: PageOrder, since: datetime) -> list[Receipt]:
        calls = _asked(
            lambda: client().calls.list(
                to=order.address,
                from_=settings.TWILIO_FROM_NUMBER,
                start_time_after=since,
                limit=20,
            )
        )
        return [_receipt(call) for call in calls]

    def look_up(self, provider_id: str) -> Receipt | None:
        return _receipt(_asked(lambda: client().calls(provider_id).fetch()))


class SmsPager:
    """Pages by an SMS that can be answered with its code."""

    provider = "twilio"

    def send(self, order: PageOrder) -> Receipt:
        message = _asked(
            lambda: client().messages.create(
                to=order.address,
                from_=settings.TWILIO_FROM_NUMBER,
                body=short_text(order),
                status_callback=callback_url("sms", order.token, "status"),
                validity_period=max(1, min(order.valid_seconds, 36_000)),
            )
        )
        return _receipt(message)

    def find(self, order: PageOrder, since: datetime) -> list[Receipt]:
        messages = _asked(
            lambda: client().messages.list(
                to=order.address,
                from_=settings.TWILIO_FROM_NUMBER,
                date_sent_after=since,
                limit=20,
            )
        )
        text = short_text(order)
        return [_receipt(message) for message in messages if message.body == text]

    def look_up(self, provider_id: str) -> Receipt | None:
        return _receipt(_asked(lambda: client().messages(provider_id).fetch()))


def _asked(request: Any) -> Any:
    """The provider's answer. Raises PagerError for each of the library's ways to
    fail."""
    try:
        return request()
    except TwilioRestException as error:
        if error.status >= 500:
            raise PagerError(f"http_{error.status}", unknown=True) from error
        raise PagerError(
            str(error.code or error.status),
            permanent=error.code in NUMBER_IS_BAD,
            answered=error.status not in CONCERNS_THE_ACCOUNT,
        ) from error
    except requests.ConnectTimeout as error:
        raise PagerError("no_connection") from error
    except requests.RequestException as error:
        # The request may have arrived: a reset connection proves nothing.
        raise PagerError("no_answer_from_provider", unknown=True) from error
    except (TwilioException, ValueError) as error:
        raise PagerError("unreadable_answer", unknown=True) from error


def _word(resource: Any) -> str:
    word = getattr(resource.status, "value", resource.status) or "queued"
    return str(word)[:LONGEST_WORD]


def _receipt(resource: Any) -> Receipt:
    if not resource.sid:
        raise PagerError("unreadable_answer", unknown=True)
    return Receipt(
        provider="twilio",
        provider_id=str(resource.sid)[:LONGEST_ID],
        status=_word(resource),
    )
