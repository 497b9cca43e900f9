"""Mark an issued document as paid, and take a booking back."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.booking import mark_paid, undo_booking
from billing.actions.refusal import BillingRefusal, reason
from billing.models import Booking, Document
from billing.open_items import balance_of, bookings_of
from billing.payment_forms import PaidForm
from billing.views.access import ACCOUNTING, only, staff_id


def settlement_of(document: Document) -> dict[str, object]:
    """What the document's page shows about its payment."""
    today = timezone.localdate(timezone.now())
    return {
        "balance": balance_of(document),
        "bookings": list(bookings_of(Q(document=document))),
        "paid_form": PaidForm(today=today),
    }


@require_POST
@only(ACCOUNTING)
def paid(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Document, pk=pk)
    now = timezone.now()
    form = PaidForm(request.POST, today=timezone.localdate(now))
    if not form.is_valid():
        messages.error(request, _("Say on which day it was paid."))
        return redirect("billing:document", pk)
    try:
        mark_paid(
            document_id=pk,
            paid_on=form.cleaned_data["paid_on"],
            note=form.cleaned_data["note"],
            staff_id=staff_id(request),
            now=now,
        )
        messages.success(request, _("Marked as paid."))
    except BillingRefusal as refusal:
        messages.error(request, str(refusal))
    return redirect("billing:document", pk)


@require_POST
@only(ACCOUNTING)
def undo(request: HttpRequest, booking: int) -> HttpResponse:
    found = get_object_or_404(Booking, pk=booking)
    document = found.parts.exclude(document=None).first()
    back = (
        redirect("billing:document", document.document_id)
        if document
        else redirect("billing:payments")
    )
    why = request.POST.get("why", "")
    if not why.strip():
        messages.error(request, reason("undo_why_missing"))
        return back
    try:
        undo_booking(
            booking_id=booking, why=why, staff_id=staff_id(request), now=timezone.now()
        )
        messages.success(request, _("Taken back. Both bookings stay in the history."))
    except BillingRefusal as refusal:
        messages.error(request, str(refusal))
    return back
