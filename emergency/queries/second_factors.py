"""Who has which second factor."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from emergency.models import Staff

APP, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
CODES = Authenticator.Type.RECOVERY_CODES


@dataclass(frozen=True, kw_only=True)
class Passkey:
    """One passkey, with the name that its owner gave it."""

    pk: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Factors:
    """What somebody can show besides the password. ``codes_left`` are recovery codes
    that were not used; they help only beside another factor."""

    app: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        return self.app or bool(self.passkeys)


def has_second_factor(person: Staff) -> bool:
    """Whether a password alone does not let this person in."""
    rows = Authenticator.objects.filter(user=person, type__in=[APP, PASSKEY])
    return bool(rows.exists())


def factors_of(person: Staff) -> Factors:
    """Everything this person can show besides the password."""
    rows = list(Authenticator.objects.filter(user=person).order_by("pk"))
    codes = next((row for row in rows if row.type == CODES), None)
    return Factors(
        app=any(row.type == APP for row in rows),
        passkeys=tuple(
            Passkey(
                pk=row.pk,
                name=row.wrap().name,
                added_at=row.created_at,
                used_at=row.last_used_at,
            )
            for row in rows
            if row.type == PASSKEY
        ),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
    )


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who may sign in, and what they can show."""

    staff: Staff
    kinds: frozenset[str]
    devices: int

    @property
    def has_second_factor(self) -> bool:
        return bool(self.kinds & {APP, PASSKEY})

    @property
    def has_app(self) -> bool:
        return APP in self.kinds

    @property
    def has_passkey(self) -> bool:
        return PASSKEY in self.kinds


def colleagues(now: datetime) -> list[Colleague]:
    """Everybody who may sign in now, by name. Three queries."""
    kinds: dict[int, set[str]] = {}
    for owner, kind in Authenticator.objects.values_list("user_id", "type"):
        kinds.setdefault(owner, set()).add(kind)
    rows = Staff.objects.filter(is_active=True).prefetch_related("trusted_devices")
    return [
        Colleague(
            staff=person,
            kinds=frozenset(kinds.get(person.pk, ())),
            devices=sum(one.until > now for one in person.trusted_devices.all()),
        )
        for person in rows.order_by("full_name", "pk")
        if person.has_access(now)
    ]
