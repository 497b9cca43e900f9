"""What staff type to sign in, to confirm who they are, and to change how."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emergency.models import Staff

CODE = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})


NOT_THIS_PASSKEY = _(
    "This passkey does not sign anybody in here. Use your password, then the second"
    " step."
)


class SignInForm(LoginForm):  # type: ignore[misc]
    """Address and password, under the names that Django's own form has."""

    def add_prefix(self, field_name: str) -> str:
        return "username" if field_name == "login" else field_name

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)

    def login(
        self, request: HttpRequest, redirect_url: str | None = None
    ) -> HttpResponse:
        """The next step after the password: the second factor, or the start page. How
        long the session lasts is for ``views.sessions`` to say."""
        login = self._login
        login.redirect_url = redirect_url
        response: HttpResponse = perform_password_login(
            request, self.user_credentials(), login
        )
        return response


class SecondStepForm(AuthenticateForm):  # type: ignore[misc]
    """A code from the app or a recovery code, and whether to trust this browser."""

    code = forms.CharField(label=_("Code"), max_length=20, widget=CODE)


class ConfirmForm(forms.Form):
    """The password, or a code instead."""

    use_required_attribute = False

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Or a code from the app"), required=False, max_length=20, widget=CODE
    )

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("code"):
            inner = SecondStepForm({"code": typed["code"]}, user=self.user)
            if not inner.is_valid():
                self.errors["code"] = self.error_class(inner.errors["code"])
            else:
                self._factor: Authenticator | None = inner.authenticator
        elif typed.get("password"):
            self._factor = None
            if not get_adapter().reauthenticate(self.user, typed["password"]):
                self.add_error("password", gettext("This is not your password."))
        elif not self.errors:
            self.add_error("password", gettext("Enter your password or a code."))
        return typed

    def mark_used(self) -> None:
        """What was shown is marked as used."""
        if self._factor is not None:
            self._factor.record_usage()


class PasskeyAloneForm(LoginWebAuthnForm):  # type: ignore[misc]
    """The answer of a passkey that says by itself whose it is. One whose device has not
    made sure who holds it is refused, as is every other, by one sentence."""

    def clean_credential(self) -> Authenticator:
        try:
            passkey: Authenticator = super().clean_credential()
        except (forms.ValidationError, ValueError, AttributeError, TypeError) as error:
            raise forms.ValidationError(NOT_THIS_PASSKEY) from error
        return passkey


class ConfirmPasskeyForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """The answer of a passkey."""

    def mark_used(self) -> None:
        self.cleaned_data["credential"].record_usage()


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code that the app shows: proof that it has the secret."""

    code = forms.CharField(label=_("Code from the app"), max_length=20, widget=CODE)


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name for the passkey, and what the browser made."""

    # Every passkey may sign in alone where its device made sure who holds it.
    passwordless = None
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=60,
        help_text=_("For example: key on my key ring."),
    )

    def clean_name(self) -> str:
        kind = Authenticator.Type.WEBAUTHN
        made: str = self.cleaned_data["name"] or (
            get_mfa_adapter().generate_authenticator_name(self.user, kind)
        )
        return made


class PasswordForm(forms.Form):
    """The password in force and the one that follows it."""

    use_required_attribute = False

    old_password = forms.CharField(
        label=_("Password until now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old_password(self) -> str:
        typed = str(self.cleaned_data["old_password"])
        if not get_adapter().reauthenticate(self.user, typed):
            raise forms.ValidationError(gettext("This is not your password."))
        return typed

    def clean_new_password(self) -> str:
        typed = str(self.cleaned_data["new_password"])
        validate_password(typed, self.user)
        return typed
