"""What a staff session knows of its sign-in: when its owner last showed who they are,
on which trusted device, and how long it lasts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from emergency.actions.trusted_devices import (
    device_used,
    trust_device,
    trusted_device,
)
from emergency.models import Staff, TrustedDevice
from emergency.queries.second_factors import has_second_factor
from emergency.rules.browsers import browser_name
from emergency.rules.signing_in import SHIFT, must_confirm

COOKIE = "trusted_device"
CONFIRMED, DEVICE, WANTED = "confirmed_at", "trusted_device", "wanted_before_set_up"


def begin_session(request: HttpRequest, person: Staff, now: datetime) -> None:
    """The session of a person who has just signed in lasts as long as it should: on a
    trusted device until the trust ends, elsewhere a shift, once there is or has to be a
    second factor."""
    confirm(request, now)
    device = device_of(request, person, now)
    if device is not None:
        device_used(device=device, now=now)
        _bind(request, device)
    elif settings.STAFF_MFA == "required" or has_second_factor(person):
        request.session.set_expiry(now + SHIFT)


def confirm(request: HttpRequest, now: datetime) -> None:
    """The person has shown who they are at this instant."""
    request.session[CONFIRMED] = now.isoformat()


def needs_confirming(request: HttpRequest, now: datetime) -> bool:
    """Whether we ask again before we go on."""
    kept = request.session.get(CONFIRMED)
    return must_confirm(
        confirmed_at=datetime.fromisoformat(kept) if isinstance(kept, str) else None,
        now=now,
        within=timedelta(minutes=settings.STAFF_REAUTH_MINUTES),
    )


def device_of(
    request: HttpRequest, person: Staff, now: datetime
) -> TrustedDevice | None:
    """The trusted device that this browser is for this person, if it is one."""
    token = request.COOKIES.get(COOKIE, "")
    return trusted_device(staff=person, token=token, now=now)


def browser_of(request: HttpRequest) -> str:
    """What its owner calls this browser, as "Firefox, Android"; else empty."""
    return browser_name(request.headers.get("user-agent", ""))


def trust_this_device(
    request: HttpRequest, response: HttpResponse, person: Staff, now: datetime
) -> None:
    """This browser asks for no second factor and stays signed in until the trust
    ends."""
    device, token = trust_device(
        staff=person, user_agent=request.headers.get("user-agent", ""), now=now
    )
    _bind(request, device)
    response.set_cookie(
        COOKIE,
        token,
        # The browser's own clock decides, so it is told a length.
        max_age=device.until - now,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def remember_wanted(request: HttpRequest, path: str) -> None:
    """After the set-up of a second factor the person goes on to this page."""
    request.session[WANTED] = path


def wanted_before_set_up(request: HttpRequest) -> str:
    """That page, told once; an empty text where there was none."""
    return str(request.session.pop(WANTED, ""))


def is_forgotten(request: HttpRequest, now: datetime) -> bool:
    """Whether this session rests on a device that is no longer trusted."""
    kept = request.session.get(DEVICE)
    if kept is None:
        return False
    return not TrustedDevice.objects.in_force(now).filter(pk=kept).exists()


def this_device(request: HttpRequest) -> int | None:
    """The key of the trusted device that this session rests on."""
    kept = request.session.get(DEVICE)
    return kept if isinstance(kept, int) else None


def rest_on_no_device(request: HttpRequest) -> None:
    """The session goes on without a trusted device: as long as a shift from now on."""
    if request.session.pop(DEVICE, None) is not None:
        request.session.set_expiry(timezone.now() + SHIFT)


def _bind(request: HttpRequest, device: TrustedDevice) -> None:
    request.session[DEVICE] = device.pk
    request.session.set_expiry(device.until)
