"""Who is signed in on the customer's side, and what they may open. Deny by default.

A customer is no user of ours: their session has its own key, beside that of the staff.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.db import Error as DatabaseTrouble
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from emergency.account_forms import LONGEST_NUMBER, LONGEST_PIN
from emergency.actions.support_pins import try_pin
from emergency.models import Incident
from emergency.queries.customers import (
    SESSION_KEY,
    Customer,
    customer_by,
    incidents_of,
    of_pin,
)
from emergency.views.network import network_address_of

logger = logging.getLogger(__name__)

Rest = ParamSpec("Rest")


class CustomerRequest(HttpRequest):
    """A request that has passed ``customer_required``."""

    customer: Customer


def sign_in(request: HttpRequest, **proof: int) -> None:
    """This browser speaks for the account behind ``contact`` or ``pin``, under a new
    session key."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = proof


def sign_out(request: HttpRequest) -> None:
    """This browser speaks for nobody; a signed-in colleague stays signed in."""
    if request.session.pop(SESSION_KEY, None) is not None:
        request.session.cycle_key()


def customer_of(request: HttpRequest) -> Customer | None:
    """Who is signed in here, or None; also None while the database is away, so that
    the public pages stay."""
    session = getattr(request, "session", None)
    if session is None:
        # An error page for a request that was refused before it had a session.
        return None
    try:
        proof = session.get(SESSION_KEY)
        return customer_by(proof) if isinstance(proof, Mapping) else None
    except DatabaseTrouble:
        logger.warning("nobody can be looked up, the caller counts as not signed in")
        return None


def customer_required(
    view: Callable[Concatenate[CustomerRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """The view answers signed-in customers only; others are led to the sign-in."""

    def guarded(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponse:
        customer = customer_of(request)
        if customer is None:
            return redirect("emergency:sign_in")
        request.customer = customer  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "private, no-store"
        return response

    update_wrapper(guarded, view)
    guarded.for_customers = True  # type: ignore[attr-defined]
    return guarded


def own_incident(customer: Customer, reference: str) -> Incident:
    """The incident of the customer's account. Raises Http404 for any other."""
    incident = incidents_of(customer).filter(reference=reference).first()
    if incident is None:
        raise Http404
    return incident


def customer_by_pin(request: HttpRequest, now: datetime) -> Customer | None:
    """Who brings a support PIN that fits. Any other leaves the order unverified and is
    answered no differently on a public page; so is one that cannot be looked at now."""
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
