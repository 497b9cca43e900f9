"""The two pages of a report: the form, and the check page before the order."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from emergency.account_forms import LONGEST_NUMBER
from emergency.forms import ReportForm
from emergency.models import DraftFile
from emergency.operator_facts import current_operator
from emergency.queries.consumer_words import as_a_business, declarations
from emergency.queries.customers import servers_of
from emergency.rules.customer_kind import (
    BUSINESS,
    BUSINESSES_ONLY,
    is_asked,
    ordered_as,
)
from emergency.rules.free_text import named_apart
from emergency.rules.joining import is_below
from emergency.terms import NoTerms, OfferedTerms, offered_terms
from emergency.views.before import before_the_form
from emergency.views.carried import (
    TYPED,
    Checked,
    Keys,
    keys_from,
    no_longer_good,
    typed_from,
)
from emergency.views.customers import customer_of
from emergency.views.drafts import files_of
from emergency.views.maintenance import shown
from emergency.views.words import file_limits, moment, prices

logger = logging.getLogger(__name__)

# The box beside a maintenance that may be the cause.
MAINTENANCE = "maintenance_confirmed"
# The address to write to when it is over.
NOTICE = "notify_email"


def page_language() -> str:
    """The language of this page, as two letters."""
    return (get_language() or "de").partition("-")[0]


def terms_now() -> OfferedTerms | None:
    """The terms for a caller nobody knows: whoever asks sees the same. None where
    nothing can be sold."""
    try:
        return offered_terms(
            account_number=None, at=timezone.now(), language=page_language()
        )
    except NoTerms:
        logger.exception("no fee terms can be shown, nothing can be ordered")
        return None


def filled(typed: Any) -> ReportForm:
    """The form with what was typed, without judging it."""
    return ReportForm(initial={name: typed[name] for name in TYPED if name in typed})


def kind_of(request: HttpRequest, said: str) -> str:
    """Whether this customer orders as a business or as a consumer, who ``said`` so."""
    return ordered_as(**_kind_known(request), said=said)


def _kind_known(request: HttpRequest) -> dict[str, str]:
    customer = customer_of(request)
    return {
        "sells_to": current_operator().sells_to,
        "account_kind": customer.account.kind if customer else "",
    }


def unreadable_check(request: HttpRequest) -> HttpResponse:
    """The form again, filled, when the signed part of a check page is not good."""
    return form_page(
        request,
        filled(typed_from(request.POST.get("checked"))),
        keys_from(None),
        notice=no_longer_good(),
    )


def form_page(
    request: HttpRequest,
    form: ReportForm,
    keys: Keys,
    *,
    focus: str = "",
    notice: str = "",
    files: Sequence[DraftFile] | None = None,
    kept_at: datetime | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The first page with this form, an optional notice, and the focus on one input.

    ``kept_at`` is when a form was left that comes back to somebody new here. Without
    ``files`` those of this very order are shown.
    """
    if "ordering_as" in form.fields and not is_asked(**_kind_known(request)):
        del form.fields["ordering_as"]
    if focus in form.fields:
        form.fields[focus].widget.attrs["autofocus"] = True
    offered = terms_now()
    customer = customer_of(request)
    if customer is not None:
        form.fields["server_name"].widget.attrs["list"] = "own-servers"
    context = {
        "form": form,
        "keys": keys.signed(),
        "drill": bool(keys.drill),
        "customer": customer,
        "own_servers": servers_of(customer) if customer else [],
        "notice": notice,
        "files": files_of(keys.order_key) if files is None else files,
        "kept_at": moment(kept_at, timezone.now()) if kept_at else "",
        # What the browser's own copy must be newer than.
        "as_of": kept_at or (timezone.now() if request.method == "POST" else None),
        "file_limits": file_limits(),
        "before": before_the_form(current_operator(), timezone.now()),
        "terms": offered.terms if offered else None,
        "prices": prices(offered.terms) if offered else None,
        "switch_form": "report-form",
    }
    if offered is None:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    return render(request, "emergency/report_form.html", context, status=status)


@dataclass(frozen=True, kw_only=True)
class Box:
    """A declaration that a consumer ticks before ordering."""

    name: str
    text: str
    ticked: bool
    missing: bool


def _boxes(
    request: HttpRequest, checked: Checked, missing: Collection[str]
) -> list[Box]:
    if kind_of(request, checked.typed.get("ordering_as", "")) == BUSINESS:
        return []
    return [
        Box(name=name, text=text, ticked=name in request.POST, missing=name in missing)
        for name, text in declarations().items()
    ]


def _may_be_down(checked: Checked) -> bool:
    """Whether the address may lie on a server that does not work."""
    address = checked.typed.get("reporter_email", "")
    names = named_apart(checked.typed["server_name"])
    return any(is_below(address, name) for name in names)


def check_page(
    request: HttpRequest,
    checked: Checked,
    offered: OfferedTerms,
    *,
    notice: str = "",
    missing: Collection[str] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Everything once more, the price, and the button that orders.

    The page carries the terms and the tariff it shows; ``missing`` names the boxes that
    must be ticked and are not.
    """
    before = before_the_form(current_operator(), timezone.now())
    checked = replace(
        checked,
        terms_version=offered.terms.version,
        language=page_language(),
        tariff_case=before.case,
    )
    context = {
        "checked": checked,
        "signed": checked.signed(),
        "drill": bool(checked.keys.drill),
        "customer": customer_of(request),
        # A PIN is typed again; it stands on no page.
        "caller_account": request.POST.get("caller_account", "")[:LONGEST_NUMBER],
        "typed": checked.typed,
        "files": files_of(checked.keys.order_key),
        "email_may_be_down": _may_be_down(checked),
        "maintenance": shown(checked.maintenance, timezone.now()),
        "notice": notice,
        "customer_kind_known": not is_asked(**_kind_known(request)),
        "boxes": _boxes(request, checked, missing),
        "unconfirmed": MAINTENANCE in missing,
        "no_address": NOTICE in missing,
        "notify_email": request.POST.get(
            NOTICE, checked.typed.get("reporter_email", "")
        ),
        "confirmed": MAINTENANCE in request.POST,
        "missing": missing,
        "as_a_business": as_a_business()
        if current_operator().sells_to == BUSINESSES_ONLY
        else "",
        "before": before,
        "terms": offered.terms,
        "prices": prices(offered.terms),
        "switch_form": "order-form",
    }
    response = render(request, "emergency/report_check.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
