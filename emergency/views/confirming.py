"""Asking somebody who is signed in once more who they are, and going on from there.

What was typed is not lost: a form that was sent waits in the session of its sender and
is carried out once they have confirmed. Files cannot wait there; whoever sent some is
led back to the page to choose them again.
"""

import copy
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from emergency.models import Role
from emergency.queries.second_factors import factors_of
from emergency.rules.permissions import Asks, Permission
from emergency.signin_forms import ConfirmForm, ConfirmPasskeyForm
from emergency.views.access import StaffRequest, staff_required
from emergency.views.homes import home_of, wanted
from emergency.views.permissions import permission_of
from emergency.views.sessions import confirm as remember_confirmed

KEPT = "asked_again"
# As much as a form of ours can hold; sessions are rows.
MOST_KEPT = 200_000
KEPT_FOR = timedelta(minutes=30)


class Kept(NamedTuple):
    """A form on its way: where to, what was typed, whether there were files, from which
    page, and when."""

    path: str
    body: str
    files: bool
    back: str
    at: str


def ask_again(request: HttpRequest, permission: Permission) -> HttpResponse:
    """The person is asked who they are; a form that was sent waits for the answer."""
    path = request.get_full_path()
    if request.method == "POST":
        _keep(request, path)
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': path})}")


@staff_required(*Role)
@sensitive_post_parameters("password", "code")
@never_cache
def confirm(request: StaffRequest) -> HttpResponse:
    """Password, code or passkey; afterwards the person is where they wanted to go."""
    by_passkey = bool(request.POST.get("credential"))
    data = request.POST or None
    form: Any = (
        ConfirmPasskeyForm(user=request.user, data=data)
        if by_passkey
        else ConfirmForm(data, user=request.user)
    )
    if request.method == "POST" and form.is_valid():
        form.mark_used()
        now = timezone.now()
        remember_confirmed(request, now)
        return _go_on(request, wanted(request) or home_of(request.user), now)
    factors = factors_of(request.user)
    return render(
        request,
        "emergency/confirm.html",
        {
            "form": ConfirmForm(user=request.user) if by_passkey else form,
            "failed_passkey": by_passkey,
            "factors": factors,
            "has_password": request.user.has_usable_password(),
            "next": wanted(request),
            "waits": _kept(request) is not None,
            "options": begin_authentication(request.user) if factors.passkeys else None,
        },
    )


def _keep(request: HttpRequest, path: str) -> None:
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    body = typed.urlencode()
    referer = urlsplit(request.headers.get("referer", ""))
    back = referer.path if referer.netloc == request.get_host() else ""
    kept = Kept(
        path=path,
        body=body if len(body) <= MOST_KEPT else "",
        files=bool(request.FILES) or len(body) > MOST_KEPT,
        back=back,
        at=timezone.now().isoformat(),
    )
    request.session[KEPT] = list(kept)


def _kept(request: HttpRequest) -> Kept | None:
    found = request.session.get(KEPT)
    return Kept(*found) if isinstance(found, list) else None


def _go_on(request: StaffRequest, there: str, now: datetime) -> HttpResponse:
    """What was asked for, as far as it can be: the form carried out, a file offered,
    the page opened."""
    kept = _kept(request)
    request.session.pop(KEPT, None)
    parts = urlsplit(there)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return redirect(home_of(request.user))
    waits = kept is not None and kept.path == there
    if waits and kept and now - datetime.fromisoformat(kept.at) > KEPT_FOR:
        messages.warning(request, _("That was long ago. Please send it again."))
        return redirect(kept.back or home_of(request.user))
    if permission_of(match.view_name).asks == Asks.FILE:
        return _offer(request, there, kept.body if waits and kept else None)
    if not waits or kept is None:
        return redirect(there)
    if kept.files:
        messages.warning(
            request, _("Files cannot wait. Please choose them again and send the form.")
        )
        return redirect(kept.back or home_of(request.user))
    answer: HttpResponse = match.func(
        _sent_again(request, kept, parts.path, parts.query),
        *match.args,
        **match.kwargs,
    )
    return answer


def _sent_again(request: HttpRequest, kept: Kept, path: str, query: str) -> HttpRequest:
    """The request that waited, with the session and the person of this one. It came
    through the protection against forged forms when it was sent."""
    again: Any = copy.copy(request)
    again.method = "POST"
    again.path = again.path_info = path
    again.GET = QueryDict(query)
    again.POST = QueryDict(kept.body)
    again._files = MultiValueDict()
    again.META = {
        **request.META,
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": query,
    }
    again.resolver_match = resolve(path)
    sent: HttpRequest = again
    return sent


def _offer(request: HttpRequest, there: str, body: str | None) -> HttpResponse:
    """A page with the one button that fetches the file: a file alone would leave the
    question standing on the screen."""
    typed = QueryDict(body or "")
    return render(
        request,
        "emergency/confirmed_file.html",
        {
            "there": there,
            "post": body is not None,
            "fields": [(n, v) for n, values in typed.lists() for v in values],
        },
    )
