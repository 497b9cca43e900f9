"""A customer objects: everything that bears on it, and the decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from billing.actions.objections import (
    answer_objection,
    note_objection,
    open_objection,
)
from billing.actions.refusal import BillingRefusal
from billing.forms import AnswerForm, NoteObjectionForm
from billing.models import BillingProfile, Document, Hold
from billing.queries import whole_document
from billing.views.access import ACCOUNTING, LOOKERS, only, staff_id
from billing.views.document_page import blamed, document_page, ids_of, is_creditable
from emergency import billable


@require_safe
@only(LOOKERS)
@cache_control(private=True, no_store=True)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Order, callback, times and texts of each incident of the document on one page."""
    document = _found(pk)
    return _bundle(request, document, AnswerForm(initial=_initial(document)))


@require_POST
@only(ACCOUNTING)
def note_it(request: HttpRequest, pk: int) -> HttpResponse:
    """The document is held for an objection that came by another way."""
    _found(pk)
    form = NoteObjectionForm(request.POST, auto_id=ids_of("objection"))
    if form.is_valid():
        try:
            note_objection(
                document_id=pk,
                what=form.cleaned_data["what"],
                staff_id=staff_id(request),
                now=timezone.now(),
            )
        except BillingRefusal as refusal:
            if not blamed(form, refusal):
                messages.error(request, str(refusal))
                return redirect("billing:document", pk)
        else:
            return redirect("billing:objection", pk)
    return document_page(request, pk, {"objection": form})


@require_POST
@only(ACCOUNTING)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer is answered by mail, and the hold is released."""
    document = _found(pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _bundle(request, document, form)
    try:
        answer_objection(
            document_id=pk,
            **form.cleaned_data,
            staff_id=staff_id(request),
            now=timezone.now(),
        )
    except BillingRefusal as refusal:
        # Somebody else was faster; what was written is still there to be copied.
        form.add_error(None, str(refusal))
        return _bundle(request, document, form)
    messages.success(request, _("The answer is on its way."))
    return redirect("billing:objection", pk)


def _found(pk: int) -> Document:
    document = whole_document(pk)
    if document is None or document.is_credit_note:
        raise Http404
    return document


def _initial(document: Document) -> dict[str, str]:
    profile = BillingProfile.objects.filter(
        account_number=document.account_number
    ).first()
    return {"address": profile.invoice_email if profile else ""}


def _stories(document: Document) -> list[dict[str, Any]]:
    """Of each emergency of the document what was ordered, done and said."""
    language = (get_language() or "de").partition("-")[0]
    now = timezone.now()
    works = zip(document.references, document.emergencies, strict=True)
    try:
        return [
            {
                "reference": reference,
                "work": work,
                "record": billable.order_record(
                    reference=reference, language=language, now=now
                ),
                "dispute": billable.dispute(reference=reference),
            }
            for reference, work in works
        ]
    except billable.UnknownReference:
        raise Http404 from None


def _bundle(request: HttpRequest, document: Document, form: AnswerForm) -> HttpResponse:
    stories = _stories(document)
    held = [
        hold
        for hold in document.holds.all()
        if hold.reason == Hold.Reason.CUSTOMER_OBJECTS
    ]
    return render(
        request,
        "billing/objection.html",
        {
            "area": "billing",
            "document": document,
            "stories": stories,
            "stated": any(story["dispute"].matters for story in stories),
            "holds": held,
            "open": open_objection(document) is not None,
            "answers": document.objection_answers.select_related("by"),
            "form": form,
            "creditable": is_creditable(document),
        },
        status=400 if form.is_bound and form.errors else 200,
    )
