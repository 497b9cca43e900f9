"""Voice and SMS through Twilio, or anything that speaks its API.

No request is retried here: rows decide about repetition. Calls speak inline TwiML, so a
page needs no way back to us to be heard.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from emergency.pagers.base import (
    LONGEST_CODE,
    LONGEST_ID,
    LONGEST_WORD,
    PageOrder,
    PagerError,
    Receipt,
    TextOrder,
)
from emergency.pagers.network import CONNECT_SECONDS, never_arrived, seconds_asked_for
from emergency.pagers.twiml import callback_url, twiml_for
from emergency.pagers.wording import short_text
from emergency.rules.delivery import FailureClass, failure_class

# Twilio does not like the address of our callbacks: the page goes without, and is asked
# about instead.
CALLBACK_REFUSED = "21609"
DOES_NOT_FIT_THE_NUMBER = frozenset(
    {
        FailureClass.NUMBER_INVALID,
        FailureClass.NOT_FOR_SMS,
        FailureClass.NO_ROUTE,
        FailureClass.OPTED_OUT,
    }
)
CONCERNS_THE_ACCOUNT = (401, 403, 429)

_lock = threading.Lock()
_clients: dict[tuple[str, str, str], Client] = {}


class KeepingHttpClient(TwilioHttpClient):  # type: ignore[misc]  # untyped library
    """The library's client with a short wait for the connection, and with what the
    last answer to this thread asked for in ``Retry-After``, which the library drops."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.timeout = (min(CONNECT_SECONDS, seconds), seconds)
        self.kept = threading.local()

    def request(self, *args: Any, **fields: Any) -> Any:
        self.kept.retry_after = None
        answer = super().request(*args, **fields)
        headers = answer.headers or {}
        self.kept.retry_after = seconds_asked_for(headers.get("Retry-After", ""))
        return answer


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
                http_client=KeepingHttpClient(settings.TWILIO_TIMEOUT_SECONDS),
                # Not empty: an empty mapping would fall back to the process
                # environment.
                environment={"EMERGENCY": "1"},
            )
            if settings.TWILIO_API_BASE_URL:
                made.api.base_url = settings.TWILIO_API_BASE_URL.rstrip("/")
            _clients[key] = made
        return _clients[key]


def is_set_up() -> bool:
    """Whether the settings hold an account."""
    return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN)


def account_trouble() -> str:
    """Why the provider does not know our account, as a code; empty when it does. A list
    of one call is asked for, nothing is sent."""
    try:
        asked(lambda: client().calls.list(limit=1, page_size=1))
    except PagerError as error:
        return error.code
    return ""


class VoicePager:
    """Pages by a call."""

    provider = "twilio"

    def is_configured(self) -> bool:
        return is_set_up()

    def send(self, order: PageOrder) -> Receipt:
        callbacks: dict[str, Any] = {
            "status_callback": callback_url("voice", order.token, "status"),
            "status_callback_event": ["initiated", "ringing", "answered", "completed"],
            "status_callback_method": "POST",
        }
        if settings.VOICE_DETECTS_MACHINES:
            # Beside the speech, not before it: nobody waits in silence for a verdict.
            callbacks |= {
                "machine_detection": "Enable",
                "async_amd": "true",
                "async_amd_status_callback": callback_url(
                    "voice", order.token, "machine"
                ),
                "async_amd_status_callback_method": "POST",
            }
        return sent(
            lambda more: client().calls.create(
                to=order.address,
                from_=settings.TWILIO_FROM_NUMBER,
                twiml=twiml_for(order),
                timeout=settings.VOICE_RING_SECONDS,
                **more,
            ),
            callbacks,
        )

    def find(self, order: PageOrder, since: datetime) -> list[Receipt]:
        calls = asked(
            lambda: client().calls.list(
                to=order.address,
                from_=settings.TWILIO_FROM_NUMBER,
                start_time_after=since,
                limit=20,
            )
        )
        return [receipt_of(call) for call in calls]

    def look_up(self, provider_id: str) -> Receipt | None:
        return receipt_of(asked(lambda: client().calls(provider_id).fetch()))

    def cancel(self, provider_id: str) -> None:
        """The call rings no more; one that was answered goes on. Raises PagerError."""
        asked(lambda: client().calls(provider_id).update(status="canceled"))


class SmsPager:
    """Pages by an SMS that can be answered with its code; texts to customers."""

    provider = "twilio"

    def is_configured(self) -> bool:
        return is_set_up()

    def send(self, order: PageOrder | TextOrder) -> Receipt:
        return sent(
            lambda more: client().messages.create(
                to=order.address,
                from_=settings.TWILIO_FROM_NUMBER,
                body=short_text(order),
                validity_period=max(1, min(order.valid_seconds, 36_000)),
                **more,
            ),
            {"status_callback": callback_url(order.kind, order.token, "status")},
        )

    def find(self, order: PageOrder | TextOrder, since: datetime) -> list[Receipt]:
        messages = asked(
            lambda: client().messages.list(
                to=order.address,
                from_=settings.TWILIO_FROM_NUMBER,
                date_sent_after=since,
                limit=20,
            )
        )
        return [receipt_of(one) for one in messages if _is_ours(one.body or "", order)]

    def look_up(self, provider_id: str) -> Receipt | None:
        return receipt_of(asked(lambda: client().messages(provider_id).fetch()))


def _is_ours(body: str, order: PageOrder | TextOrder) -> bool:
    """A text is known by its code, whatever else was worded differently since."""
    if not order.code:
        return body == short_text(order)
    return re.search(rf"\b{re.escape(order.code)}\b", body) is not None


def sent(create: Callable[[dict[str, Any]], Any], callbacks: dict[str, Any]) -> Receipt:
    """The provider took it; without callbacks where it refuses their address alone."""
    try:
        return receipt_of(asked(lambda: create(callbacks)))
    except PagerError as error:
        if error.code != CALLBACK_REFUSED:
            raise
        return replace(receipt_of(asked(lambda: create({}))), warning=error.code)


def asked(request: Callable[[], Any]) -> Any:
    """The provider's answer. Raises PagerError for each of the library's ways to
    fail."""
    try:
        return request()
    except TwilioRestException as error:
        raise _refusal(error) from error
    except requests.RequestException as error:
        if never_arrived(error):
            raise PagerError("no_connection") from error
        # The request may have arrived: a reset connection proves nothing.
        raise PagerError("no_answer_from_provider", unknown=True) from error
    except (TwilioException, ValueError) as error:
        raise PagerError("unreadable_answer", unknown=True) from error


def _refusal(error: TwilioRestException) -> PagerError:
    if error.status >= 500:
        return PagerError(f"http_{error.status}", unknown=True)
    # The library puts the status where an answer names no code of its own.
    named = error.code and error.code != error.status
    code = str(error.code) if named else f"http_{error.status}"
    kept = client().http_client.kept
    return PagerError(
        code,
        permanent=failure_class("", code) in DOES_NOT_FIT_THE_NUMBER,
        answered=error.status not in CONCERNS_THE_ACCOUNT,
        retry_after=getattr(kept, "retry_after", None),
    )


def _word(resource: Any) -> str:
    word = getattr(resource.status, "value", resource.status) or "queued"
    return str(word)[:LONGEST_WORD]


def receipt_of(resource: Any) -> Receipt:
    if not resource.sid:
        raise PagerError("unreadable_answer", unknown=True)
    return Receipt(
        provider="twilio",
        provider_id=str(resource.sid)[:LONGEST_ID],
        status=_word(resource),
        error_code=str(getattr(resource, "error_code", None) or "")[:LONGEST_CODE],
    )
