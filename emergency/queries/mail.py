"""Mail to the emergency address: what waits, and whose it may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from emergency.models import Incident, MailAttachment, ReceivedMail

MOST_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class WaitingMail:
    """One mail that waits, and the open incidents of its sender."""

    mail: ReceivedMail
    suggested: tuple[Incident, ...]


def mail_address() -> str:
    """The address to which mail about an incident can be written; empty while no
    mailbox is read."""
    return settings.EMERGENCY_MAIL_ADDRESS if settings.EMERGENCY_MAILBOX_URL else ""


def own_addresses() -> frozenset[str]:
    """The addresses that we write from and are written to, in lower case."""
    named = (settings.EMERGENCY_MAIL_ADDRESS, settings.DEFAULT_FROM_EMAIL)
    return frozenset(parseaddr(one)[1].lower() for one in named if one)


def open_incidents_of(sender: str) -> list[Incident]:
    """The open incidents of whoever writes from this address: a contact of the account,
    or somebody whom we wrote to about it. The newest first."""
    if not sender:
        return []
    theirs = Q(messages__kind="email", messages__address__iexact=sender) | Q(
        account__contacts__email__iexact=sender,
        account__contacts__retired_at__isnull=True,
    )
    return list(Incident.objects.open().filter(theirs).distinct())


def waiting_mails() -> list[WaitingMail]:
    """What waits for somebody, the newest first."""
    mails = ReceivedMail.objects.filter(
        state=ReceivedMail.State.WAITING
    ).prefetch_related(_files())[:MOST_SHOWN]
    return [
        WaitingMail(mail=mail, suggested=tuple(open_incidents_of(mail.sender)))
        for mail in mails
    ]


def open_incidents() -> list[Incident]:
    """To which a mail can be attached, the newest first."""
    return list(Incident.objects.open())


def waiting_count() -> int:
    """How many mails wait."""
    return ReceivedMail.objects.filter(state=ReceivedMail.State.WAITING).count()


def mails_of(incident: Incident) -> Sequence[ReceivedMail]:
    """The mails that stand with this incident or one that was merged into it, in the
    order of their arrival."""
    theirs = Q(incident=incident) | Q(incident__merged_into=incident)
    return list(
        ReceivedMail.objects.filter(theirs, state=ReceivedMail.State.ATTACHED)
        .prefetch_related(_files())
        .order_by("received_at", "pk")
    )


def _files() -> "Prefetch[str, QuerySet[MailAttachment], str]":
    """The names of the files without their bytes."""
    return Prefetch("attachments", MailAttachment.objects.defer("content"))
