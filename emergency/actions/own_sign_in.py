"""Whoever's own way to sign in has changed hears of it by e-mail."""

from datetime import datetime

from emergency import wake
from emergency.actions.identifiers import new_token
from emergency.models import Message, OperatorProfile, Staff
from emergency.pagers.own_sign_in_mail import own_sign_in_letter


def tell_of_own_sign_in(
    *, staff: Staff, change: str, browser: str, now: datetime
) -> None:
    """An e-mail to the person waits to be sent, in their language, and is tried again
    while the mail server is away. ``change`` names its templates, as a value of
    ``Change``; ``browser`` is where it was done, if anybody knows."""
    profile = OperatorProfile.objects.in_force(now)
    letter = own_sign_in_letter(
        change=change,
        language=staff.language,
        at=now,
        browser=browser,
        operator=profile.name if profile else "",
    )
    message = Message.objects.create(
        kind=Message.Kind.EMAIL,
        purpose=Message.Purpose.OWN_SIGN_IN,
        staff=staff,
        address=staff.email,
        language=staff.language,
        subject=letter.subject,
        text=letter.text,
        token=new_token(),
        due_at=now,
    )
    wake.messages_after_commit([message.pk])
