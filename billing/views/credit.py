"""The credit note wizard: choose the lines, look at what it would say, make it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing import line_words, wording
from billing.actions.credit import Plan, credit_invoice, plan_credit
from billing.actions.objections import open_objection
from billing.actions.refusal import BillingRefusal, reason
from billing.forms import CreditForm
from billing.models import Document
from billing.queries import whole_document
from billing.views.access import ACCOUNTING, only, staff_id


@require_http_methods(["GET", "HEAD", "POST"])
@only(ACCOUNTING)
def credit(request: HttpRequest, pk: int) -> HttpResponse:
    """First the lines and the reason, then the preview, then the credit note. Nothing
    is written before the last step."""
    original = whole_document(pk)
    if original is None:
        raise Http404
    form = form_for(original, request.POST if request.method == "POST" else None)
    if form is None:
        messages.error(request, reason("nothing_to_credit"))
        return redirect("billing:document", pk)
    if request.method != "POST" or "back" in request.POST or not form.is_valid():
        return _choose(request, original, form)
    try:
        if "confirm" in request.POST:
            return _make(request, original, form)
        plan = plan_credit(original=original, line_ids=form.line_ids)
    except BillingRefusal as refusal:
        form.add_error(None, str(refusal))
        return _choose(request, original, form)
    return _preview(request, original, form, plan)


def form_for(document: Document, data: Any = None) -> CreditForm | None:
    """The form for the lines that are not yet credited; None when there are none."""
    if document.is_credit_note or not document.is_issued:
        return None
    choices = [
        (
            str(line.pk),
            ", ".join(
                part
                for part in (
                    line.incident_reference,
                    line_words.line_title(line.code),
                    wording.money(line.net, document.currency),
                )
                if part
            ),
        )
        for line in document.lines.filter(credited_by=None)
    ]
    return CreditForm(data, choices=choices) if choices else None


def _choose(request: HttpRequest, original: Document, form: CreditForm) -> HttpResponse:
    return render(
        request,
        "billing/credit.html",
        {
            "area": "billing",
            "document": original,
            "form": form,
            "objection": open_objection(original),
            "settles": not form.is_bound or "settles" in request.POST,
        },
        status=400 if form.is_bound and form.errors else 200,
    )


def _preview(
    request: HttpRequest, original: Document, form: CreditForm, plan: Plan
) -> HttpResponse:
    return render(
        request,
        "billing/credit_preview.html",
        {
            "area": "billing",
            "document": original,
            "form": form,
            "plan": plan,
            "settles": "settles" in request.POST,
            "tax": original.taxes.first(),
        },
    )


def _make(request: HttpRequest, original: Document, form: CreditForm) -> HttpResponse:
    made = credit_invoice(
        document_id=original.pk,
        line_ids=form.line_ids,
        why=form.cleaned_data["why"],
        staff_id=staff_id(request),
        now=timezone.now(),
        expected=form.cleaned_data["gross"],
        settles_objection="settles" in request.POST,
    )
    if settings.BILLING_MODE == "hand_over":
        messages.success(request, _("The credit note is being handed over."))
    else:
        messages.success(request, _("The credit note is being made."))
    return redirect("billing:document", made.pk)
