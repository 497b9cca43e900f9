"""Customers who have proven to speak for an account, and what is theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from emergency.models import (
    Account,
    Contact,
    DocumentFact,
    Incident,
    Report,
    Server,
    SignInLink,
    SupportPin,
)
from emergency.models.report import hash_token

# Where a browser's session holds the proof; beside whatever the staff keep there.
SESSION_KEY = "customer"


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody who speaks for this account. ``verification``: link (then ``contact``
    is the person) or pin (then nobody knows who of the account it is)."""

    account: Account
    contact: Contact | None
    verification: Report.Verification


def of_contact(contact: Contact) -> Customer:
    """The person as a customer; they have used a link."""
    return Customer(
        account=contact.account,
        contact=contact,
        verification=Report.Verification.LINK,
    )


def of_pin(pin: SupportPin) -> Customer:
    """Somebody of the account, who knew its PIN."""
    return Customer(
        account=pin.account, contact=None, verification=Report.Verification.PIN
    )


def customer_by(proof: Mapping[str, object]) -> Customer | None:
    """Who is signed in by this proof, ``{"contact": id}`` or ``{"pin": id}``; None when
    the person no longer speaks for the account or the PIN was revoked."""
    match proof:
        case {"contact": int(key)}:
            people = Contact.objects.current().select_related("account")
            contact = people.filter(pk=key).first()
            return of_contact(contact) if contact else None
        case {"pin": int(key)}:
            pins = SupportPin.objects.current().select_related("account")
            pin = pins.filter(pk=key).first()
            return of_pin(pin) if pin else None
    return None


def link_is_good(token: str, now: datetime) -> bool:
    """Whether this sign-in link can still be used."""
    return SignInLink.objects.filter(
        token_hash=hash_token(token), used_at__isnull=True, expires_at__gt=now
    ).exists()


def incidents_of(customer: Customer) -> QuerySet[Incident]:
    """The incidents that this customer may see: those of the account, once a caller was
    confirmed for it. What only names one of its servers may be a stranger's."""
    return Incident.objects.filter(
        account=customer.account,
        caller_confirmed_at__isnull=False,
        merged_into__isnull=True,
        is_drill=False,
    )


def documents_of(customer: Customer) -> QuerySet[DocumentFact]:
    """The issued documents of those incidents."""
    return DocumentFact.objects.filter(incident__in=incidents_of(customer)).exclude(
        number=""
    )


def servers_of(customer: Customer) -> list[Server]:
    """The account's servers in service, by name."""
    return list(customer.account.servers.filter(retired_at__isnull=True))
