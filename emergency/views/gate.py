"""The gate before every page of staff: what the permission table says beyond roles."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from emergency.models import Staff
from emergency.queries.second_factors import has_second_factor
from emergency.rules.permissions import Permission
from emergency.views.confirming import ask_again
from emergency.views.homes import home_of
from emergency.views.permissions import permission_of
from emergency.views.sessions import (
    is_forgotten,
    needs_confirming,
    remember_wanted,
)

SET_UP = "mfa_index"


class Gate:
    """Whoever is signed in has a second factor where one is required, still trusts the
    device they use, and has shown lately who they are where the table asks for it.

    Roles are checked by the views themselves. Pages that are not of staff alone are not
    touched: they must open while the database is away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """What stands in the way, or None."""
        match = request.resolver_match
        permission = permission_of(match.view_name if match else "")
        if not permission.is_of_staff:
            return None
        person = request.user
        if not isinstance(person, Staff):
            return None
        now = timezone.now()
        if is_forgotten(request, now):
            logout(request)
            return redirect_to_login(_where(request))
        if person.role not in permission.roles:
            return None
        if not permission.without_factor and _lacks_second_factor(person):
            return _set_up_first(request)
        return self._asked(request, permission)

    def _asked(
        self, request: HttpRequest, permission: Permission
    ) -> HttpResponse | None:
        if not permission.asks_for(request.method):
            return None
        if not needs_confirming(request, timezone.now()):
            return None
        return ask_again(request, permission)


def _lacks_second_factor(person: Staff) -> bool:
    return settings.STAFF_MFA == "required" and not has_second_factor(person)


def _set_up_first(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("Set up a second factor first. Then this page opens."))
    remember_wanted(request, _where(request))
    return redirect(SET_UP)


def _where(request: HttpRequest) -> str:
    """Where the person wanted to go; a form that was sent is not opened again."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return home_of(request.user)
