"""Who may open what on the staff side. Nothing is open that does not say so.

A view without one of these decorators has no roles, and a contract test refuses it.
"""

from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from emergency.models import Account, Incident, Role, Staff, TimeEntry

DESK_ROLES = (Role.TECHNICIAN, Role.DUTY_MANAGER, Role.ADMINISTRATOR)
BILLING_ROLES = (Role.ACCOUNTING, Role.ADMINISTRATOR)

Rest = ParamSpec("Rest")


class StaffRequest(HttpRequest):
    """A request that has passed ``staff_required``."""

    user: Staff


def staff_required(
    *roles: Role,
) -> Callable[
    [Callable[Concatenate[StaffRequest, Rest], HttpResponse]],
    Callable[Concatenate[HttpRequest, Rest], HttpResponse],
]:
    """The view answers staff with one of these roles only.

    Whoever is not signed in is led to the sign-in and back, a signed-in person with
    another role gets 403. Naming no role is a mistake and raises TypeError.
    """
    if not roles:
        raise TypeError("name the roles that may open this view")

    def decorate(
        view: Callable[Concatenate[StaffRequest, Rest], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
        def guarded(
            request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
        ) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.method in {"GET", "HEAD"}:
                    return redirect_to_login(request.get_full_path())
                return redirect(settings.LOGIN_URL)
            if request.user.role not in roles:
                return refused(request)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        update_wrapper(guarded, view)
        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def refused(request: HttpRequest) -> HttpResponse:
    """403, with words that say why and where to go instead."""
    return render(request, "emergency/desk_refused.html", status=HTTPStatus.FORBIDDEN)


def incident_for(staff: Staff, reference: str) -> Incident:
    """The incident with this reference. Every desk role may see every incident.

    Raises Http404 when there is none or the role has no business with it.
    """
    if staff.role not in DESK_ROLES:
        raise Http404
    incident = (
        Incident.objects.select_related("account", "owner__staff")
        .filter(reference=reference)
        .first()
    )
    if incident is None:
        raise Http404
    return incident


def account_for(staff: Staff, number: str) -> Account:
    """The account with this number, for every desk role. Raises Http404."""
    account = Account.objects.filter(number=number).first()
    if staff.role not in DESK_ROLES or account is None:
        raise Http404
    return account


def time_entry_for(staff: Staff, incident: Incident, entry_id: int) -> TimeEntry:
    """The time entry of this incident, for whoever may see the incident.

    Raises Http404, also for an entry of another incident.
    """
    entry = (
        TimeEntry.objects.select_related("technician__staff")
        .filter(incident=incident, pk=entry_id)
        .first()
    )
    if staff.role not in DESK_ROLES or entry is None:
        raise Http404
    return entry
