"""From the first page to the order: form, check page, binding act.

The form travels in signed hidden inputs, so that these pages work without a session and
stay whole while the database is away; what was typed is also kept as a draft.
"""

import logging
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from emergency.actions import report as actions
from emergency.actions.refusal import Refused
from emergency.database.again import once_more
from emergency.forms import ReportForm
from emergency.operator_facts import current_operator
from emergency.queries.consumer_words import as_a_business, declarations
from emergency.rules.customer_kind import BUSINESSES_ONLY, CONSUMER
from emergency.rules.free_text import named_apart
from emergency.rules.tariff import Tariff
from emergency.terms import OfferedTerms
from emergency.views.carried import TYPED, Checked, checked_from, keys_from, new_keys
from emergency.views.customers import customer_by_pin, customer_of
from emergency.views.drafts import (
    COOKIE,
    browser_of,
    discard,
    draft_of,
    files_of,
    hand_over,
    keep_draft,
    lost_notice,
    remember,
)
from emergency.views.drill_form import drill_page
from emergency.views.language import in_chosen_language, is_switch
from emergency.views.maintenance import check_maintenance, shown
from emergency.views.network import network_address_of
from emergency.views.ordering import order_form
from emergency.views.report_pages import (
    MAINTENANCE,
    check_page,
    filled,
    form_page,
    kind_of,
    page_language,
    terms_now,
    unreadable_check,
)

logger = logging.getLogger(__name__)

# Inputs that can be sent back to from the check page.
_CHANGEABLE = {*TYPED, "attachments"}


@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_language
@cache_control(private=True, no_cache=True)
def report(request: HttpRequest) -> HttpResponse:
    """GET: what it is, what it costs, and the form. POST: the check page.

    A form with errors comes back with everything typed, and so does one that arrives by
    "Change" or by the language switch.
    """
    if request.method != "POST":
        return _first_page(request)
    if "checked" in request.POST:
        return _back_from_check(request)
    browser = browser_of(request)
    return remember(_answer(request, browser), browser)


def _first_page(request: HttpRequest) -> HttpResponse:
    """Empty, or as this browser left it; empty and marked for a drill."""
    if secret := request.GET.get("drill"):
        return drill_page(request, secret)
    draft = draft_of(request)
    if draft is None:
        # Nobody has chosen a file for a report that has just begun.
        return form_page(request, ReportForm(), new_keys(), files=[])
    return form_page(
        request,
        filled(draft.typed),
        new_keys(draft=draft.pk),
        files=files_of(draft.order_key),
        kept_at=draft.updated_at,
    )


def _answer(request: HttpRequest, browser: str) -> HttpResponse:
    """The form again, or its check page."""
    keys = keys_from(request.POST.get("keys"))
    files = keep_draft(request, keys, browser)
    if is_switch(request):
        return form_page(request, filled(request.POST), keys)
    form = ReportForm(request.POST)
    for sentence in files.refused:
        form.add_error("attachments", sentence)
    offered = terms_now()
    if not form.is_valid() or offered is None:
        return form_page(request, form, keys)
    typed = {name: form.cleaned_data.get(name, "") for name in TYPED}
    customer = customer_of(request)
    return check_page(
        request,
        Checked(
            keys=keys,
            typed=typed,
            dialled=form.dialled,
            extension=form.extension,
            terms_version=offered.terms.version,
            language=page_language(),
            maintenance=check_maintenance(
                servers=named_apart(typed["server_name"]),
                now=timezone.now(),
                account=customer.account if customer else None,
            ),
            second_dialled=form.second.e164 if form.second else "",
            second_extension=form.second.extension if form.second else "",
        ),
        offered,
        notice=lost_notice() if files.lost else "",
    )


@require_POST
@in_chosen_language
def discard_draft(request: HttpRequest) -> HttpResponse:
    """An empty form, and nothing kept of what this browser typed."""
    discard(request)
    response = redirect("emergency:report")
    response.delete_cookie(COOKIE)
    return response


def _back_from_check(request: HttpRequest) -> HttpResponse:
    checked = checked_from(request.POST.get("checked"))
    if checked is None:
        return unreadable_check(request)
    offered = terms_now()
    if is_switch(request) and offered is not None:
        return check_page(request, checked, offered)
    wanted = request.POST.get("change", "")
    return form_page(
        request,
        filled(checked.typed),
        checked.keys,
        focus=wanted if wanted in _CHANGEABLE else "",
    )


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
    offered = terms_now()
    if offered is None:
        return form_page(request, filled(checked.typed), checked.keys)
    tariff = current_operator().tariff_at(timezone.now())
    changed = _changed(checked, offered, tariff)
    if changed:
        return check_page(request, checked, offered, notice=changed)
    missing = _missing_ticks(request, checked)
    if missing:
        return check_page(request, checked, offered, missing=missing)
    try:
        once_more(partial(_order, request, checked, offered, tariff))
    except Refused as refusal:
        return check_page(
            request,
            checked,
            offered,
            notice=str(refusal),
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
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
    hand_over(checked.keys)
    response = HttpResponseRedirect(
        reverse("emergency:tracking", args=[checked.keys.tracking_token])
    )
    response.status_code = HTTPStatus.SEE_OTHER
    response.delete_cookie(COOKIE)
    return response


def _changed(checked: Checked, offered: OfferedTerms, tariff: Tariff) -> str:
    """What is not any more as the check page showed it, or nothing."""
    shown_terms = (checked.terms_version, checked.language)
    if (offered.terms.version, offered.terms.language) != shown_terms:
        return _("The price has just changed. Nothing is ordered yet.")
    # A page that was opened before there was such a thing shows none.
    if checked.tariff_case not in {"", tariff.case.value}:
        return _("The hours have just changed. Nothing is ordered yet.")
    return ""


def _missing_ticks(request: HttpRequest, checked: Checked) -> list[str]:
    """The boxes of the check page that must be ticked before it can be ordered."""
    needed: list[str] = []
    if kind_of(request, checked.typed.get("ordering_as", "")) == CONSUMER:
        needed += declarations()
    if shown(checked.maintenance, timezone.now()).needs_confirmation:
        needed.append(MAINTENANCE)
    return [name for name in needed if request.POST.get(name) != "on"]


def _declared(request: HttpRequest, kind: str) -> tuple[str, ...]:
    """What was declared with the order, word for word."""
    if kind == CONSUMER:
        return tuple(declarations().values())
    only = current_operator().sells_to == BUSINESSES_ONLY
    return (as_a_business(),) if only else ()


def _order(
    request: HttpRequest, checked: Checked, offered: OfferedTerms, tariff: Tariff
) -> None:
    typed = checked.typed
    now = timezone.now()
    kind = kind_of(request, typed.get("ordering_as", ""))
    confirmed = request.POST.get(MAINTENANCE) == "on"
    maintenance = replace(
        checked.maintenance,
        evidence={**checked.maintenance.evidence, "confirmed": confirmed},
    )
    actions.order(
        form=order_form(
            checked, ordered_as=kind, declarations=_declared(request, kind)
        ),
        order_key=checked.keys.order_key,
        tracking_token=checked.keys.tracking_token,
        terms=offered,
        maintenance=maintenance,
        button_text=_("Order with obligation to pay"),
        now=now,
        caller=customer_of(request) or customer_by_pin(request, now),
        network_address=network_address_of(request),
        tariff=tariff,
        drill=checked.keys.drill,
    )
