"""What the bank said, what fits, and booking it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.actions.bank_import import import_bank_file
from billing.actions.matching import (
    book_by_hand,
    book_exact_matches,
    confirm,
    set_aside,
    take_up_again,
)
from billing.actions.refusal import BillingRefusal
from billing.matched import proposal_for
from billing.models import BankEntry, BankFile
from billing.open_items import current_rules, entries, open_items
from billing.payment_forms import HandForm, UploadForm, WhyForm
from billing.views.access import ACCOUNTING, LOOKERS, staff_id, with_payments
from billing.views.document_page import Typed, blamed, ids_of, with_undo

PAGE_SIZE = 50
# So many exact matches are booked while the page loads; the task does the rest.
AT_ONCE = 100


@require_safe
@with_payments(LOOKERS)
def payment_list(request: HttpRequest) -> HttpResponse:
    return render(request, "billing/payments.html", _listed(request, UploadForm()))


def _listed(request: HttpRequest, form: UploadForm) -> dict[str, object]:
    status = request.GET.get("status", BankEntry.Status.OPEN)
    if status not in BankEntry.Status.values:
        status = BankEntry.Status.OPEN
    page = Paginator(entries(status), PAGE_SIZE).get_page(request.GET.get("page"))
    is_open = status == BankEntry.Status.OPEN
    items = open_items() if is_open else []
    tolerance = current_rules().tolerance
    rows = [
        (entry, proposal_for(entry, items, tolerance) if is_open else None)
        for entry in page.object_list
    ]
    return {
        "area": "billing",
        "here": "payments",
        "form": form,
        "status": status,
        "statuses": BankEntry.Status.choices,
        "page": page,
        "rows": rows,
        "files": BankFile.objects.select_related("imported_by")[:10],
    }


@require_POST
@with_payments(ACCOUNTING)
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "billing/payments.html", _listed(request, form))
    file, now = form.cleaned_data["file"], timezone.now()
    try:
        taken = import_bank_file(
            name=file.name,
            content=file.read(),
            mapping=form.mapping,
            staff_id=staff_id(request),
            now=now,
        )
    except BillingRefusal as refusal:
        form.add_error("file", str(refusal))
        return render(request, "billing/payments.html", _listed(request, form))
    if not taken.is_new:
        messages.warning(request, _("This file was imported before; nothing changed."))
        return redirect("billing:payments")
    booked = book_exact_matches(now=now, file_id=taken.file.pk, limit=AT_ONCE)
    messages.success(
        request,
        _("%(kept)s new entries, %(booked)s of them booked.")
        % {"kept": taken.file.kept, "booked": booked},
    )
    return redirect("billing:payments")


@require_safe
@with_payments(LOOKERS)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    return entry_page(request, get_object_or_404(BankEntry, pk=pk))


def entry_page(
    request: HttpRequest, found: BankEntry, typed: Typed | None = None
) -> HttpResponse:
    """The page of the entry, with the forms that were refused as they were typed."""
    typed = typed or {}
    is_open = found.status == BankEntry.Status.OPEN
    items = open_items() if is_open else []
    bookings = found.bookings.select_related("by", "reversed_by", "reverses")
    shown = bookings.prefetch_related("parts__document").order_by("-pk")
    return render(
        request,
        "billing/payment.html",
        {
            "area": "billing",
            "here": "payments",
            "entry": found,
            "wrong": bool(typed),
            "found": proposal_for(found, items) if is_open else None,
            "form": typed.get("book") or HandForm(auto_id=ids_of("book")),
            "why_form": typed.get("aside") or WhyForm(auto_id=ids_of("aside")),
            "bookings": with_undo(shown, typed),
        },
        status=HTTPStatus.BAD_REQUEST if typed else HTTPStatus.OK,
    )


def _do(
    request: HttpRequest,
    pk: int,
    action: Callable[[dict[str, Any]], object],
    done: str,
    *,
    name: str = "",
    form: Form | None = None,
) -> HttpResponse:
    """The action is done and the list comes next, or its refusal is shown: beside the
    field of the form that is to blame, else above."""
    found = get_object_or_404(BankEntry, pk=pk)
    if form is None or form.is_valid():
        try:
            action(form.cleaned_data if form else {})
        except BillingRefusal as refusal:
            if form is None or not blamed(form, refusal):
                messages.error(request, str(refusal))
                return redirect("billing:payment", pk)
        else:
            messages.success(request, done)
            return redirect("billing:payments")
    return entry_page(request, found, {name: form} if form else None)


@require_POST
@with_payments(ACCOUNTING)
def confirm_match(request: HttpRequest, pk: int) -> HttpResponse:
    who, shown = staff_id(request), request.POST.get("shown", "")
    return _do(
        request,
        pk,
        lambda _none: confirm(
            entry_id=pk, shown=shown, staff_id=who, now=timezone.now()
        ),
        _("Booked."),
    )


@require_POST
@with_payments(ACCOUNTING)
def by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    who = staff_id(request)
    return _do(
        request,
        pk,
        lambda typed: book_by_hand(
            entry_id=pk, **typed, staff_id=who, now=timezone.now()
        ),
        _("Booked."),
        name="book",
        form=HandForm(request.POST, auto_id=ids_of("book")),
    )


@require_POST
@with_payments(ACCOUNTING)
def aside(request: HttpRequest, pk: int) -> HttpResponse:
    who = staff_id(request)
    return _do(
        request,
        pk,
        lambda typed: set_aside(
            entry_id=pk, why=typed["why"], staff_id=who, now=timezone.now()
        ),
        _("Set aside."),
        name="aside",
        form=WhyForm(request.POST, auto_id=ids_of("aside")),
    )


@require_POST
@with_payments(ACCOUNTING)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    who = staff_id(request)
    return _do(
        request,
        pk,
        lambda _none: take_up_again(entry_id=pk, staff_id=who, now=timezone.now()),
        _("The entry waits to be matched again."),
    )
