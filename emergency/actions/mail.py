"""Mail to the emergency address: taken in once, attached, put aside, answered.

A mail pages nobody. What belongs to an open incident stands there at once; everything
else waits on the desk, and its sender is told so.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from emergency import wake
from emergency.actions.identifiers import new_token
from emergency.actions.message_status import fail
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.mailboxes.base import Content
from emergency.mailboxes.letter import Letter, read_letter
from emergency.models import Incident, MailAttachment, Message, ReceivedMail, Staff
from emergency.operator_facts import limit_in_force
from emergency.pagers.email import token_of
from emergency.pagers.letters import answer_to_a_mail
from emergency.queries.dialling import number_to_ring
from emergency.queries.mail import open_incidents_of, own_addresses
from emergency.rules.incoming_mail import LOOPS, incident_meant, references_in

logger = logging.getLogger(__name__)


def take_in(*, mailbox: str, content: Content, now: datetime) -> ReceivedMail | None:
    """The mail stands in a row, attached where it says where it belongs, or waiting.
    None when it was taken in before, here or from elsewhere in the mailbox."""
    letter = read_letter(content.raw)
    try:
        with transaction.atomic():
            return _take_in(mailbox, content, letter, now)
    except IntegrityError:
        return None
    except (DataError, ValueError):
        # It says what no row can hold; it still waits for somebody to look.
        logger.exception("a mail cannot be kept as it is")
        with transaction.atomic():
            return _take_in(mailbox, content, Letter(), now)


def attach(
    *, mail_id: int, incident_id: int, staff: Staff, now: datetime
) -> ReceivedMail:
    """The mail stands with this incident. Raises Refused (``decided_already``,
    ``not_open``)."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        mail = _waiting(mail_id)
        if not incident.is_open:
            raise Refused("not_open", field="incident")
        _attach(mail, incident, now, staff)
    return mail


def dismiss(*, mail_id: int, staff: Staff, now: datetime) -> ReceivedMail:
    """The mail waits no more. Raises Refused (``decided_already``)."""
    with transaction.atomic():
        mail = _waiting(mail_id)
        mail.state = ReceivedMail.State.DISMISSED
        mail.decided_at, mail.decided_by = now, staff
        mail.save(update_fields=["state", "decided_at", "decided_by"])
    return mail


def _waiting(mail_id: int) -> ReceivedMail:
    mail = ReceivedMail.objects.select_for_update(no_key=True).get(pk=mail_id)
    if mail.state != ReceivedMail.State.WAITING:
        raise Refused("decided_already")
    return mail


def _take_in(
    mailbox: str, content: Content, letter: Letter, now: datetime
) -> ReceivedMail:
    machine = letter.machine
    if letter.sender in own_addresses() or _is_ours(letter.message_id):
        machine = "own"
    known = ReceivedMail.objects.filter(message_id=letter.message_id).exists()
    repeated = bool(letter.message_id) and known
    mail = ReceivedMail.objects.create(
        mailbox=mailbox,
        uid_validity=content.place.uid_validity,
        uid=content.place.uid,
        message_id="" if repeated else letter.message_id,
        received_at=now,
        sender=letter.sender,
        sender_name=letter.sender_name,
        subject=letter.subject,
        text="" if repeated else letter.text,
        whole=content.whole,
        machine="repeated" if repeated else machine,
        state=ReceivedMail.State.IGNORED,
    )
    _note_returned(letter, now)
    if repeated or machine in LOOPS:
        return mail
    MailAttachment.objects.bulk_create(
        [
            MailAttachment(
                mail=mail,
                name=one.name,
                content_type=one.content_type,
                size=len(one.content),
                content=one.content,
            )
            for one in letter.enclosed
        ]
    )
    incident = None if machine else _incident_of(letter)
    if incident is not None:
        _attach(mail, incident, now, None)
        return mail
    mail.state = ReceivedMail.State.WAITING
    mail.save(update_fields=["state"])
    if not machine:
        _answer(mail, now)
    return mail


def _is_ours(message_id: str) -> bool:
    token = token_of(message_id)
    return bool(token) and Message.objects.filter(token=token).exists()


def _note_returned(letter: Letter, now: datetime) -> None:
    """A message of ours that came back has failed, and the desk says so."""
    tokens = [token for one in letter.returned if (token := token_of(one))]
    rows = Message.objects.select_for_update(no_key=True, of=("self",)).filter(
        token__in=tokens, status=Message.Status.SENT
    )
    for message in rows.select_related("incident"):
        fail(message, "returned", now)
    if letter.returned:
        _tell_the_sender(letter.returned, now)


def _tell_the_sender(message_ids: Sequence[str], now: datetime) -> None:
    """Whoever else sends mail hears what came back, by the callable named in
    ``MAIL_RETURNED``; its failure keeps no mail from being taken in."""
    try:
        with transaction.atomic():
            import_string(settings.MAIL_RETURNED)(message_ids=message_ids, now=now)
    except Exception:
        logger.exception("nobody could be told of returned mail")


def _incident_of(letter: Letter) -> Incident | None:
    """The open incident that the mail belongs to, locked; None where none is, or more
    than one may be meant."""
    tokens = [token for one in letter.answers if (token := token_of(one))]
    open_ones = Incident.objects.open()
    meant = incident_meant(
        answered=list(
            open_ones.filter(messages__token__in=tokens)
            .distinct()
            .values_list("pk", flat=True)
        ),
        named=list(
            open_ones.filter(reference__in=references_in(letter.subject)).values_list(
                "pk", flat=True
            )
        ),
        of_sender=[incident.pk for incident in open_incidents_of(letter.sender)],
    )
    if meant is None:
        return None
    return Incident.objects.select_for_update(no_key=True).get(pk=meant)


def _attach(
    mail: ReceivedMail, incident: Incident, now: datetime, staff: Staff | None
) -> None:
    mail.state = ReceivedMail.State.ATTACHED
    mail.incident = incident
    mail.decided_at, mail.decided_by = now, staff
    mail.save(update_fields=["state", "incident", "decided_at", "decided_by"])
    enter(incident, "mail_attached", now=now, staff=staff, mail=mail.pk)


def _answer(mail: ReceivedMail, now: datetime) -> None:
    """Whoever wrote is told that the mail wakes nobody, once a day."""
    today = now.astimezone(timezone.get_default_timezone()).date()
    # A forged sender must not be flooded through us, nor the mail server by us.
    ordinary = limit_in_force("answers-mail")
    answers = Message.objects.filter(
        purpose=Message.Purpose.MAIL_ANSWER, due_at__gt=now - ordinary.within
    )
    answered = ReceivedMail.objects.filter(sender=mail.sender, answered_on=today)
    if answered.exists() or answers.count() >= ordinary.most:
        return
    mail.answered_on = today
    mail.save(update_fields=["answered_on"])
    letter = answer_to_a_mail(
        form=f"{settings.PUBLIC_BASE_URL}{reverse('emergency:report')}",
        hotline=number_to_ring(now),
    )
    message = Message.objects.create(
        kind=Message.Kind.EMAIL,
        purpose=Message.Purpose.MAIL_ANSWER,
        address=mail.sender,
        language=settings.LANGUAGE_CODE,
        subject=letter.subject,
        text=letter.text,
        token=new_token(),
        mail=mail,
        due_at=now,
    )
    wake.messages_after_commit([message.pk])
