"""Where allauth asks us: who may sign in, in which words it refuses, and what follows.

Nobody signs up, nobody is told whether an address is known, and the session is ours.
"""

import base64
import hashlib
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import check_for_language, gettext
from django.utils.translation import gettext_lazy as _

from emergency.actions.company_identity import keep_identity, person_behind
from emergency.actions.own_sign_in import tell_of_own_sign_in
from emergency.models import Staff
from emergency.operator_facts import current_operator
from emergency.views.homes import home_of
from emergency.views.network import network_address_of
from emergency.views.sessions import begin_session, browser_of, device_of

NOT_BOTH = _(
    "E-mail address and password do not fit together. Check both and try again."
)
TOO_MANY = _("That was wrong too often. Wait five minutes, then try again.")
NO_ANSWER = _("Your company's sign-in did not answer as expected. Use your password.")
UNKNOWN = _("Nobody signs in here with this address. Ask an administrator.")
WRONG_CODE = _("This code does not fit. Type the one that is shown now.")


class StaffSignIn(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff exist already; their address is their name."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": NOT_BOTH,
        "account_inactive": NOT_BOTH,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """A name for the caller's network that is no address: failures are counted
        by it, and nothing else needs it."""
        address = network_address_of(request)
        return salted_hmac("emergency.signin", address, algorithm="sha256").hexdigest()

    def get_login_stages(self) -> list[str]:
        return [f"{SecondStep.__module__}.{SecondStep.__qualname__}"]

    def pre_login(
        self, request: HttpRequest, user: Staff, **hints: Any
    ) -> HttpResponse | None:
        """By whatever way somebody comes: only while their access lasts."""
        if user.has_access(timezone.now()):
            return None
        clear_login(request)
        messages.error(request, str(NOT_BOTH))
        return redirect(settings.LOGIN_URL)

    def login(self, request: HttpRequest, user: Staff) -> None:
        super().login(request, user)
        begin_session(request, user, timezone.now())

    def post_login(
        self,
        request: HttpRequest,
        user: Staff,
        *,
        redirect_url: str | None = None,
        **hints: Any,
    ) -> HttpResponse:
        """The wanted page or the person's own start page, in their own language unless
        this browser has chosen one already."""
        response = redirect(redirect_url or home_of(user))
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not chosen and check_for_language(user.language):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_of(request.user)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        message: str | None = None,
        **hints: Any,
    ) -> None:
        """What went wrong is said; what went well our own pages say."""
        if message:
            messages.add_message(request, level, message)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Staff,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """The mail stands in a row, as every other one, and is sent until it arrives:
        a mail server that is away must not keep it back."""
        tell_of_own_sign_in(
            staff=user,
            change=template_prefix,
            browser=browser_of(self.request),
            now=timezone.now(),
        )

    def reauthenticate(self, user: Staff, password: str) -> bool:
        """Whether it is their password. Failures count like those of a sign-in."""
        person = self.authenticate(self.request, email=user.email, password=password)
        return person is not None and person.pk == user.pk

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        address = str(credentials.get("email", "")).lower()
        return f"{self.get_client_ip(request)} {address}"


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """After the password: a second factor, unless this browser is trusted."""

    def _should_handle(self, request: HttpRequest) -> bool:
        person = self.login.user
        if person is None or not super()._should_handle(request):
            return False
        return device_of(request, person, timezone.now()) is None


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors under our name; their secrets are encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
    }

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def _get_site_name(self) -> str:
        return current_operator().name or gettext("Emergency support")

    def build_totp_svg(self, url: str) -> str:
        picture = segno.make(url, micro=False)
        return picture.svg_inline(scale=5, border=2, light="#fff")

    def encrypt(self, text: str) -> str:
        return _boxes().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Empty where the key is another one now: no code fits then, and an
        administrator resets the second factor."""
        try:
            return _boxes().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""


def _boxes() -> MultiFernet:
    """Keys of our own made of the signing key and of those before it."""
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(
                    hashlib.sha256(b"emergency.second-factor:" + key.encode()).digest()
                )
            )
            for key in _signing_keys()
        ]
    )


def _signing_keys() -> tuple[str, ...]:
    return tuple(
        key if isinstance(key, str) else key.decode()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )


class CompanySignIn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The company's own sign-in says who somebody is; staff we know get in."""

    def is_open_for_signup(
        self, request: HttpRequest, sociallogin: SocialLogin
    ) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The person is known by an earlier sign-in, or by an address that the provider
        has verified. Everybody else is led back."""
        verified = [one.email for one in sociallogin.email_addresses if one.verified]
        person = person_behind(account=sociallogin.account, verified=verified)
        if person is None:
            raise _led_back(request, UNKNOWN)
        keep_identity(
            account=sociallogin.account,
            staff=person,
            browser=browser_of(request),
            now=timezone.now(),
        )
        sociallogin.user = person

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, *args: Any, **hints: Any
    ) -> None:
        raise _led_back(request, NO_ANSWER)


def _led_back(request: HttpRequest, why: Promise) -> ImmediateHttpResponse:
    messages.error(request, str(why))
    return ImmediateHttpResponse(redirect(settings.LOGIN_URL))
