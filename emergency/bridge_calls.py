"""A call over the bridge as the provider reports it, and what is said in it.

Whoever presses no key, or another one, hears nothing of customer and emergency.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from emergency.actions.bridge_heard import (
    Heard,
    hear_done,
    hear_key,
    hear_leg,
    hear_outcome,
    hear_status,
)
from emergency.models import Bridge
from emergency.pagers.twiml_of_the_bridge import (
    ask_for_the_key_again,
    ask_how_it_ended,
    caller_id,
    dial_the_customer,
    last_words,
)
from emergency.webhooks import MOST_WRONG_KEYS, signed

logger = logging.getLogger(__name__)

Door = Callable[[HttpRequest, str], HttpResponse]


def of_a_bridge(door: Door) -> Callable[..., HttpResponse]:
    """Signed requests about a bridge of ours come through; for others there is none."""

    @signed
    @wraps(door)
    def checked(request: HttpRequest, token: str) -> HttpResponse:
        try:
            return door(request, token)
        except Bridge.DoesNotExist:
            logger.warning("a callback names a bridge nobody started")
            return HttpResponse(status=HTTPStatus.NOT_FOUND)

    return checked


@of_a_bridge
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The technician's own call has moved on."""
    hear_status(token=token, values=request.POST.dict(), now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@of_a_bridge
def leg(request: HttpRequest, token: str) -> HttpResponse:
    """The customer's leg has moved on."""
    hear_leg(token=token, values=request.POST.dict(), now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@of_a_bridge
def key(request: HttpRequest, token: str) -> HttpResponse:
    """The technician has pressed a key: the right one dials the customer."""
    heard, asked = _listened(hear_key, request, token)
    bridge, language = heard.bridge, heard.bridge.technician.staff.language
    if heard.code == "dial":
        return _twiml(
            dial_the_customer(
                token,
                number=bridge.customers_number,
                extension=bridge.extension,
                caller_id=caller_id(),
                language=language,
            )
        )
    if heard.code == "ask":
        return _twiml(ask_how_it_ended(token, language))
    if heard.code == "again" and asked < MOST_WRONG_KEYS:
        return _twiml(ask_for_the_key_again(token, bridge.digit, language, asked))
    return _twiml(
        last_words("no_key" if heard.code == "again" else heard.code, language)
    )


@of_a_bridge
def done(request: HttpRequest, token: str) -> HttpResponse:
    """The customer's leg is over: the technician is asked how it went."""
    heard = hear_done(token=token, values=request.POST.dict(), now=timezone.now())
    language = heard.bridge.technician.staff.language
    if heard.code == "ask":
        return _twiml(ask_how_it_ended(token, language))
    return _twiml(last_words(heard.code, language))


@of_a_bridge
def outcome(request: HttpRequest, token: str) -> HttpResponse:
    """The technician has said by key how it went."""
    heard, asked = _listened(hear_outcome, request, token)
    language = heard.bridge.technician.staff.language
    if heard.code == "again" and asked < MOST_WRONG_KEYS:
        return _twiml(ask_how_it_ended(token, language, asked=asked))
    return _twiml(last_words("desk" if heard.code == "again" else heard.code, language))


def _listened(
    hear: Callable[..., Heard], request: HttpRequest, token: str
) -> tuple[Heard, int]:
    """What the key led to, and how often a key was asked for by now."""
    before = request.GET.get("asked", "")
    asked = int(before) + 1 if before.isdecimal() and len(before) < 3 else 1
    values: Mapping[str, str] = {**request.POST.dict(), "asked": str(asked)}
    now: datetime = timezone.now()
    return hear(token=token, values=values, now=now), asked


def _twiml(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/xml")


app_name = "bridge_calls"
urlpatterns = [
    path("<str:token>/status", status, name="bridge_status"),
    path("<str:token>/key", key, name="bridge_key"),
    path("<str:token>/leg", leg, name="bridge_leg"),
    path("<str:token>/done", done, name="bridge_done"),
    path("<str:token>/outcome", outcome, name="bridge_outcome"),
]
