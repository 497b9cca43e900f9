"""Who owes what, and since when."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import payment_words
from billing.actions.booking import use_credit
from billing.actions.refusal import BillingRefusal
from billing.models import Document
from billing.open_items import (
    ageing,
    bookings_of,
    credit_on,
    is_account,
    name_of,
    open_of_account,
)
from billing.rules.ageing import Age, age
from billing.rules.rounding import ZERO
from billing.views.access import ACCOUNTING, LOOKERS, staff_id, with_payments
from billing.views.document_page import with_undo

BOOKINGS_SHOWN = 50


@require_safe
@with_payments(LOOKERS)
def open_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate(timezone.now())
    rows, total = ageing(today)
    return render(
        request,
        "billing/open_items.html",
        {
            "area": "billing",
            "here": "open",
            "rows": rows,
            "total": total,
            "ages": [payment_words.age(column) for column in Age],
        },
    )


@require_safe
@with_payments(LOOKERS)
def open_account(request: HttpRequest, number: str) -> HttpResponse:
    if not is_account(number):
        raise Http404
    today = timezone.localdate(timezone.now())
    documents = list(open_of_account(number))
    for document in documents:
        document.age = age(document.due_date, today)
    theirs = Q(account_number=number) | Q(document__account_number=number)
    credit = credit_on(number)
    total = sum((document.balance for document in documents), ZERO)
    return render(
        request,
        "billing/open_account.html",
        {
            "area": "billing",
            "here": "open",
            "number": number,
            "name": name_of(number),
            "documents": documents,
            "credit": credit,
            "total": total,
            "balance": total - credit,
            "bookings": with_undo(bookings_of(theirs)[:BOOKINGS_SHOWN]),
        },
    )


@require_POST
@with_payments(ACCOUNTING)
def pay_by_credit(request: HttpRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(Document, pk=pk)
    try:
        use_credit(document_id=pk, staff_id=staff_id(request), now=timezone.now())
        messages.success(request, _("The credit is used."))
    except BillingRefusal as refusal:
        messages.error(request, str(refusal))
    return redirect("billing:open_account", document.account_number)
