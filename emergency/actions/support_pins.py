"""Support PINs of an account: made, revoked, and tried by callers."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.identifiers import new_pin
from emergency.actions.network import is_above, touch
from emergency.models import Account, NetworkTouch, Staff, SupportPin
from emergency.operator_facts import limit_in_force
from emergency.rules.support_pin import DIGITS, cleaned, rests_until


def create_pin(*, account: Account, staff: Staff, now: datetime) -> str:
    """The account has a new PIN, which is returned once and kept as a hash; an earlier
    one no longer opens anything."""
    pin = new_pin(DIGITS)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        _revoke(account, now)
        SupportPin.objects.create(
            account=account,
            secret=make_password(pin),
            created_at=now,
            created_by=staff,
        )
        _audit(account, "pin_made", staff, now)
    return pin


def revoke_pin(*, account: Account, now: datetime, staff: Staff | None = None) -> bool:
    """The account's PIN opens nothing any more. False when it had none."""
    with transaction.atomic():
        revoked = _revoke(account, now)
        if revoked:
            _audit(account, "pin_revoked", staff, now)
    return revoked


def _audit(account: Account, code: str, staff: Staff | None, now: datetime) -> None:
    record(Area.PERMISSION, code, now=now, by=staff, about=f"account:{account.number}")


def _revoke(account: Account, now: datetime) -> bool:
    standing = SupportPin.objects.filter(account=account, revoked_at__isnull=True)
    return bool(standing.update(revoked_at=now))


def try_pin(
    *, account_number: str, typed: str, network_address: str, now: datetime
) -> SupportPin | None:
    """The PIN when number and digits fit; else None, whatever is wrong: no such
    account, another PIN, a PIN that rests, too many tries from this network address.

    Every try costs the same work, so that its time tells nothing either.
    """
    above = is_above(
        purpose=NetworkTouch.Purpose.PIN,
        address=network_address,
        ordinary=limit_in_force("pins-address"),
        now=now,
    )
    touch(purpose=NetworkTouch.Purpose.PIN, address=network_address, now=now)
    with transaction.atomic():
        pin = (
            SupportPin.objects.current()
            .select_for_update(no_key=True, of=("self",))
            .select_related("account")
            .filter(account__number__iexact=account_number.strip())
            .first()
        )
        if pin is None:
            # As much work as a PIN that exists.
            make_password(cleaned(typed))
            return None
        fits = check_password(cleaned(typed), pin.secret)
        if above or pin.is_locked(now):
            return None
        if not fits:
            pin.failed_attempts += 1
            pin.locked_until = rests_until(pin.failed_attempts, now)
            pin.save(update_fields=["failed_attempts", "locked_until"])
            return None
        pin.failed_attempts, pin.locked_until = 0, None
        pin.save(update_fields=["failed_attempts", "locked_until"])
    return pin
