"""The account area: incidents, orders and documents of the signed-in customer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emergency.queries.account_area import incident_of_account, incidents_of_account
from emergency.views.customers import (
    CustomerRequest,
    customer_required,
    own_incident,
)
from emergency.views.language import in_chosen_language


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
