"""The records of an emergency as PDF, beside its invoice and with its e-mail.

They are made when they are read and never kept here: emergency owns what they say, and
what was erased there is in no record that is made afterwards.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from billing.documents.order_record import order_record_pdf
from billing.models import Document
from billing.rules.records import Record
from emergency import billable

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with the document."""

    name: str
    content: bytes


def record_pdf(
    record: Record, *, reference: str, language: str, now: datetime
) -> Enclosure:
    """The record as it stands, in this language. Raises UnknownReference and
    RendererMissing."""
    read = {
        Record.ORDER: billable.order_record,
        Record.CALLBACK: billable.callback_document,
    }[record]
    with translation.override(language):
        content = order_record_pdf(
            read(reference=reference, language=language, now=now)
        )
    return Enclosure(f"{reference}-{record.replace('_', '-')}.pdf", content)


def enclosures_of(document: Document, *, now: datetime) -> Iterator[Enclosure]:
    """The records that the recipient wants with every invoice; none with a correction.

    A record that emergency does not have any more is left out and told to the log.
    """
    if document.is_credit_note:
        return
    wanted = document.recipient.get("enclosed_records", [])
    for reference in document.references:
        for record in wanted:
            try:
                yield record_pdf(
                    Record(record),
                    reference=reference,
                    language=document.language,
                    now=now,
                )
            except billable.UnknownReference:
                logger.warning("there is no %s of %s any more", record, reference)
