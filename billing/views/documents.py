"""One document: what it says, why, what was done to it, and what may be done now."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from billing.actions.gathering import is_gathered_later
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, release_hold, request_issue
from billing.forms import ReleaseForm
from billing.models import Document, DocumentFile, EInvoice, Hold
from billing.views.access import (
    ACCOUNTING,
    LOOKERS,
    READERS,
    for_readers_and_customer,
    only,
    staff_id,
)
from billing.views.document_page import document_page, done_or_shown, ids_of
from emergency import billable


@require_safe
@only(LOOKERS)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    return document_page(request, pk)


def done_or_refused(
    request: HttpRequest, pk: int, action: Callable[[], object], done: str
) -> HttpResponse:
    """The action is done or its refusal is shown; either way back to the document."""
    try:
        action()
        messages.success(request, done)
    except BillingRefusal as refusal:
        messages.error(request, str(refusal))
    return redirect("billing:document", pk)


@require_POST
@only(ACCOUNTING)
def approve_document(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Document, pk=pk)
    now, who = timezone.now(), staff_id(request)
    also_issue = "issue" in request.POST and not is_gathered_later(found)

    def act() -> None:
        approve(document_id=pk, staff_id=who, now=now)
        if also_issue:
            request_issue(document_id=pk, staff_id=who, now=now)

    done = _("Approved.")
    if also_issue and settings.BILLING_MODE == "hand_over":
        done = _("Approved. The document is being handed over.")
    elif also_issue:
        done = _("Approved. The invoice is being made.")
    return done_or_refused(request, pk, act, done)


@require_POST
@only(ACCOUNTING)
def issue_document(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Document, pk=pk)
    now, who = timezone.now(), staff_id(request)
    return done_or_refused(
        request,
        pk,
        lambda: request_issue(document_id=pk, staff_id=who, now=now),
        _("The document is being handed over.")
        if settings.BILLING_MODE == "hand_over"
        else _("The document is being made."),
    )


@require_POST
@only(ACCOUNTING)
def release(request: HttpRequest, pk: int, hold: int) -> HttpResponse:
    get_object_or_404(Hold, pk=hold, document_id=pk)
    name, who = f"release-{hold}", staff_id(request)
    return done_or_shown(
        request,
        pk,
        name,
        ReleaseForm(request.POST, auto_id=ids_of(name)),
        lambda typed: release_hold(
            hold_id=hold, staff_id=who, why=typed["why"], now=timezone.now()
        ),
        _("The hold is released."),
    )


@require_safe
@for_readers_and_customer
@cache_control(private=True, no_store=True)
def document_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The bytes that were issued, never made again."""
    return _issued(number)


@require_safe
@only(READERS)
@cache_control(private=True, no_store=True)
def electronic_form(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """One electronic form of the document as it was issued."""
    form = get_object_or_404(EInvoice, document__number=number, kind=kind)
    return HttpResponse(
        bytes(form.content),
        content_type=form.media_type,
        headers={"Content-Disposition": f'attachment; filename="{form.file_name}"'},
    )


@require_safe
@cache_control(private=True, no_store=True)
def customer_pdf(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """The same bytes for whoever has the secret of the incident's tracking page, and
    nothing else: 404 for any other document."""
    if not billable.may_read_document(token=token, number=number):
        raise Http404
    # A collective invoice names emergencies that this secret does not open.
    if Document.objects.filter(number=number, gathers_month__isnull=False).exists():
        raise Http404
    response = _issued(number)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _issued(number: str) -> HttpResponse:
    file = get_object_or_404(DocumentFile, document__number=number)
    return HttpResponse(
        bytes(file.content),
        content_type=file.media_type,
        headers={"Content-Disposition": f'inline; filename="{number}.pdf"'},
    )
