"""An account's facts, and the people who speak for it: put on file and taken off."""

from datetime import datetime

from django.db import transaction

from emergency.actions.refusal import Refused
from emergency.models import Account, Contact
from emergency.rules.phone_number import NumberRefused, callback_number


def set_facts(*, account: Account, kind: str, language: str) -> None:
    """Orders of this account's people are judged by this kind from now on, and its
    messages are in this language; orders that stand keep theirs."""
    Account.objects.filter(pk=account.pk).update(kind=kind, language=language)


def add_contact(
    *,
    account: Account,
    name: str,
    email: str,
    phone_number: str,
    language: str,
    region: str,
) -> Contact:
    """The person speaks for the account; the number is kept in E.164. Somebody with
    this address who was taken off is on file again.

    Raises Refused (``no_way_to_contact``, ``bad_number``).
    """
    if not email and not phone_number.strip():
        raise Refused("no_way_to_contact", field="email")
    number = _number(phone_number, region)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        contact = (
            account.contacts.filter(email__iexact=email).first() if email else None
        )
        contact = contact or Contact(account=account)
        contact.name, contact.email = name, email
        contact.phone_number, contact.language = number, language
        contact.retired_at = None
        contact.save()
    return contact


def retire_contact(*, contact_id: int, now: datetime) -> None:
    """The person no longer speaks for the account: links and sessions open nothing any
    more. Doing it again changes nothing."""
    Contact.objects.filter(pk=contact_id, retired_at__isnull=True).update(
        retired_at=now
    )


def _number(typed: str, region: str) -> str:
    if not typed.strip():
        return ""
    try:
        return callback_number(typed, region=region).e164
    except NumberRefused as error:
        raise Refused("bad_number", field="phone_number") from error
