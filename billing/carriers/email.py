"""By e-mail, to the address that the account gave for invoices."""

import logging
from datetime import datetime
from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.base import BaseEmailBackend

from billing.carriers.base import Carried
from billing.documents.mail import compose
from billing.models import Transmission

logger = logging.getLogger(__name__)


def by_email(
    transmission: Transmission, *, now: datetime, connection: BaseEmailBackend | None
) -> Carried:
    """The mail is with the mail server, or why it is not."""
    message_id = ""
    try:
        message = compose(transmission, connection, now=now)
        message_id = str(message.extra_headers["Message-ID"])
        if message.send() != 1:
            return Carried(problem="not accepted", message_id=message_id)
    except SMTPRecipientsRefused:
        return Carried(
            problem="SMTPRecipientsRefused", permanent=True, message_id=message_id
        )
    except Exception as error:  # noqa: BLE001 - whatever a mail backend raises
        logger.warning("document %s was not sent: %s", transmission.document_id, error)
        return Carried(problem=type(error).__name__, message_id=message_id)
    return Carried(message_id=message_id)
