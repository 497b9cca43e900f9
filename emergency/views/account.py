"""The account area: incidents, orders and documents of the signed-in customer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emergency.queries.account_area import incident_of_account, incidents_of_account
from emergency.terms import FeeTerms
from emergency.views.customers import (
    CustomerRequest,
    customer_required,
    own_incident,
    own_report,
)
from emergency.views.language import in_chosen_language
from emergency.views.words import prices


@in_chosen_language
@customer_required
@require_safe
def home(request: CustomerRequest) -> HttpResponse:
    """Every incident of the account, the newest first, with its documents."""
    return render(
        request,
        "emergency/account.html",
        {
            "customer": request.customer,
            "incidents": incidents_of_account(request.customer),
        },
    )


@in_chosen_language
@customer_required
@require_safe
def incident(request: CustomerRequest, reference: str) -> HttpResponse:
    """One incident: when what happened, who reported it, what it cost."""
    found = own_incident(request.customer, reference)
    return render(
        request,
        "emergency/account_incident.html",
        {
            "customer": request.customer,
            "view": incident_of_account(found),
            "now": timezone.now(),
        },
    )


@in_chosen_language
@customer_required
@require_safe
def order_record(request: CustomerRequest, report_id: int) -> HttpResponse:
    """What was ordered: the exact terms, amounts and button, as they were accepted."""
    report = own_report(request.customer, report_id)
    terms = FeeTerms.from_json(report.consent.terms)
    return render(
        request,
        "emergency/account_order.html",
        {
            "customer": request.customer,
            "report": report,
            "consent": report.consent,
            "terms": terms,
            "prices": prices(terms),
        },
    )
