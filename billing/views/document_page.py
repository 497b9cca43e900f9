"""The page of one document, with what was typed into its forms and not taken.

Every form of the page has a name, by which a refused one is shown in its place again:
the error beside the field, and everything typed still there.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from billing import wording
from billing.account_forms import AnswerForm, TakeBackForm
from billing.actions.gathering import is_gathered_later
from billing.actions.refusal import BillingRefusal
from billing.forms import (
    BouncedForm,
    DeliveredForm,
    NoteObjectionForm,
    ReleaseForm,
    SendForm,
)
from billing.hold_words import field_name
from billing.models import Document, Hold
from billing.open_items import balance_of, bookings_of_document
from billing.payment_forms import PaidForm, UndoForm
from billing.queries import whole_document
from billing.queries.rounding import taxed, worked_by_kind
from billing.rules.recipient import ADDRESS, SMALL_AMOUNT
from billing.rules.records import Record

Typed = Mapping[str, Form]
# Which field is to blame for a refusal.
BLAME = {
    "why_missing": "why",
    "undo_why_missing": "why",
    "aside_why_missing": "why",
    "text_missing": "what",
    "paid_in_future": "paid_on",
    "how_missing": "how",
    "number_missing": "number",
    "number_differs": "number",
    "answer_too_old": "status",
    "address_missing": "address",
    "address_invalid": "address",
    "no_such_document": "numbers",
    "nothing_to_book": "numbers",
    "no_such_account": "account",
    "account_missing": "account",
}


def ids_of(name: str) -> str:
    """Keeps the ids of a form's inputs apart from those of the page's other forms."""
    return f"{name}-%s"


def blamed(form: Form, refusal: BillingRefusal) -> bool:
    """Whether a field of the form is to blame; then the refusal stands beside it."""
    name = refusal.field or BLAME.get(refusal.code, "")
    if name not in form.fields:
        return False
    form.add_error(name, str(refusal))
    return True


def done_or_shown(
    request: HttpRequest,
    pk: int,
    name: str,
    form: Form,
    action: Callable[[dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """The action is done, or the document's page says beside which field why not. What
    is no field's fault is said above, on the page as it is now."""
    if form.is_valid():
        try:
            action(form.cleaned_data)
        except BillingRefusal as refusal:
            if not blamed(form, refusal):
                messages.error(request, str(refusal))
                return redirect("billing:document", pk)
        else:
            messages.success(request, done)
            return redirect("billing:document", pk)
    return document_page(request, pk, {name: form})


def document_page(
    request: HttpRequest, pk: int, typed: Typed | None = None
) -> HttpResponse:
    """The page; 400 where ``typed`` has a form that was refused, 404 without a
    document."""
    found = whole_document(pk)
    if found is None:
        raise Http404
    typed = typed or {}
    holds = list(found.holds.all())
    return render(
        request,
        "billing/document.html",
        {
            "area": "billing",
            "document": found,
            "wrong": bool(typed),
            "open_holds": [
                (hold, _form(typed, f"release-{hold.pk}", ReleaseForm))
                for hold in holds
                if hold.released_at is None
            ],
            "released_holds": [hold for hold in holds if hold.released_at],
            "objection_form": _form(typed, "objection", NoteObjectionForm),
            "not_named": _not_named(found, holds),
            "small_amount": SMALL_AMOUNT,
            "sent_to_nobody": _is_sent_to_nobody(found),
            "takeable": _is_takeable(found),
            "issuing": _is_issuing(found),
            "hands_over": settings.BILLING_MODE == "hand_over",
            "take_back_form": _form(typed, "take-back", TakeBackForm),
            **_there(found, typed),
            "creditable": is_creditable(found),
            "objection": objection_of(holds),
            "worked": worked_by_kind(found.work),
            "taxed": taxed(found),
            **(_delivery(found, typed) | _settlement(found, typed)),
            "gathered_later": is_gathered_later(found),
        },
        status=HTTPStatus.BAD_REQUEST if typed else HTTPStatus.OK,
    )


def _form(typed: Typed, name: str, kind: Callable[..., Form], **options: Any) -> Form:
    return typed.get(name) or kind(auto_id=ids_of(name), **options)


def _there(document: Document, typed: Typed) -> dict[str, Any]:
    """The document in the hands of the operator's own billing system."""
    there = document.hand_overs.first()
    if there is None:
        return {}
    return {
        "there": there,
        "pushes_there": bool(settings.HAND_OVER["URL"]),
        "answer_form": _form(typed, "answer", AnswerForm),
    }


def _delivery(document: Document, typed: Typed) -> dict[str, Any]:
    """How the issued document reached its recipient, and the ways to send it again."""
    if not document.is_issued:
        return {}
    return {
        "attempts": [
            (attempt, _form(typed, f"bounced-{attempt.attempt}", BouncedForm))
            for attempt in document.transmissions.all()
        ],
        "send_form": _form(typed, "send", SendForm),
        "delivered_form": _form(typed, "delivered", DeliveredForm),
        "pushes": bool(settings.DOCUMENT_PUSH["URL"]),
        "records": [
            (reference, record.value, wording.record_name(record))
            for reference in document.references
            for record in Record
        ],
    }


def _settlement(document: Document, typed: Typed) -> dict[str, Any]:
    """What was paid of the issued document, and the ways to say so."""
    if not document.is_issued:
        return {}
    today = timezone.localdate(timezone.now())
    return {
        "balance": balance_of(document),
        "bookings": with_undo(bookings_of_document(document), typed),
        "paid_form": _form(typed, "paid", PaidForm, today=today),
    }


def with_undo(bookings: Any, typed: Typed | None = None) -> list[tuple[Any, Form]]:
    """The bookings, each with the form that takes it back."""
    return [
        (booking, _form(typed or {}, f"undo-{booking.pk}", UndoForm))
        for booking in bookings
    ]


def is_creditable(document: Document) -> bool:
    """Whether a line of this invoice is not credited yet."""
    if document.is_credit_note or not document.is_issued:
        return False
    return any(not hasattr(line, "credited_by") for line in document.lines.all())


def objection_of(holds: list[Hold]) -> Hold | None:
    """The newest objection to the document, open or decided."""
    reason = Hold.Reason.CUSTOMER_OBJECTS
    return next((hold for hold in holds if hold.reason == reason), None)


def _not_named(document: Document, holds: list[Hold]) -> list[str]:
    """What of its recipient the invoice will not say, in words, though nothing holds it
    for that; accounting may still complete it."""
    held = any(
        hold.reason == Hold.Reason.RECIPIENT_INCOMPLETE and hold.released_at is None
        for hold in holds
    )
    if held or document.is_credit_note or not _will_be_issued(document):
        return []
    return [field_name(name) for name in ADDRESS if not document.recipient.get(name)]


def _is_takeable(document: Document) -> bool:
    """Whether the approval can be taken back: of one emergency, while it waits."""
    month = document.gathered_into
    alone = not document.is_collective and not document.is_credit_note
    waits = month is None or not month.is_issued
    return document.status == Document.Status.APPROVED and alone and waits


def _is_sent_to_nobody(document: Document) -> bool:
    """Whether the document, once issued, has nowhere to go."""
    address = document.recipient.get("invoice_email") or settings.DOCUMENT_PUSH["URL"]
    return _will_be_issued(document) and not address


def _will_be_issued(document: Document) -> bool:
    gone = document.is_issued or document.is_handed_over
    alone = document.gathered_into_id is None and bool(document.account_number)
    return settings.BILLING_MODE == "issue" and alone and not gone


def _is_issuing(document: Document) -> bool:
    return (
        document.status == Document.Status.APPROVED
        and document.issue_requested_at is not None
        and not document.issue_problem
    )
