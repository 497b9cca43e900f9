"""Signing in as staff: password, second factor, the company's own sign-in."""

import json
from typing import Any

from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from emergency.models import Staff
from emergency.queries.second_factors import factors_of
from emergency.signin_forms import PasskeyAloneForm, SecondStepForm, SignInForm
from emergency.views.access import refused
from emergency.views.homes import home_of, wanted
from emergency.views.sessions import trust_this_device
from emergency.views.signin_adapters import NO_ANSWER


class WhileAccessLasts(ModelBackend):
    """Address and password, until the end that is set for the person: Django asks this
    at the sign-in and for every request of a session."""

    def user_can_authenticate(self, user: Staff | AnonymousUser | None) -> bool:
        return isinstance(user, Staff) and user.has_access(timezone.now())


class SignIn(LoginView):  # type: ignore[misc]
    """Afterwards the person is signed in, or asked for their second factor."""

    form_class = SignInForm
    template_name = "registration/login.html"

    def get_authenticated_redirect_url(self) -> str:
        """Somebody who is signed in already is led on, but never back to here."""
        there = wanted(self.request)
        return there if there != self.request.path else home_of(self.request.user)

    def get_success_url(self) -> str | None:
        return wanted(self.request) or None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "next": wanted(self.request),
            "company": company_name(),
            "demo_logins": demo_logins() if settings.DEMO else [],
        }


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]
    """Afterwards whoever's passkey it is is signed in, without a password: the device
    has asked for its owner's finger, face or PIN. A script asks here for the question
    that the passkey answers."""

    form_class = PasskeyAloneForm

    def form_valid(self, form: Any) -> HttpResponse:
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=wanted(self.request) or None)
        response: HttpResponse = perform_passwordless_login(
            self.request, passkey, login
        )
        _trust_if_wished(self.request, response)
        return response


passkey_sign_in = never_cache(PasskeySignIn.as_view())


class SecondStepView(AuthenticateView):  # type: ignore[misc]
    """Afterwards the person is signed in, and this browser is trusted if they wish."""

    form_class = SecondStepForm
    template_name = "emergency/second_step.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _trust_if_wished(self.request, response)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"factors": factors_of(self.stage.login.user)}


def _trust_if_wished(request: HttpRequest, response: HttpResponse) -> None:
    person = request.user
    if isinstance(person, Staff) and request.POST.get("trust"):
        trust_this_device(request, response, person, timezone.now())


def company_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The person is at the company's own sign-in, and comes back from there."""
    return _by_company(request, provider_id, openid_connect.login)


def company_answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Who comes back from the company's sign-in is signed in, or asked for their second
    factor."""
    return _by_company(request, provider_id, openid_connect.callback)


def admin_login(request: HttpRequest) -> HttpResponse:
    """The staff admin has no sign-in of its own: it would ask for a password alone."""
    if request.user.is_authenticated:
        return refused(request)
    return redirect_to_login(wanted(request) or reverse("admin:index"))


def company_name() -> str:
    """What the company's own sign-in is called; empty where there is none."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return str(apps[0]["name"]) if apps else ""


def _by_company(request: HttpRequest, provider_id: str, view: Any) -> HttpResponse:
    if not company_name() or provider_id != settings.OIDC_PROVIDER:
        raise Http404
    try:
        answer: HttpResponse = view(request, provider_id)
    except (OSError, KeyError, ValueError):
        # Away, or no answer that OpenID Connect knows; the details are in its own log.
        messages.error(request, str(NO_ANSWER))
        return redirect(settings.LOGIN_URL)
    return answer


def demo_logins() -> list[dict[str, str]]:
    """The sign-ins that the demo printed, or nothing when there are none to show."""
    try:
        rows = json.loads(
            (settings.DATA_DIR / "run" / "logins.json").read_text(encoding="utf-8")
        )
        return [
            {key: str(row[key]) for key in ("role", "email", "password")}
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []
