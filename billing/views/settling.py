"""Mark an issued document as paid, and take a booking back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.booking import mark_paid, undo_booking
from billing.actions.refusal import BillingRefusal
from billing.models import Booking, Document
from billing.payment_forms import PaidForm, UndoForm
from billing.views.access import ACCOUNTING, only, staff_id
from billing.views.document_page import done_or_shown, ids_of
from billing.views.payments import entry_page


@require_POST
@only(ACCOUNTING)
def paid(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Document, pk=pk)
    now, who = timezone.now(), staff_id(request)
    today = timezone.localdate(now)
    return done_or_shown(
        request,
        pk,
        "paid",
        PaidForm(request.POST, today=today, auto_id=ids_of("paid")),
        lambda typed: mark_paid(document_id=pk, **typed, staff_id=who, now=now),
        _("Marked as paid."),
    )


@require_POST
@only(ACCOUNTING)
def undo(request: HttpRequest, booking: int) -> HttpResponse:
    """Back to the document that it was about, or to the bank entry."""
    found = get_object_or_404(Booking.objects.select_related("entry"), pk=booking)
    name, who = f"undo-{booking}", staff_id(request)
    form = UndoForm(request.POST, auto_id=ids_of(name))
    done = _("Taken back. Both bookings stay in the history.")

    def act(typed: dict[str, str]) -> Booking:
        return undo_booking(
            booking_id=booking, why=typed["why"], staff_id=who, now=timezone.now()
        )

    part = found.parts.exclude(document=None).first()
    if part is not None and part.document_id is not None:
        return done_or_shown(request, part.document_id, name, form, act, done)
    if not form.is_valid() and found.entry is not None:
        return entry_page(request, found.entry, {name: form})
    try:
        act(form.cleaned_data)
        messages.success(request, done)
    except BillingRefusal as refusal:
        messages.error(request, str(refusal))
    return redirect("billing:payments")
