"""What the customer adds to a report on the tracking page."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import AddedFact, AddedFile, AddedNumber, Incident, Report
from emergency.rules.attached_file import clean_name, type_of

# A page that is open to whoever has its address must not fill the house.
MOST_FACTS = 50
MOST_NUMBERS = 5


@dataclass(frozen=True, kw_only=True)
class Dialled:
    """A number to call: E.164, as it was typed, its extension, and whose it is."""

    number: str
    typed: str
    extension: str
    name: str


def add_fact(*, report_id: int, text: str, now: datetime) -> AddedFact:
    """The technician reads this text at the desk; the same text again is the same fact.
    Raises Refused (``not_open``, ``too_many_facts``)."""
    with transaction.atomic():
        report = _open(report_id)
        known = report.added_facts.filter(text=text).first()
        if known is not None:
            return known
        if report.added_facts.count() >= MOST_FACTS:
            raise Refused("too_many_facts", field="text")
        fact = AddedFact.objects.create(report=report, at=now, text=text)
        enter(report.incident, "fact_added", now=now, report=report.pk, fact=fact.pk)
    return fact


def add_number(*, report_id: int, dialled: Dialled, now: datetime) -> AddedNumber:
    """We call this number, too; the same number again is the same one. Raises Refused
    (``not_open``, ``too_many_numbers``)."""
    with transaction.atomic():
        report = _open(report_id)
        known = report.added_numbers.filter(number=dialled.number).first()
        if known is not None:
            return known
        if report.added_numbers.count() >= MOST_NUMBERS:
            raise Refused("too_many_numbers", field="number")
        return record_number(report=report, dialled=dialled, now=now)


def record_number(*, report: Report, dialled: Dialled, now: datetime) -> AddedNumber:
    """The number stands with the report and in the timeline."""
    added = AddedNumber.objects.create(
        report=report,
        at=now,
        number=dialled.number,
        typed=dialled.typed,
        extension=dialled.extension,
        name=dialled.name,
    )
    enter(report.incident, "number_added", now=now, report=report.pk, added=added.pk)
    return added


def add_file(*, report_id: int, name: str, content: bytes, now: datetime) -> AddedFile:
    """The file stands with the report, and the desk hands it out; the same content
    again is the same file. Raises Refused (``not_open``, ``file_empty``, ``file_kind``,
    ``file_too_large``, ``files_too_many``, ``files_too_large``)."""
    megabyte = 1024 * 1024
    if not content:
        raise Refused("file_empty", field="file")
    if len(content) > settings.ATTACHMENT_MEGABYTES * megabyte:
        raise Refused(
            "file_too_large", field="file", megabytes=settings.ATTACHMENT_MEGABYTES
        )
    media_type = type_of(content)
    if not media_type:
        raise Refused("file_kind", field="file")
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        report = _open(report_id)
        files = report.added_files.defer("content")
        known = files.filter(digest=digest).first()
        if known is not None:
            return known
        sizes = list(files.values_list("size", flat=True))
        if len(sizes) >= settings.ATTACHMENTS_MOST:
            raise Refused(
                "files_too_many", field="file", most=settings.ATTACHMENTS_MOST
            )
        if sum(sizes) + len(content) > settings.ATTACHMENTS_MEGABYTES * megabyte:
            raise Refused(
                "files_too_large",
                field="file",
                megabytes=settings.ATTACHMENTS_MEGABYTES,
            )
        added = AddedFile.objects.create(
            report=report,
            at=now,
            name=clean_name(name),
            content_type=media_type,
            size=len(content),
            digest=digest,
            content=content,
        )
        enter(report.incident, "file_added", now=now, report=report.pk, added=added.pk)
    return added


def _open(report_id: int) -> Report:
    """The report, whose incident's row is held and open."""
    report = Report.objects.get(pk=report_id)
    incident = Incident.objects.select_for_update(no_key=True).get(
        pk=report.incident_id
    )
    if not incident.is_open:
        raise Refused("not_open")
    report.incident = incident
    return report
