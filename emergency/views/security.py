"""How somebody signs in: their own second factors, devices and password."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import (
    can_generate_recovery_codes,
    generate_recovery_codes,
)
from allauth.mfa.totp.internal.flows import deactivate_totp
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal.flows import remove_authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from emergency.actions.refusal import Refused
from emergency.actions.second_factors import (
    change_password,
    factor_changed,
    reset_second_factor,
)
from emergency.actions.trusted_devices import forget_device
from emergency.models import Role, Staff
from emergency.queries.second_factors import (
    APP,
    CODES,
    PASSKEY,
    colleagues,
    factors_of,
    has_second_factor,
)
from emergency.signin_forms import AppForm, PasskeyForm, PasswordForm
from emergency.views.access import GRANTING_ROLES, StaffRequest, staff_required
from emergency.views.sessions import (
    browser_of,
    rest_on_no_device,
    this_device,
    trust_this_device,
    wanted_before_set_up,
)

BOTH = ("GET", "HEAD", "POST")
AREA = "security"


@staff_required(*Role)
@require_safe
@never_cache
def show_security(request: StaffRequest) -> HttpResponse:
    """What the person can show besides the password, and which devices they trust."""
    factors = factors_of(request.user)
    return render(
        request,
        "emergency/security.html",
        {
            "area": AREA,
            "factors": factors,
            "devices": request.user.trusted_devices.in_force(timezone.now()),
            "this_device": this_device(request),
            "must_set_up": settings.STAFF_MFA == "required" and not factors.any,
            "next": wanted_before_set_up(request) if factors.any else "",
        },
    )


class AddApp(ActivateTOTPView):  # type: ignore[misc]
    """Afterwards codes of the app are a second factor, and recovery codes are shown."""

    form_class = AppForm
    template_name = "emergency/security_app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _added(self.request, APP, also_codes=self.did_generate_recovery_codes)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        grouped = " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
        return context | {"area": AREA, "secret": grouped}


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """Afterwards the passkey is a second factor."""

    form_class = PasskeyForm
    template_name = "emergency/security_passkey.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _added(self.request, PASSKEY, also_codes=self.did_generate_recovery_codes)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Asks the device to keep the passkey, so that it can sign in alone; one that
        cannot is a second factor all the same."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        asked = context["js_data"]["creation_options"]["publicKey"]
        wish = asked["authenticatorSelection"]
        wish |= {"residentKey": "preferred", "requireResidentKey": False}
        return context | {"area": AREA}


add_app = staff_required(*Role)(never_cache(AddApp.as_view()))
add_passkey = staff_required(*Role)(never_cache(AddPasskey.as_view()))


@staff_required(*Role)
@require_http_methods(BOTH)
@never_cache
def remove_app(request: StaffRequest) -> HttpResponse:
    """Codes of the app are no second factor any more."""
    method = get_object_or_404(Authenticator, user=request.user, type=APP)
    return _removing(request, method, APP)


@staff_required(*Role)
@require_http_methods(BOTH)
@never_cache
def remove_passkey(request: StaffRequest, pk: int) -> HttpResponse:
    """This passkey of the person is no second factor any more."""
    method = get_object_or_404(Authenticator, user=request.user, type=PASSKEY, pk=pk)
    return _removing(request, method, PASSKEY)


@staff_required(*Role)
@require_safe
@never_cache
def show_codes(request: StaffRequest) -> HttpResponse:
    """The recovery codes that are left."""
    method = get_object_or_404(Authenticator, user=request.user, type=CODES)
    return render(
        request,
        "emergency/security_codes.html",
        {"area": AREA, "codes": method.wrap().get_unused_codes()},
    )


@staff_required(*Role)
@require_POST
def renew_codes(request: StaffRequest) -> HttpResponse:
    """There are ten new recovery codes, and the old ones are worth nothing."""
    if not can_generate_recovery_codes(request.user):
        raise Http404
    generate_recovery_codes(request)
    factor_changed(staff=request.user, kind=CODES, change="renewed", now=timezone.now())
    return redirect("mfa_view_recovery_codes")


@staff_required(*Role)
@require_POST
def trust(request: StaffRequest) -> HttpResponse:
    """This browser is trusted from now on; only a second factor makes it worth
    anything."""
    if not has_second_factor(request.user):
        raise Http404
    response = redirect("mfa_index")
    if this_device(request) is None:
        trust_this_device(request, response, request.user, timezone.now())
        messages.success(request, _("This device is trusted for 30 days."))
    return response


@staff_required(*Role)
@require_POST
def forget(request: StaffRequest, device_id: int) -> HttpResponse:
    """The person's own device is trusted no more; whoever is signed in there is signed
    out, except here."""
    if this_device(request) == device_id:
        rest_on_no_device(request)
    if not forget_device(staff=request.user, device_id=device_id, now=timezone.now()):
        raise Http404
    messages.success(request, _("The device is no longer trusted."))
    return redirect("mfa_index")


@staff_required(*Role)
@sensitive_post_parameters("old_password", "new_password")
@require_http_methods(BOTH)
@never_cache
def password(request: StaffRequest) -> HttpResponse:
    """The person signs in with another password; other browsers are signed out."""
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        rest_on_no_device(request)
        change_password(
            staff=request.user,
            password=form.cleaned_data["new_password"],
            browser=browser_of(request),
            now=timezone.now(),
        )
        update_session_auth_hash(request, request.user)
        messages.success(
            request, _("The new password counts. Other devices are signed out.")
        )
        return redirect("mfa_index")
    return render(
        request, "emergency/security_password.html", {"area": AREA, "form": form}
    )


@staff_required(*GRANTING_ROLES)
@require_safe
def show_people(request: StaffRequest) -> HttpResponse:
    """Who may sign in, and what they can show besides their password."""
    return render(
        request,
        "emergency/security_people.html",
        {"area": AREA, "people": colleagues(timezone.now())},
    )


@staff_required(*GRANTING_ROLES)
@require_POST
def reset(request: StaffRequest, staff_id: int) -> HttpResponse:
    """The colleague sets up a second factor anew at their next sign-in."""
    person = get_object_or_404(Staff, pk=staff_id)
    try:
        reset_second_factor(staff_id=person.pk, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _(
                "%(name)s is signed out everywhere and sets up a second factor at the"
                " next sign-in."
            )
            % {"name": person.full_name},
        )
    return redirect("security_people")


def _added(request: Any, kind: str, *, also_codes: bool) -> None:
    for one in (kind, CODES) if also_codes else (kind,):
        factor_changed(staff=request.user, kind=one, change="added", now=timezone.now())


def _removing(request: StaffRequest, method: Authenticator, kind: str) -> HttpResponse:
    """Asked first, and not gone by a GET."""
    if request.method != "POST":
        return render(
            request,
            "emergency/security_remove.html",
            {
                "area": AREA,
                "is_app": kind == APP,
                "name": str(method),
                "is_last": _is_last(request.user),
                "required": settings.STAFF_MFA == "required",
            },
        )
    rest_on_no_device(request)
    remove = deactivate_totp if kind == APP else remove_authenticator
    remove(request, method)
    factor_changed(staff=request.user, kind=kind, change="removed", now=timezone.now())
    messages.success(request, _("Removed."))
    return redirect("mfa_index")


def _is_last(person: Staff) -> bool:
    factors = factors_of(person)
    return factors.app + len(factors.passkeys) == 1
