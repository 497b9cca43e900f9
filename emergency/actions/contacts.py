"""An account's facts, and the people who speak for it: put on file and taken off."""

from datetime import datetime

from django.db import transaction

from emergency.actions.audit import Area, record
from emergency.actions.refusal import Refused
from emergency.models import Account, Contact, Staff
from emergency.rules.phone_number import NumberRefused, callback_number


def set_facts(
    *, account: Account, kind: str, language: str, staff: Staff, now: datetime
) -> None:
    """Orders of this account's people are judged by this kind from now on, and its
    messages are in this language; orders that stand keep theirs."""
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(kind=kind, language=language)
        record(
            Area.ACCOUNT,
            "account_facts_set",
            now=now,
            by=staff,
            about=f"account:{account.number}",
            kind=kind,
            language=language,
        )


def add_contact(
    *,
    account: Account,
    name: str,
    email: str,
    phone_number: str,
    language: str,
    region: str,
    staff: Staff,
    now: datetime,
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
        added = contact.pk is None
        contact.save()
        _audit(contact, "contact_added" if added else "contact_changed", staff, now)
    return contact


def retire_contact(
    *, contact_id: int, now: datetime, staff: Staff | None = None
) -> None:
    """The person no longer speaks for the account: links and sessions open nothing any
    more, and no import brings them back. Doing it again changes nothing."""
    with transaction.atomic():
        contact = (
            Contact.objects.select_for_update(of=("self",))
            .select_related("account")
            .filter(pk=contact_id, retired_at__isnull=True)
            .first()
        )
        if contact is not None:
            contact.retired_at, contact.imported = now, False
            contact.save(update_fields=["retired_at", "imported"])
            _audit(contact, "contact_taken_off", staff, now)


def _audit(contact: Contact, code: str, staff: Staff | None, now: datetime) -> None:
    record(
        Area.CONTACT,
        code,
        now=now,
        by=staff,
        about=f"contact:{contact.pk}",
        account=contact.account.number,
    )


def _number(typed: str, region: str) -> str:
    if not typed.strip():
        return ""
    try:
        return callback_number(typed, region=region).e164
    except NumberRefused as error:
        raise Refused("bad_number", field="phone_number") from error
