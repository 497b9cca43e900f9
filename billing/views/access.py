"""Who may open a page of billing. Every view wears one of these decorators."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from billing.rules.roles import ACCOUNTING as ACCOUNTING
from billing.rules.roles import LOOKERS as LOOKERS
from billing.rules.roles import READERS as READERS
from billing.rules.roles import may
from emergency import billable

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def only(roles: frozenset[str]) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Staff with one of the roles; others get 403, strangers the login page. An auditor
    gets 403 for every request that is not for reading."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(getattr(request.user, "role", None), roles, request.method):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]
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

    guarded.roles = READERS  # type: ignore[attr-defined]
    return guarded


def with_payments(
    roles: frozenset[str],
) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """As ``only(roles)`` where payments are switched on; elsewhere there is no such
    page, whoever asks."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        for_roles = only(roles)(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not settings.BILLING_PAYMENTS:
                raise Http404
            return for_roles(request, *args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]
        return guarded

    return decorate


def staff_id(request: HttpRequest) -> int:
    """The id of who is signed in; guarded views only."""
    if request.user.pk is None:
        raise PermissionDenied
    return request.user.pk
