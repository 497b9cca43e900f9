"""Who may open a page of billing. Every view wears one of these decorators."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

ACCOUNTING = frozenset({"accounting", "administrator"})
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


def staff_id(request: HttpRequest) -> int:
    """The id of who is signed in; guarded views only."""
    if request.user.pk is None:
        raise PermissionDenied
    return request.user.pk
