"""The e-mails of billing: issued documents, answers to objections, reminders."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation

from billing.documents.page import page_of
from billing.documents.records import enclosures_of
from billing.models import EInvoice, Issuer, ObjectionAnswer, Reminder, Transmission

SUBJECT = "emails/billing/document_subject.txt"
BODY = "emails/billing/document.txt"
ANSWER_SUBJECT = "emails/billing/answer_subject.txt"
ANSWER_BODY = "emails/billing/answer.txt"


def compose(
    transmission: Transmission,
    connection: BaseEmailBackend | None,
    *,
    now: datetime,
) -> EmailMessage:
    """The message in the document's language; it names no person and no problem. It
    carries the PDF, and the electronic forms and records that the account asks for.

    Its Message-ID is that of the attempt, so that an attempt sent twice is one message.
    """
    document = transmission.document
    context = {"page": page_of(document), "document": document}
    with translation.override(document.language):
        subject = render_to_string(SUBJECT, context)
        body = render_to_string(BODY, context)
    message = EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        to=[transmission.address],
        connection=connection,
        headers={
            "Message-ID": f"<{document.number}.{transmission.attempt}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach(
        f"{document.number}.pdf", bytes(document.file.content), "application/pdf"
    )
    for form in document.electronic_forms.exclude(kind=EInvoice.Kind.FACTUR_X):
        message.attach(form.file_name, bytes(form.content), form.media_type)
    for enclosure in enclosures_of(document, now=now):
        message.attach(enclosure.name, enclosure.content, "application/pdf")
    return message


def compose_answer(
    answer: ObjectionAnswer, connection: BaseEmailBackend | None
) -> EmailMessage:
    """The answer to an objection in the document's language, word for word as it was
    written. Replies go to whoever issued the document."""
    document = answer.document
    issuer = document.issuer or _issuer_of(answer)
    context = {"answer": answer, "document": document, "issuer": issuer}
    with translation.override(document.language):
        subject = render_to_string(ANSWER_SUBJECT, context)
        body = render_to_string(ANSWER_BODY, context)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        to=[answer.address],
        reply_to=[issuer["email"]] if issuer.get("email") else None,
        connection=connection,
        headers={"Message-ID": f"<answer.{answer.pk}@{_domain()}>"},
    )


def _issuer_of(answer: ObjectionAnswer) -> dict[str, Any]:
    """A draft names no issuer yet: the one of the day of the answer."""
    return Issuer.objects.on(timezone.localdate(answer.at)).snapshot()


def compose_reminder(
    reminder: Reminder, connection: BaseEmailBackend | None
) -> EmailMessage:
    """The reminder as it was worded, with the invoice that it is about."""
    document = reminder.document
    key = f"{document.number}.reminder-{reminder.level}.{reminder.attempt}"
    message = EmailMessage(
        subject=reminder.subject,
        body=reminder.body.strip() + "\n",
        to=[reminder.address],
        reply_to=[document.issuer["email"]] if document.issuer.get("email") else None,
        connection=connection,
        headers={
            "Message-ID": f"<{key}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach(
        f"{document.number}.pdf", bytes(document.file.content), "application/pdf"
    )
    return message


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
