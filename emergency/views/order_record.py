"""The order record as one PDF: for the desk, by tracking page, in the account area."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from emergency import billable
from emergency.models import Report
from emergency.queries.order_record import OrderRecord
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    incident_for,
    staff_required,
)
from emergency.views.customer import tracking_page
from emergency.views.customers import (
    CustomerRequest,
    customer_required,
    own_incident,
)
from emergency.views.language import in_chosen_language

logger = logging.getLogger(__name__)


@staff_required(*DESK_ROLES)
@require_safe
def desk_record(request: StaffRequest, reference: str) -> HttpResponse:
    """The record of this incident."""
    incident = incident_for(request.user, reference)
    return _answer(request, incident.reference)


@tracking_page(everything=True)
@require_safe
def customer_record(request: HttpRequest, report: Report) -> HttpResponse:
    """The record of the incident of this report."""
    return _answer(request, report.incident.reference)


@in_chosen_language
@customer_required
@require_safe
def account_record(request: CustomerRequest, reference: str) -> HttpResponse:
    """The record of an incident of the customer's account."""
    incident = own_incident(request.customer, reference)
    return _answer(request, incident.reference)


def _answer(request: HttpRequest, reference: str) -> HttpResponse:
    """The PDF by the callable named in ``ORDER_RECORD``; where it cannot be made, 503
    and the same facts as a page to print."""
    language = (get_language() or "de").partition("-")[0]
    record = billable.order_record(
        reference=reference, language=language, now=timezone.now()
    )
    source = cast(Callable[[OrderRecord], bytes], import_string(settings.ORDER_RECORD))
    try:
        content = source(record)
    except Exception:
        logger.exception("the order record of %s cannot be printed", reference)
        return render(
            request,
            "emergency/order_record.html",
            {"record": record},
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        )
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'inline; filename="{reference}.pdf"',
        },
    )
