"""Who works here: an administrator lets somebody in, changes what they may do, and lets
nobody in any more."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from emergency.actions.audit import Area, record
from emergency.actions.refusal import Refused
from emergency.actions.trusted_devices import forget_devices
from emergency.models import Role, Staff, Technician


@dataclass(frozen=True, kw_only=True)
class Person:
    """What is said of a colleague. With ``first_name``, which customers read, they can
    be paged."""

    full_name: str
    role: str
    language: str
    first_name: str = ""


def add_colleague(*, email: str, person: Person, by: Staff, now: datetime) -> Staff:
    """They may sign in once they have chosen a password, and be paged once a contact
    method of theirs is verified. Raises Refused (``address_in_use``)."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                staff = Staff.objects.create_user(
                    email,
                    full_name=person.full_name,
                    role=person.role,
                    language=person.language,
                )
        except IntegrityError as error:
            raise Refused("address_in_use", field="email") from error
        _make_reachable(staff, person.first_name)
        _enter("colleague_added", staff, by, now)
    return staff


def change_colleague(
    *, staff_id: int, person: Person, may_sign_in: bool, by: Staff, now: datetime
) -> Staff:
    """What is said of the colleague is so from now on. Whoever may not sign in any more
    is signed out everywhere and is not paged; their name stays with what they did.

    Raises Refused (``own_rights``: nobody locks themselves out; ``not_here`` for
    auditors, whose access has a page of its own).
    """
    with transaction.atomic():
        staff = Staff.objects.select_for_update().get(pk=staff_id)
        if staff.role == Role.AUDITOR:
            raise Refused("not_here")
        rights = (staff.role, staff.is_active)
        if staff.pk == by.pk and rights != (person.role, may_sign_in):
            raise Refused("own_rights")
        staff.full_name, staff.language = person.full_name, person.language
        staff.role, staff.is_active = person.role, may_sign_in
        if not staff.is_staff:
            staff.is_superuser = False
        staff.save(
            update_fields=[
                *("full_name", "language", "role", "is_active", "is_superuser"),
            ]
        )
        if not may_sign_in:
            _sign_out(staff)
        _make_reachable(staff, person.first_name)
        _enter("colleague_changed", staff, by, now)
    return staff


def offer_password(*, staff_id: int, by: Staff, now: datetime) -> Staff:
    """It is on record that the colleague was given an address at which they choose a
    password; the password until now counts until then. Raises Refused (``not_here``)
    for auditors and for somebody who may not sign in."""
    with transaction.atomic():
        staff = Staff.objects.select_for_update().get(pk=staff_id)
        if staff.role == Role.AUDITOR or not staff.has_access(now):
            raise Refused("not_here")
        _enter("password_offered", staff, by, now)
    return staff


def _make_reachable(staff: Staff, first_name: str) -> None:
    """Who was paged once stays a technician: shifts and pages name them."""
    if first_name:
        Technician.objects.update_or_create(
            staff=staff, defaults={"first_name": first_name}
        )


def _sign_out(staff: Staff) -> None:
    forget_devices(staff=staff)
    Staff.objects.filter(pk=staff.pk).update(session_round=F("session_round") + 1)


def _enter(code: str, staff: Staff, by: Staff, now: datetime) -> None:
    record(
        *(Area.PERMISSION, code),
        now=now,
        by=by,
        about=f"staff:{staff.pk}",
        role=staff.role,
        may_sign_in=staff.is_active,
    )
