"""The two pages of a report: the form, and the check page before the order."""

import logging
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from emergency.account_forms import LONGEST_NUMBER
from emergency.forms import ReportForm
from emergency.operator_facts import current_operator
from emergency.queries.customers import servers_of
from emergency.rules.joining import is_below
from emergency.terms import NoTerms, OfferedTerms, offered_terms
from emergency.views.before import before_the_form
from emergency.views.carried import TYPED, Checked, Keys, keys_from, typed_from
from emergency.views.customers import customer_of
from emergency.views.maintenance import shown
from emergency.views.words import prices

logger = logging.getLogger(__name__)


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


def unreadable_check(request: HttpRequest) -> HttpResponse:
    """The form again, filled, when the signed part of a check page is not good."""
    return form_page(
        request,
        filled(typed_from(request.POST.get("checked"))),
        keys_from(None),
        notice=_(
            "Nothing has been ordered. This page was open while our service was"
            " renewed. Please check what you typed and go on."
        ),
    )


def form_page(
    request: HttpRequest,
    form: ReportForm,
    keys: Keys,
    *,
    focus: str = "",
    notice: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The first page with this form, an optional notice, and the focus on one input."""
    if focus in form.fields:
        form.fields[focus].widget.attrs["autofocus"] = True
    offered = terms_now()
    customer = customer_of(request)
    if customer is not None:
        form.fields["server_name"].widget.attrs["list"] = "own-servers"
    context = {
        "form": form,
        "keys": keys.signed(),
        "customer": customer,
        "own_servers": servers_of(customer) if customer else [],
        "notice": notice,
        "before": before_the_form(current_operator(), timezone.now()),
        "terms": offered.terms if offered else None,
        "prices": prices(offered.terms) if offered else None,
        "switch_form": "report-form",
    }
    if offered is None:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    return render(request, "emergency/report_form.html", context, status=status)


def check_page(
    request: HttpRequest,
    checked: Checked,
    offered: OfferedTerms,
    *,
    notice: str = "",
    unconfirmed: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Everything once more, the price, and the button that orders.

    The page carries the terms and the tariff it shows; ``unconfirmed`` marks the
    missing tick.
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
        "customer": customer_of(request),
        # A PIN is typed again; it stands on no page.
        "caller_account": request.POST.get("caller_account", "")[:LONGEST_NUMBER],
        "typed": checked.typed,
        "email_may_be_down": is_below(
            checked.typed.get("reporter_email", ""), checked.typed["server_name"]
        ),
        "maintenance": shown(checked.maintenance, timezone.now()),
        "notice": notice,
        "unconfirmed": unconfirmed,
        "before": before,
        "terms": offered.terms,
        "prices": prices(offered.terms),
        "switch_form": "order-form",
    }
    response = render(request, "emergency/report_check.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
