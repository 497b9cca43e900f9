"""Who may open a page of billing. Every view wears one of these decorators."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from billing.rules.roles import ACCOUNTING as ACCOUNTING
from emergency import billable

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# Whoever speaks with the customer may also read what the customer got.
READERS = ACCOUNTING | {"technician", "duty_manager"}


def only(roles: frozenset[str]) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Staff with one of the roles; others get 403, strangers the login page."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if getattr(request.user, "role", None) not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def for_readers_and_customer(
    view: Callable[[HttpRequest, str], HttpResponse],
) -> Callable[..., HttpResponse]:
    """As ``only(READERS)``, and for the customer whose document this number names."""
    for_readers = only(READERS)(view)

    @wraps(view)
    def guarded(request: HttpRequest, number: str) -> HttpResponse:
        if billable.customer_may_read(request.session, number):
            return view(request, number)
        return for_readers(request, number)

    return guarded


def with_payments(view: View[P]) -> Callable[..., HttpResponse]:
    """As ``only(ACCOUNTING)`` where payments are switched on; elsewhere there is no
    such page, whoever asks."""
    for_accounting = only(ACCOUNTING)(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.BILLING_PAYMENTS:
            raise Http404
        return for_accounting(request, *args, **kwargs)

    return guarded


def staff_id(request: HttpRequest) -> int:
    """The id of who is signed in; guarded views only."""
    if request.user.pk is None:
        raise PermissionDenied
    return request.user.pk
