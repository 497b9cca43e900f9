"""Pages and messages by e-mail, through Django's mail backend. Never the only way."""

import smtplib
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string

from emergency.pagers.base import PageOrder, PagerError, Receipt, TextOrder
from emergency.pagers.wording import subject, text_with_link
from emergency.queries.mail import mail_address

# RFC 5321: from here on a refusal is for good; below it the server asks to try later.
REFUSED_FOR_GOOD = 500
# RFC 3834; the second asks Exchange not to answer by itself.
BY_A_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def message_id(token: str) -> str:
    """The Message-ID of the mail with this token; the same one however often it is
    sent, so that a mailbox can tell a repetition."""
    return f"<{token}@{_our_host()}>"


def token_of(message_id: str) -> str:
    """The token in a Message-ID of ours; empty for any other."""
    token, _at, host = message_id.strip().strip("<>").partition("@")
    return token if host == _our_host() else ""


def _answering(message_id: str) -> dict[str, str]:
    """What makes a mail an automatic answer (RFC 3834, section 3.1)."""
    if not message_id:
        return {}
    return {
        "Auto-Submitted": "auto-replied",
        "In-Reply-To": message_id,
        "References": message_id,
    }


def _our_host() -> str:
    return urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"


class EmailPager:
    """Pages by an e-mail with a link that answers. Opening the link acknowledges
    nothing, as mail scanners open links too; a person presses the button there.

    Messages to customers go as plain text and as HTML with the same words."""

    provider = "email"

    def is_configured(self) -> bool:
        return True

    def send(self, order: PageOrder | TextOrder) -> Receipt:
        message = _letter(order) if isinstance(order, TextOrder) else _page(order)
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            if max(codes, default=REFUSED_FOR_GOOD) < REFUSED_FOR_GOOD:
                raise PagerError("mail_server") from error
            raise PagerError("address_refused", permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise PagerError("mail_server") from error
        return Receipt(
            provider=self.provider, provider_id="", status="sent", final=True
        )

    def find(self, order: PageOrder, since: datetime) -> list[Receipt]:
        return []

    def look_up(self, provider_id: str) -> Receipt | None:
        return None


def _page(order: PageOrder) -> EmailMessage:
    return EmailMessage(
        subject=subject(order),
        body=f"{text_with_link(order)}\n",
        to=[order.address],
        headers={"X-Priority": "1", "Auto-Submitted": "auto-generated"},
    )


def _letter(order: TextOrder) -> EmailMessage:
    mail = EmailMultiAlternatives(
        subject=order.subject,
        body=f"{order.text}\n",
        to=[order.address],
        reply_to=[address] if (address := mail_address()) else None,
        headers={
            **BY_A_MACHINE,
            **_answering(order.in_reply_to),
            "Message-ID": message_id(order.token),
            "Content-Language": order.language,
        },
    )
    mail.attach_alternative(
        render_to_string(
            "emails/emergency/message.html",
            {
                "language": order.language,
                "subject": order.subject,
                "link": order.link,
                "paragraphs": order.text.split("\n\n"),
            },
        ),
        "text/html",
    )
    return mail
