"""Mail to the emergency address: what waits, and whose it may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from emergency.models import (
    Contact,
    Incident,
    MailAttachment,
    Message,
    ReceivedMail,
    Report,
)

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
    a reporter who gave it, or somebody whom we wrote to about it. The newest first."""
    return open_incidents_by([sender])[sender]


def open_incidents_by(senders: Sequence[str]) -> dict[str, list[Incident]]:
    """As ``open_incidents_of`` for many senders, in as many queries as for one."""
    names = {sender.lower() for sender in senders if sender}
    found: dict[str, set[int]] = {}
    for rows, path in (
        (Message.objects.filter(kind=Message.Kind.EMAIL), "address"),
        (Report.objects.all(), "reporter_email"),
    ):
        named = rows.annotate(sender=Lower(path)).filter(sender__in=names)
        for name, incident in named.values_list("sender", "incident"):
            found.setdefault(name, set()).add(incident)
    contacts = Contact.objects.current().annotate(sender=Lower("email"))
    theirs = contacts.filter(sender__in=names, account__incidents__isnull=False)
    for name, incident in theirs.values_list("sender", "account__incidents"):
        found.setdefault(name, set()).add(incident)
    ids = set().union(*found.values())
    open_ones = list(Incident.objects.open().filter(pk__in=ids))
    return {
        sender: [one for one in open_ones if one.pk in found.get(sender.lower(), ())]
        for sender in senders
    }


def waiting_mails() -> list[WaitingMail]:
    """What waits for somebody, the newest first."""
    mails = ReceivedMail.objects.filter(
        state=ReceivedMail.State.WAITING
    ).prefetch_related(_files())[:MOST_SHOWN]
    suggested = open_incidents_by([mail.sender for mail in mails])
    return [
        WaitingMail(mail=mail, suggested=tuple(suggested[mail.sender]))
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
