"""Staff who come by the company's own sign-in (OpenID Connect)."""

from collections.abc import Sequence
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.own_sign_in import tell_of_own_sign_in
from emergency.models import Staff
from emergency.pagers.own_sign_in_mail import Change


def person_behind(*, account: SocialAccount, verified: Sequence[str]) -> Staff | None:
    """Who this identity is: whoever it was before; the first time, whose address the
    provider has verified. Somebody with another identity already is not taken over."""
    if account.pk is not None:
        return Staff.objects.filter(pk=account.user_id).first()
    person = Staff.objects.filter(email__in=[one.lower() for one in verified]).first()
    if person is None:
        return None
    known = SocialAccount.objects.filter(user=person, provider=account.provider)
    return None if known.exists() else person


def keep_identity(
    *, account: SocialAccount, staff: Staff, now: datetime, browser: str = ""
) -> None:
    """The identity is this person's, for every later sign-in, and they are told so by
    e-mail the first time. Of what the provider told only its own key for the person is
    kept."""
    with transaction.atomic():
        is_new = account.pk is None
        account.user, account.extra_data = staff, {}
        account.save()
        if is_new:
            record(
                *(Area.SIGN_IN, "identity_linked"),
                now=now,
                by=staff,
                about=f"staff:{staff.pk}",
            )
            tell_of_own_sign_in(
                staff=staff, change=Change.COMPANY, browser=browser, now=now
            )
