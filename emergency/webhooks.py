"""The provider's callbacks: signature, one action, an answer it understands."""

import hmac
import json
import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator, get_signature_algorithm
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from emergency.actions.answer import answer_by_key
from emergency.actions.answered import Answered
from emergency.actions.delivery import record_callback, record_listening
from emergency.actions.inbound import Heard, take_in_text
from emergency.actions.message_status import record_message_status
from emergency.models import Message, PageAttempt
from emergency.pagers.gateway import as_reply, as_report
from emergency.pagers.sentences.about_the_roster import duty_sentence
from emergency.pagers.twiml import ask_again, goodbye
from emergency.queries.self_tests import code_wanted, digit_wanted

logger = logging.getLogger(__name__)

MOST_WRONG_KEYS = 3

Door = Callable[..., HttpResponse]


def signed(door: Door) -> Door:
    """Only requests that carry the provider's signature come through; others get 403.

    The signature covers the address under PUBLIC_BASE_URL, whatever a proxy made of it.
    """

    @csrf_exempt
    @require_POST
    @wraps(door)
    def checked(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not _is_signed(request):
            logger.warning(
                "a callback to %s has no valid signature; is PUBLIC_BASE_URL right?",
                request.resolver_match.view_name if request.resolver_match else "?",
            )
            return HttpResponse(status=HTTPStatus.FORBIDDEN)
        return door(request, *args, **kwargs)

    return checked


def _is_signed(request: HttpRequest) -> bool:
    signature = request.headers.get("X-Twilio-Signature", "")
    algorithm = get_signature_algorithm(
        request.headers.get("X-Twilio-Webhooks-Signature-Settings", "")
    )
    secrets = [
        settings.TWILIO_AUTH_TOKEN,
        settings.TWILIO_AUTH_TOKEN_SECONDARY,
        settings.TWILIO_WEBHOOK_KEY,
    ]
    if not signature:
        return False
    url = f"{settings.PUBLIC_BASE_URL}{request.get_full_path()}"
    try:
        is_json = request.content_type == "application/json"
        said = request.body.decode() if is_json else request.POST
        return any(
            RequestValidator(secret).validate(url, said, signature, algorithm)
            for secret in secrets
            if secret
        )
    except (TypeError, ValueError):
        # Text without a hash of it in the address, or text that is none.
        return False


def from_gateway(door: Door) -> Door:
    """Only requests that carry the gateway's secret come through; others get 403."""

    @csrf_exempt
    @require_POST
    @wraps(door)
    def checked(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        chosen = settings.SMS_GATEWAY
        said = request.headers.get(chosen["CALLBACK_HEADER"], "")
        secret = chosen["CALLBACK_SECRET"]
        told = said.removeprefix("Bearer ").encode()
        if not secret or not hmac.compare_digest(told, secret.encode()):
            logger.warning("a report of the SMS gateway does not carry its secret")
            return HttpResponse(status=HTTPStatus.FORBIDDEN)
        return door(request, *args, **kwargs)

    return checked


def _fields(request: HttpRequest) -> object:
    """What the gateway sent, as JSON or as a form; empty when it is neither."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        return json.loads(request.body)
    except ValueError:
        return {}


@from_gateway
def gateway_status(request: HttpRequest, token: str) -> HttpResponse:
    """The gateway says what became of a message."""
    return _record("sms", token, as_report(_fields(request)))


@from_gateway
def gateway_inbound(request: HttpRequest) -> HttpResponse:
    """Somebody answered an SMS, and the gateway brings it. It carries no receipt."""
    reply = as_reply(_fields(request))
    take_in_text(
        sender=reply.sender,
        text=reply.text,
        message_id=reply.message_id,
        now=timezone.now(),
    )
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@signed
def status(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """A call or message has moved on."""
    return _record(kind, token, request.POST.dict())


def _record(kind: str, token: str, values: dict[str, str]) -> HttpResponse:
    try:
        if Message.objects.filter(token=token).exists():
            record_message_status(token=token, values=values, now=timezone.now())
        else:
            record_callback(token=token, kind=kind, values=values, now=timezone.now())
    except PageAttempt.DoesNotExist:
        logger.warning("a callback names an attempt nobody made")
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@signed
def key(request: HttpRequest, token: str) -> HttpResponse:
    """A key was pressed in a call."""
    try:
        answered = answer_by_key(
            token=token, digit=request.POST.get("Digits", ""), now=timezone.now()
        )
        attempt = PageAttempt.objects.select_related("page__technician__staff").get(
            token=token
        )
    except PageAttempt.DoesNotExist:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    page = attempt.page
    asked = request.GET.get("asked", "")
    times = int(asked) + 1 if asked.isdecimal() else 1
    language = page.technician.staff.language
    with override(language):
        if answered is not None:
            answer = goodbye(_what_happened(answered), language)
        elif times < MOST_WRONG_KEYS:
            answer = ask_again(
                token=token, digit=page.digit, language=language, asked=times
            )
        else:
            answer = goodbye(_("Please acknowledge at the desk."), language)
    return HttpResponse(answer, content_type="text/xml")


@signed
def machine(request: HttpRequest, token: str) -> HttpResponse:
    """The provider has listened and says who picked up. Never an acknowledgement."""
    try:
        record_listening(
            token=token,
            answered_by=request.POST.get("AnsweredBy", ""),
            now=timezone.now(),
        )
    except PageAttempt.DoesNotExist:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@signed
def inbound_sms(request: HttpRequest) -> HttpResponse:
    """Somebody answered an SMS."""
    heard = take_in_text(
        sender=request.POST.get("From", ""),
        text=request.POST.get("Body", ""),
        message_id=request.POST.get("MessageSid", ""),
        now=timezone.now(),
    )
    response = MessagingResponse()
    # A robot needs no answer; one that answers answers would never end.
    robot = heard.person is not None and heard.person.is_house_phone
    if heard.person is not None and not heard.quiet and not robot:
        with override(heard.person.staff.language):
            response.message(_reply_to(heard))
    return HttpResponse(str(response), content_type="text/xml")


@signed
def house_voice(request: HttpRequest) -> HttpResponse:
    """The house phone is called: it presses the key it is asked for."""
    digit = digit_wanted(number=request.POST.get("To", ""), now=timezone.now())
    response = VoiceResponse()
    if digit:
        response.pause(length=3)
        # Each w waits half a second, so that the key falls into the question.
        response.play(digits=f"wwww{digit}wwww{digit}")
        response.pause(length=5)
    else:
        response.reject()
    return HttpResponse(str(response), content_type="text/xml")


@signed
def house_sms(request: HttpRequest) -> HttpResponse:
    """The house phone got a text: it answers with the code in it."""
    response = MessagingResponse()
    code = code_wanted(
        number=request.POST.get("To", ""),
        text=request.POST.get("Body", ""),
        now=timezone.now(),
    )
    if code:
        response.message(code)
    return HttpResponse(str(response), content_type="text/xml")


def _reply_to(heard: Heard) -> str:
    if heard.duty:
        return duty_sentence(heard.duty)
    if heard.answered is not None:
        return _what_happened(heard.answered)
    return _("This code fits no open page. Open the desk.")


def _what_happened(answered: Answered) -> str:
    incident, owner = answered.incident, answered.owner
    values = {
        "reference": incident.reference if incident else "",
        "owner": owner.staff.full_name if owner else "",
    }
    if answered.code == "taken" and answered.count > 1:
        return _(
            "You have %(count)d emergencies now. Call the customers. The numbers are at"
            " the desk."
        ) % {"count": answered.count}
    noted = _("Thank you, that is noted.")
    sentences = {
        "over": _("This emergency needs nobody any more."),
        "heard": _("Please acknowledge at the desk.") if incident else noted,
        "taken": _("You have it. Call the customer now. The number is at the desk."),
        "taken_by_other": _("%(owner)s has it already. Nothing to do for you."),
        "handed_over": _("You have it now. Everything about it is at the desk."),
        "joined": _("Thank you, you come in. Everything about it is at the desk."),
        "still_at_it": _("Thank you. Please write a note, or resolve it at the desk."),
        "timer_goes_on": _("Thank you. The timer goes on."),
        "timer_has_ended": _("The timer has ended already. Its time is at the desk."),
        "proven": _("Thank you. This number is confirmed."),
        "proof_too_late": _("That was too late. Ask for a new code at the desk."),
        "self_test": _("Thank you. The self-test came back."),
    }
    if answered.code not in sentences:
        return duty_sentence(answered.code)
    return sentences[answered.code] % values


urlpatterns = [
    path("twilio/voice/<str:token>/key", key, name="voice_key"),
    path("twilio/<str:kind>/<str:token>/status", status, name="page_status"),
    path("twilio/voice/<str:token>/machine", machine, name="voice_machine"),
    path("twilio/house/voice", house_voice, name="house_voice"),
    path("twilio/house/sms", house_sms, name="house_sms"),
    path("twilio/sms/inbound", inbound_sms, name="sms_inbound"),
    path("gateway/sms/<str:token>/status", gateway_status, name="gateway_status"),
    path("gateway/sms/inbound", gateway_inbound, name="gateway_inbound"),
]
app_name = "webhooks"
