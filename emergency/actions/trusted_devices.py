"""Browsers that staff trust for thirty days."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.identifiers import new_token
from emergency.models import Staff, TrustedDevice
from emergency.rules.browsers import browser_name
from emergency.rules.signing_in import TRUSTED_FOR


def trust_device(
    *, staff: Staff, user_agent: str, now: datetime
) -> tuple[TrustedDevice, str]:
    """This browser is trusted until the row's end; the token is for the browser alone
    and stored nowhere. What is over is gone."""
    token = new_token()
    with transaction.atomic():
        TrustedDevice.objects.filter(staff=staff, until__lte=now).delete()
        device = TrustedDevice.objects.create(
            staff=staff,
            token_hash=_hashed(token),
            browser=browser_name(user_agent),
            trusted_at=now,
            used_at=now,
            until=now + TRUSTED_FOR,
        )
        record(
            *(Area.SIGN_IN, "device_trusted"),
            now=now,
            by=staff,
            about=f"staff:{staff.pk}",
            device=device.pk,
            until=device.until,
        )
    return device, token


def trusted_device(*, staff: Staff, token: str, now: datetime) -> TrustedDevice | None:
    """The browser with this token, if this person trusts it now."""
    if not token:
        return None
    return (
        TrustedDevice.objects.in_force(now)
        .filter(staff=staff, token_hash=_hashed(token))
        .first()
    )


def device_used(*, device: TrustedDevice, now: datetime) -> None:
    """Its owner has signed in there just now."""
    TrustedDevice.objects.filter(pk=device.pk).update(used_at=now)


def forget_device(*, staff: Staff, device_id: int, now: datetime) -> bool:
    """The person's own browser is trusted no more, and whoever is signed in there is
    signed out. Whether there was one."""
    with transaction.atomic():
        gone, _rows = TrustedDevice.objects.filter(staff=staff, pk=device_id).delete()
        if gone:
            record(
                *(Area.SIGN_IN, "device_forgotten"),
                now=now,
                by=staff,
                about=f"staff:{staff.pk}",
                device=device_id,
            )
    return bool(gone)


def forget_devices(*, staff: Staff) -> int:
    """No browser of this person is trusted; how many there were. Whoever asks for it
    records why."""
    gone, _rows = TrustedDevice.objects.filter(staff=staff).delete()
    return gone


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
