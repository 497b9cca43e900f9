"""Pages by e-mail, through Django's mail backend. Never the only way."""

import smtplib
from datetime import datetime

from django.core.mail import EmailMessage

from emergency.pagers.base import PageOrder, PagerError, Receipt
from emergency.pagers.wording import subject, text_with_link


class EmailPager:
    """Pages by an e-mail with a link that answers. Opening the link acknowledges
    nothing, as mail scanners open links too; a person presses the button there."""

    provider = "email"

    def is_configured(self) -> bool:
        return True

    def send(self, order: PageOrder) -> Receipt:
        message = EmailMessage(
            subject=subject(order),
            body=f"{text_with_link(order)}\n",
            to=[order.address],
            headers={"X-Priority": "1", "Auto-Submitted": "auto-generated"},
        )
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
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
