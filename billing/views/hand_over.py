"""What is in the hands of the operator's own billing system, and what it tells us."""

import json
import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from billing.account_forms import AnswerForm, TakeBackForm
from billing.actions.approval import take_back_approval
from billing.actions.hand_over import RECORD_LINK, make_file, take_back
from billing.actions.hand_over_answer import (
    LONGEST_NUMBER,
    record_answer,
    type_in,
)
from billing.actions.refusal import BillingRefusal
from billing.documents.order_record import order_record_pdf
from billing.models import Document, HandOver, HandOverBatch, HandOverEvent
from billing.queries.handed_over import handed_over
from billing.rules.hand_over import TOLD
from billing.rules.signing import SIGNATURE, TIMESTAMP, is_signed
from billing.views.access import ACCOUNTING, LOOKERS, only, staff_id
from billing.views.document_page import done_or_shown, ids_of
from emergency import billable

logger = logging.getLogger(__name__)

LONGEST_EVENT = 70


@require_safe
@only(LOOKERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Documents over there, the refused and the unanswered first, and the files."""
    return render(
        request,
        "billing/hand_over.html",
        {
            "area": "billing",
            "here": "hand_over",
            "found": handed_over(),
            "files": HandOverBatch.objects.defer("content").select_related("made_by")[
                :50
            ],
            "by_push": bool(settings.HAND_OVER["URL"]),
        },
    )


@require_POST
@only(ACCOUNTING)
def new_file(request: HttpRequest) -> HttpResponse:
    try:
        batch = make_file(staff_id=staff_id(request), now=timezone.now())
    except BillingRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("billing:hand_over")
    messages.success(
        request,
        ngettext(
            "The file holds %(count)s document.",
            "The file holds %(count)s documents.",
            batch.count,
        )
        % {"count": batch.count},
    )
    return redirect("billing:hand_over")


@require_safe
@only(LOOKERS)
@cache_control(private=True, no_store=True)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of a file as it was made, however often it is fetched."""
    batch = get_object_or_404(HandOverBatch, pk=pk)
    name = f"hand-over-{batch.pk:05d}.csv"
    return HttpResponse(
        bytes(batch.content),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@only(ACCOUNTING)
def answered_by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Number and status as somebody read them over there."""
    get_object_or_404(Document, pk=pk)
    who = staff_id(request)
    return done_or_shown(
        request,
        pk,
        "answer",
        AnswerForm(request.POST, auto_id=ids_of("answer")),
        lambda typed: type_in(
            document_id=pk, **typed, staff_id=who, now=timezone.now()
        ),
        _("Saved."),
    )


@require_POST
@only(ACCOUNTING)
def taken_back(request: HttpRequest, pk: int) -> HttpResponse:
    """What was approved, or refused over there, is a draft again."""
    found = get_object_or_404(Document, pk=pk)
    who = staff_id(request)
    act = take_back if found.is_handed_over else take_back_approval
    return done_or_shown(
        request,
        pk,
        "take-back",
        TakeBackForm(request.POST, auto_id=ids_of("take-back")),
        lambda typed: act(
            document_id=pk, why=typed["why"], staff_id=who, now=timezone.now()
        ),
        _("It is a draft again."),
    )


@require_safe
@cache_control(private=True, no_store=True)
def order_record(request: HttpRequest, token: str) -> HttpResponse:
    """The order record behind the link that was handed over; 404 for any other."""
    try:
        said = signing.loads(token, salt=RECORD_LINK)
    except signing.BadSignature:
        raise Http404 from None
    with translation.override(said["language"]):
        try:
            record = billable.order_record(
                reference=said["reference"],
                language=said["language"],
                now=timezone.now(),
            )
        except billable.UnknownReference:
            raise Http404 from None
        content = order_record_pdf(record)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
        },
    )


@csrf_exempt
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """The billing system tells number and status: signed, lately, and once.

    403 without a valid signature, 400 for what cannot be read (naming the field), 404
    for a key that is not ours, 409 for an answer that contradicts what is known.
    """
    now = timezone.now()
    chosen = settings.HAND_OVER
    if not is_signed(
        [chosen["CALLBACK_SECRET"], chosen["CALLBACK_SECRET_SECONDARY"]],
        timestamp=request.headers.get(TIMESTAMP, ""),
        signed=request.headers.get(SIGNATURE, ""),
        body=request.body,
        now=now,
    ):
        logger.warning("an answer of the billing system has no valid signature")
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    said = _object(request.body)
    wrong = _wrong_field(said)
    if wrong:
        return JsonResponse({"error": wrong}, status=HTTPStatus.BAD_REQUEST)
    try:
        hand_over = record_answer(
            key=said["key"],
            event_id=f"webhook-{said['event']}",
            status=said["status"],
            number=said.get("number", ""),
            message=said.get("message", ""),
            source=HandOverEvent.Source.WEBHOOK,
            now=now,
        )
    except HandOver.DoesNotExist:
        return JsonResponse({"error": "key"}, status=HTTPStatus.NOT_FOUND)
    except BillingRefusal as refusal:
        return JsonResponse({"error": refusal.code}, status=HTTPStatus.CONFLICT)
    return JsonResponse({"status": hand_over.status})


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _wrong_field(said: dict[str, Any]) -> str:
    """The first field that is missing or cannot be meant; empty when all is well."""
    for name, longest in (("event", LONGEST_EVENT), ("key", 40)):
        value = said.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            return name
    if said.get("status") not in [state.value for state in TOLD]:
        return "status"
    for name, longest in (("number", LONGEST_NUMBER), ("message", 300)):
        value = said.get(name, "")
        # PostgreSQL keeps no NUL in text.
        if not isinstance(value, str) or len(value) > longest or "\x00" in value:
            return name
    return "event" if "\x00" in said["event"] + said["key"] else ""
