"""Staff take a report by telephone: the form, and what is read out before the order."""

import logging
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emergency.actions.report import OrderForm, Spoken
from emergency.actions.telephone import take_down
from emergency.database.again import once_more
from emergency.models import Incident
from emergency.operator_facts import current_operator
from emergency.queries.customers import Customer
from emergency.rules.free_text import named_apart
from emergency.rules.tariff import Tariff
from emergency.telephone_forms import TelephoneForm
from emergency.terms import OfferedTerms
from emergency.views.access import DESK_ROLES, StaffRequest, staff_required
from emergency.views.carried import Checked, checked_from, keys_from, new_keys
from emergency.views.customers import customer_by_pin
from emergency.views.incident import technician_of
from emergency.views.maintenance import check_maintenance
from emergency.views.ordering import order_form
from emergency.views.telephone_pages import (
    MAINTENANCE,
    SAID_YES,
    WAS_READ,
    checked_of,
    empty,
    filled,
    form_page,
    kind_of,
    nothing_to_sell,
    read_page,
    terms_in,
    text_for,
    unreadable,
)

logger = logging.getLogger(__name__)


@staff_required(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: StaffRequest) -> HttpResponse:
    """GET: the form to ask by. POST: what to read out; or the form again, with errors
    or by "Change", with everything typed."""
    if request.method != "POST":
        return form_page(request, empty(), new_keys())
    if "checked" in request.POST:
        checked = checked_from(request.POST["checked"])
        if checked is None:
            return unreadable(request)
        return form_page(request, filled(checked.typed), checked.keys)
    keys = keys_from(request.POST.get("keys"))
    form = TelephoneForm(request.POST, sells_to=current_operator().sells_to)
    if not form.is_valid():
        return form_page(request, form, keys)
    now = timezone.now()
    offered = terms_in(form.cleaned_data["spoken_language"], now)
    if offered is None:
        return nothing_to_sell(request, form, keys)
    maintenance = check_maintenance(
        servers=named_apart(form.cleaned_data["server_name"]), now=now, by_staff=True
    )
    checked = checked_of(form, keys, offered, maintenance)
    return read_page(request, checked, offered, now)


@staff_required(*DESK_ROLES)
@require_POST
def place(request: StaffRequest) -> HttpResponse:
    """The order stands, once. Where something is missing or has changed, or it cannot
    be recorded, the text to read comes back and nothing is ordered."""
    checked = checked_from(request.POST.get("checked"))
    if checked is None:
        return unreadable(request)
    now = timezone.now()
    offered = terms_in(checked.language, now)
    if offered is None:
        return nothing_to_sell(request, filled(checked.typed), checked.keys)
    tariff = current_operator().tariff_at(now)
    if (offered.terms.version, tariff.case.value) != (
        checked.terms_version,
        checked.tariff_case,
    ):
        notice = _("The price or the hours have just changed. Read the text out again.")
        return read_page(request, checked, offered, now, notice=notice, anew=True)
    caller = customer_by_pin(request, now)
    missing = _missing(request, checked, offered, caller, now)
    if missing:
        return read_page(request, checked, offered, now, missing=missing)
    try:
        incident = once_more(
            partial(_take_down, request, checked, offered, tariff, caller, now)
        )
    except Exception:
        logger.exception("an order by telephone cannot be recorded")
        return read_page(
            request,
            checked,
            offered,
            now,
            notice=_(
                "The order could not be recorded. Nothing is lost: press the button"
                " again. If it has been recorded after all, it stays one order."
            ),
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        )
    messages.success(request, _what_stands(incident, checked))
    response = HttpResponseRedirect(
        reverse("emergency:incident", args=[incident.reference])
    )
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def report_again(
    request: HttpRequest, *, notice: str, status: int
) -> HttpResponse | None:
    """What was typed, after a request that failed; None for any other page, and for
    whoever may not see this one."""
    paths = {reverse("emergency:desk_report"), reverse("emergency:desk_report_order")}
    if request.method != "POST" or request.path not in paths:
        return None
    if getattr(request.user, "role", None) not in DESK_ROLES:
        return None
    checked = checked_from(request.POST.get("checked"))
    typed = request.POST if checked is None else checked.typed
    keys = keys_from(request.POST.get("keys")) if checked is None else checked.keys
    return form_page(request, filled(typed), keys, notice=notice, status=status)


def _missing(
    request: StaffRequest,
    checked: Checked,
    offered: OfferedTerms,
    caller: Customer | None,
    now: datetime,
) -> list[str]:
    """The boxes that must be ticked and are not; a support PIN that does not fit."""
    text = text_for(request, checked, offered, now)
    needed = [WAS_READ, *text.declarations, SAID_YES]
    if text.asks_about_it:
        needed.append(MAINTENANCE)
    missing = [name for name in needed if request.POST.get(name) != "on"]
    if request.POST.get("caller_pin", "").strip() and caller is None:
        missing.append("caller_pin")
    return missing


def _take_down(
    request: StaffRequest,
    checked: Checked,
    offered: OfferedTerms,
    tariff: Tariff,
    caller: Customer | None,
    now: datetime,
) -> Incident:
    confirmed = {"confirmed": request.POST.get(MAINTENANCE) == "on"}
    return take_down(
        form=_order_form(request, checked, offered, now),
        order_key=checked.keys.order_key,
        tracking_token=checked.keys.tracking_token,
        terms=offered,
        maintenance=replace(
            checked.maintenance, evidence={**checked.maintenance.evidence, **confirmed}
        ),
        tariff=tariff,
        caller=caller,
        takes_it=technician_of(request.user) if "take" in request.POST else None,
        now=now,
    )


def _order_form(
    request: StaffRequest, checked: Checked, offered: OfferedTerms, now: datetime
) -> OrderForm:
    text = text_for(request, checked, offered, now)
    return order_form(
        checked,
        ordered_as=kind_of(checked),
        declarations=tuple(text.declarations.values()),
        spoken=Spoken(
            staff=request.user,
            rung_by=checked.typed["rung_by"],
            sentences=(*text.sentences, text.question),
        ),
    )


def _what_stands(incident: Incident, checked: Checked) -> str:
    """What has come of it, and what the caller may be told before hanging up."""
    report = incident.reports.filter(order_key=checked.keys.order_key).first()
    if report is not None and report.joined:
        return _("The report has joined this open incident, at no further fee.")
    if incident.status == Incident.Status.ACKNOWLEDGED:
        return _("Ordered, and you have it.")
    return _("Ordered. Technicians are paged now.")
