"""What staff do about how they sign in, and what an administrator does for them."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F

from emergency.actions.audit import Area, Via, record
from emergency.actions.own_sign_in import tell_of_own_sign_in
from emergency.actions.refusal import Refused
from emergency.actions.trusted_devices import forget_devices
from emergency.models import Staff
from emergency.pagers.own_sign_in_mail import Change


def factor_changed(
    *, staff: Staff, kind: str, change: str, now: datetime, method_id: int | None = None
) -> None:
    """It is on record that the person added, removed or renewed (``change``) an app, a
    passkey or recovery codes (``kind``). Another set of factors needs another trust:
    where one went, no browser is trusted any more."""
    with transaction.atomic():
        if change == "removed":
            forget_devices(staff=staff)
        record(
            *(Area.SIGN_IN, f"factor_{change}"),
            now=now,
            by=staff,
            about=f"staff:{staff.pk}",
            kind=kind,
            method=method_id,
        )


def change_password(
    *, staff: Staff, password: str, now: datetime, browser: str = ""
) -> None:
    """The person signs in with this password from now on; every other session of theirs
    has ended, no browser is trusted any more, and an e-mail says so."""
    with transaction.atomic():
        staff.set_password(password)
        staff.save(update_fields=["password"])
        devices = forget_devices(staff=staff)
        record(
            *(Area.SIGN_IN, "password_changed"),
            now=now,
            by=staff,
            about=f"staff:{staff.pk}",
            devices=devices,
        )
        tell_of_own_sign_in(
            staff=staff, change=Change.PASSWORD, browser=browser, now=now
        )


def reset_second_factor(*, staff_id: int, by: Staff | None, now: datetime) -> Staff:
    """Whoever lost their telephone sets up a second factor anew at their next sign-in:
    they have none, every session of theirs has ended, no browser is trusted, and an
    e-mail tells them. Without ``by`` it was a command.

    Raises Refused (``own_second_factor``) for one's own, which the own page removes.
    """
    if by is not None and by.pk == staff_id:
        raise Refused("own_second_factor")
    with transaction.atomic():
        person = Staff.objects.select_for_update().get(pk=staff_id)
        methods, _rows = Authenticator.objects.filter(user=person).delete()
        Staff.objects.filter(pk=person.pk).update(session_round=F("session_round") + 1)
        record(
            *(Area.SIGN_IN, "factor_reset"),
            now=now,
            by=by,
            via="" if by else Via.COMMAND,
            about=f"staff:{person.pk}",
            methods=methods,
            devices=forget_devices(staff=person),
        )
        tell_of_own_sign_in(staff=person, change=Change.RESET, browser="", now=now)
    return person
