"""What the customer adds to a report on the tracking page."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from emergency.actions.files import Judged, check_room, judge
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import AddedFact, AddedFile, AddedNumber, Incident, Report

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
    again is the same file. Raises Refused (``not_open``, and as ``files.judge`` and
    ``files.check_room`` do)."""
    judged = judge(name, content)
    with transaction.atomic():
        report = _open(report_id)
        files = report.added_files.defer("content")
        known = files.filter(digest=judged.digest).first()
        if known is not None:
            return known
        check_room(list(files.values_list("size", flat=True)), len(content))
        return record_file(report=report, judged=judged, now=now)


def record_file(*, report: Report, judged: Judged, now: datetime) -> AddedFile:
    """The file stands with the report and in the timeline."""
    added = AddedFile.objects.create(
        report=report,
        at=now,
        name=judged.name,
        content_type=judged.content_type,
        size=len(judged.content),
        digest=judged.digest,
        content=judged.content,
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
