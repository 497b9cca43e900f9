"""What the bank said, what fits, and booking it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
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
    found = get_object_or_404(BankEntry, pk=pk)
    return _entry_page(request, found, HandForm())


def _entry_page(request: HttpRequest, found: BankEntry, form: HandForm) -> HttpResponse:
    is_open = found.status == BankEntry.Status.OPEN
    items = open_items() if is_open else []
    bookings = found.bookings.select_related("by", "reversed_by", "reverses")
    return render(
        request,
        "billing/payment.html",
        {
            "area": "billing",
            "here": "payments",
            "entry": found,
            "found": proposal_for(found, items) if is_open else None,
            "form": form,
            "why_form": WhyForm(),
            "bookings": bookings.prefetch_related("parts__document").order_by("-pk"),
        },
    )


def _do(
    request: HttpRequest, pk: int, action: Callable[[], object], done: str
) -> HttpResponse:
    """The action is done and the list comes next, or its refusal is shown."""
    get_object_or_404(BankEntry, pk=pk)
    try:
        action()
    except BillingRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("billing:payment", pk)
    messages.success(request, done)
    return redirect("billing:payments")


@require_POST
@with_payments(ACCOUNTING)
def confirm_match(request: HttpRequest, pk: int) -> HttpResponse:
    who, shown = staff_id(request), request.POST.get("shown", "")
    return _do(
        request,
        pk,
        lambda: confirm(entry_id=pk, shown=shown, staff_id=who, now=timezone.now()),
        _("Booked."),
    )


@require_POST
@with_payments(ACCOUNTING)
def by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(BankEntry, pk=pk)
    form = HandForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, found, form)
    who = staff_id(request)
    return _do(
        request,
        pk,
        lambda: book_by_hand(
            entry_id=pk,
            numbers=form.cleaned_data["numbers"],
            account=form.cleaned_data["account"],
            staff_id=who,
            now=timezone.now(),
        ),
        _("Booked."),
    )


@require_POST
@with_payments(ACCOUNTING)
def aside(request: HttpRequest, pk: int) -> HttpResponse:
    who, why = staff_id(request), request.POST.get("why", "")
    return _do(
        request,
        pk,
        lambda: set_aside(entry_id=pk, why=why, staff_id=who, now=timezone.now()),
        _("Set aside."),
    )


@require_POST
@with_payments(ACCOUNTING)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    who = staff_id(request)
    return _do(
        request,
        pk,
        lambda: take_up_again(entry_id=pk, staff_id=who, now=timezone.now()),
        _("The entry waits to be matched again."),
    )
