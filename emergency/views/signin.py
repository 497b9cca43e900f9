"""Signing in as staff, and for how long."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import check_for_language

from emergency.models import Role, Staff

BILLING_HOME = "/billing/"
IN_BILLING = frozenset({Role.ACCOUNTING, Role.AUDITOR})


class WhileAccessLasts(ModelBackend):
    """Address and password, until the end that is set for the person: Django asks this
    at the sign-in and for every request of a session."""

    def user_can_authenticate(self, user: Staff | AnonymousUser | None) -> bool:
        return isinstance(user, Staff) and user.has_access(timezone.now())


class SignIn(LoginView):
    """Afterwards the person is signed in, sees their own start page and, unless this
    browser has chosen a language already, their own language."""

    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Accounting and auditors start in billing, everybody else at the board."""
        person = self.request.user
        if isinstance(person, Staff) and person.role in IN_BILLING:
            return BILLING_HOME
        return super().get_default_redirect_url()

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        person = form.get_user()
        chosen = settings.LANGUAGE_COOKIE_NAME in self.request.COOKIES
        own = person.language if isinstance(person, Staff) else ""
        if not chosen and check_for_language(own):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                own,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, demo_logins=demo_logins() if settings.DEMO else []
        )


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
