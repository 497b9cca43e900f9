"""From the first page to the order: form, check page, binding act.

Nothing of it is stored before the order. The form travels in signed hidden inputs, so
that these pages work without a session and stay whole while the database is away.
"""

import logging
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from emergency.account_forms import LONGEST_NUMBER, LONGEST_PIN
from emergency.actions import report as actions
from emergency.actions.support_pins import try_pin
from emergency.database.again import once_more
from emergency.forms import ReportForm
from emergency.queries.customers import Customer, of_pin, servers_of
from emergency.rules.joining import is_below
from emergency.terms import NoTerms, OfferedTerms, offered_terms
from emergency.views.carried import (
    TYPED,
    Checked,
    Keys,
    checked_from,
    keys_from,
    typed_from,
)
from emergency.views.customers import customer_of
from emergency.views.language import in_chosen_language, is_switch
from emergency.views.maintenance import check_maintenance, shown
from emergency.views.network import network_address_of
from emergency.views.words import prices

logger = logging.getLogger(__name__)

# Inputs that can be sent back to from the check page.
_CHANGEABLE = {*TYPED, ""}


def _language() -> str:
    return (get_language() or "de").partition("-")[0]


def _terms() -> OfferedTerms | None:
    """The terms for a caller nobody knows: whoever asks sees the same."""
    try:
        return offered_terms(
            account_number=None, at=timezone.now(), language=_language()
        )
    except NoTerms:
        logger.exception("no fee terms can be shown, nothing can be ordered")
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_language
@cache_control(private=True, no_cache=True)
def report(request: HttpRequest) -> HttpResponse:
    """GET: what it is, what it costs, and the form. POST: the check page.

    A form with errors comes back with everything typed, and so does one that arrives by
    "Change" or by the language switch.
    """
    if request.method != "POST":
        return form_page(request, ReportForm(), keys_from(None))
    if "checked" in request.POST:
        return _back_from_check(request)
    keys = keys_from(request.POST.get("keys"))
    if is_switch(request):
        return form_page(request, _filled(request.POST), keys)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return form_page(request, form, keys)
    offered = _terms()
    if offered is None:
        return form_page(request, form, keys)
    typed = {name: form.cleaned_data[name] for name in TYPED}
    return check_page(
        request,
        Checked(
            keys=keys,
            typed=typed,
            dialled=form.dialled,
            extension=form.extension,
            terms_version=offered.terms.version,
            language=_language(),
            maintenance=check_maintenance(
                server_name=typed["server_name"], now=timezone.now()
            ),
        ),
        offered,
    )


def _filled(typed: Any) -> ReportForm:
    """The form with what was typed, without judging it."""
    return ReportForm(initial={name: typed[name] for name in TYPED if name in typed})


def _back_from_check(request: HttpRequest) -> HttpResponse:
    checked = checked_from(request.POST.get("checked"))
    if checked is None:
        return unreadable_check(request)
    offered = _terms()
    if is_switch(request) and offered is not None:
        return check_page(request, checked, offered)
    wanted = request.POST.get("change", "")
    return form_page(
        request,
        _filled(checked.typed),
        checked.keys,
        focus=wanted if wanted in _CHANGEABLE else "",
    )


def unreadable_check(request: HttpRequest) -> HttpResponse:
    """The form again, filled, when the signed part of a check page is not good."""
    return form_page(
        request,
        _filled(typed_from(request.POST.get("checked"))),
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
    offered = _terms()
    customer = customer_of(request)
    if customer is not None:
        form.fields["server_name"].widget.attrs["list"] = "own-servers"
    context = {
        "form": form,
        "keys": keys.signed(),
        "customer": customer,
        "own_servers": servers_of(customer) if customer else [],
        "notice": notice,
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

    The page carries the terms it shows; ``unconfirmed`` marks the missing tick.
    """
    checked = replace(
        checked, terms_version=offered.terms.version, language=_language()
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
        "terms": offered.terms,
        "prices": prices(offered.terms),
        "switch_form": "order-form",
    }
    response = render(request, "emergency/report_check.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_language
@cache_control(private=True, no_store=True)
def order(request: HttpRequest) -> HttpResponse:
    """The binding act; afterwards the customer is on the tracking page.

    The same check page ordered twice leads to the same tracking page. When the order
    cannot be recorded, the check page comes back and can be ordered again.
    """
    if request.method != "POST":
        return redirect("emergency:report")
    checked = checked_from(request.POST.get("checked"))
    if checked is None:
        return unreadable_check(request)
    offered = _terms()
    if offered is None:
        return form_page(request, _filled(checked.typed), checked.keys)
    if (offered.terms.version, offered.terms.language) != (
        checked.terms_version,
        checked.language,
    ):
        notice = _("The price has just changed. Nothing is ordered yet.")
        return check_page(request, checked, offered, notice=notice)
    shown_check = shown(checked.maintenance, timezone.now())
    confirmed = request.POST.get("maintenance_confirmed") == "on"
    if shown_check.needs_confirmation and not confirmed:
        return check_page(request, checked, offered, unconfirmed=True)
    try:
        once_more(partial(_order, request, checked, offered, confirmed=confirmed))
    except Exception:
        logger.exception("an order cannot be recorded")
        return check_page(
            request,
            checked,
            offered,
            notice=_(
                "Your order could not be recorded. Nothing is lost: press the button"
                " again. If it has been recorded after all, it stays one order."
            ),
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        )
    response = HttpResponseRedirect(
        reverse("emergency:tracking", args=[checked.keys.tracking_token])
    )
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _order(
    request: HttpRequest, checked: Checked, offered: OfferedTerms, *, confirmed: bool
) -> None:
    typed = checked.typed
    now = timezone.now()
    maintenance = replace(
        checked.maintenance,
        evidence={**checked.maintenance.evidence, "confirmed": confirmed},
    )
    actions.order(
        form=actions.OrderForm(
            server_name=typed["server_name"],
            problem_description=typed["problem_description"],
            reproduction_steps=typed["reproduction_steps"],
            recent_changes=typed["recent_changes"],
            callback_number=checked.dialled,
            callback_number_typed=typed["callback_number"],
            callback_extension=checked.extension,
            reporter_name=typed["reporter_name"],
            # A page that was opened before there was such an input has none.
            reporter_email=typed.get("reporter_email", ""),
            language=checked.language,
        ),
        order_key=checked.keys.order_key,
        tracking_token=checked.keys.tracking_token,
        terms=offered,
        maintenance=maintenance,
        button_text=_("Order with obligation to pay"),
        now=now,
        caller=customer_of(request) or _by_pin(request, now),
        network_address=network_address_of(request),
    )


def _by_pin(request: HttpRequest, now: datetime) -> Customer | None:
    """Who ordered with a support PIN that fits. Any other leaves the order unverified
    and is answered no differently; so is one that cannot be looked at now."""
    number = request.POST.get("caller_account", "")[:LONGEST_NUMBER].replace("\x00", "")
    typed = request.POST.get("caller_pin", "")[:LONGEST_PIN]
    if not number.strip() or not typed.strip():
        return None
    try:
        pin = try_pin(
            account_number=number,
            typed=typed,
            network_address=network_address_of(request),
            now=now,
        )
    except DatabaseTrouble as error:
        logger.warning("a support PIN cannot be looked at: %s", type(error).__name__)
        return None
    return of_pin(pin) if pin else None
