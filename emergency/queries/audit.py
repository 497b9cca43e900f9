"""The audit: what is asked for, and its entries in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from emergency.models import AuditEntry, Staff, Technician
from emergency.queries.audit_wording import sentence_of, subject_of, value_of

PEOPLE = frozenset({"technician", "replaced", "proposer", "partner"})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which entries are looked for: all of these. ``until`` is the last day."""

    area: str = ""
    staff: int | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry for reading. ``details`` are names and values."""

    entry: AuditEntry
    text: str
    subject: str
    details: tuple[tuple[str, str], ...]


def entries(asked: Asked) -> "QuerySet[AuditEntry]":
    """The entries, the last one first, each with who it was."""
    found = AuditEntry.objects.select_related("staff").order_by("-pk")
    if asked.area:
        found = found.filter(area=asked.area)
    if asked.staff is not None:
        found = found.filter(staff=asked.staff)
    if asked.since is not None:
        found = found.filter(at__gte=_midnight(asked.since))
    if asked.until is not None:
        found = found.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    if asked.words:
        found = found.filter(
            Q(subject__icontains=asked.words)
            | Q(code__icontains=asked.words)
            | Q(staff__full_name__icontains=asked.words)
            | Q(values__account__icontains=asked.words)
        )
    return found


def lines(found: Sequence[AuditEntry]) -> list[Line]:
    """The entries in words. Two queries for the names in them."""
    technicians = {key for entry in found for key in _people_in(entry)}
    names = {
        key: str(person)
        for key, person in Technician.objects.select_related("staff")
        .in_bulk(technicians)
        .items()
    }
    staff = Staff.objects.in_bulk(_staff_in(found))
    return [
        _line(entry, names, {k: str(one) for k, one in staff.items()})
        for entry in found
    ]


def _people_in(entry: AuditEntry) -> Iterable[int]:
    yield from (entry.values[name] for name in PEOPLE if entry.values.get(name))
    yield from entry.values.get("members", ())
    kind, _colon, key = entry.subject.partition(":")
    if kind == "technician":
        yield int(key)


def _staff_in(found: Sequence[AuditEntry]) -> set[int]:
    parts = (entry.subject.partition(":") for entry in found)
    return {int(key) for kind, _colon, key in parts if kind == "staff"}


def _line(entry: AuditEntry, names: dict[int, str], staff: dict[int, str]) -> Line:
    kind, _colon, key = entry.subject.partition(":")
    person = ""
    if kind in {"technician", "staff"}:
        person = (names if kind == "technician" else staff).get(int(key), "")
    return Line(
        entry=entry,
        text=sentence_of(entry.code),
        subject=subject_of(kind, person or key),
        details=tuple(_details(entry.values, names)),
    )


def _details(
    values: dict[str, Any], names: dict[int, str]
) -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        if value is None:
            continue
        if name in PEOPLE:
            yield name, names.get(value, str(value))
        elif name == "members":
            yield name, ", ".join(names.get(key, str(key)) for key in value)
        else:
            yield name, value_of(value)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
