"""Answering people who ask for their data, or ask to be forgotten."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from emergency.actions.audit import Area, Via, record
from emergency.actions.erasing import erase_incident, erase_rows
from emergency.models import (
    Contact,
    Incident,
    Message,
    PrivacyRequest,
    ReceivedMail,
    SignInLink,
    SignInRequest,
    Staff,
)
from emergency.queries.person import (
    Part,
    Person,
    as_json,
    parts_of,
    person_by,
    rows_of_person,
)
from emergency.queries.retention import facts_of, tables
from emergency.rules.retention import Class, settled_at


@dataclass(frozen=True, kw_only=True)
class Exported:
    """Everything about the person, to be read by people and by programs."""

    person: Person
    parts: tuple[Part, ...]
    made_at: datetime

    @property
    def data(self) -> Any:
        return as_json(self.person, self.parts, made_at=self.made_at)


@dataclass(frozen=True, kw_only=True)
class Stayed:
    """What had to stay: the incident's reference and a code that ``why`` words:
    open | held | not_settled | evidence | accounting."""

    reference: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What became of a wish to be forgotten."""

    subject: str
    erased: tuple[str, ...]
    contacts: int
    stayed: tuple[Stayed, ...]


def export_person(*, subject: str, staff: Staff | None, now: datetime) -> Exported:
    """Everything kept about whoever has this e-mail address or number (GDPR Art. 15,
    20); that it was handed out is recorded. Raises UnknownSubject."""
    with transaction.atomic():
        person = person_by(subject)
        parts = parts_of(person)
        asked = PrivacyRequest.objects.create(
            kind=PrivacyRequest.Kind.EXPORT,
            subject=person.subject,
            staff=staff,
            at=now,
            values={part.name: len(part.rows) for part in parts},
        )
        _audit("person_exported", asked.pk, staff, now)
    return Exported(person=person, parts=parts, made_at=now)


def erase_person(*, subject: str, staff: Staff | None, now: datetime) -> Forgotten:
    """Whatever need not stay about the person is erased now (GDPR Art. 17): what
    explains their settled incidents, and their contact. The rest stays with a reason
    and ends by itself. Raises UnknownSubject."""
    with transaction.atomic():
        person = person_by(subject)
        erased: list[str] = []
        stayed: list[Stayed] = []
        done: Counter[str] = Counter()
        for incident in (
            Incident.objects.select_for_update(of=("self",))
            .filter(pk__in=person.incident_ids)
            .order_by("pk")
        ):
            reasons = _why_it_stays(incident)
            stayed += [Stayed(reference=incident.reference, code=r) for r in reasons]
            if {"open", "held", "not_settled"} & set(reasons):
                continue
            erased.append(incident.reference)
            done += _erase_of(person, incident, staff, now)
        busy = any(one.code in {"open", "held"} for one in stayed)
        contacts = 0 if busy else _forget_contacts(person, now)
        asked = PrivacyRequest.objects.create(
            kind=PrivacyRequest.Kind.ERASURE,
            subject=person.subject,
            staff=staff,
            at=now,
            values={
                **done,
                "Contact": contacts,
                "stayed": [[one.reference, one.code] for one in stayed],
            },
        )
        _audit("person_erased", asked.pk, staff, now)
    return Forgotten(
        subject=person.subject,
        erased=tuple(erased),
        contacts=contacts,
        stayed=tuple(stayed),
    )


def _audit(code: str, request_id: int, staff: Staff | None, now: datetime) -> None:
    """Of whom it was stands in the request alone."""
    via = "" if staff else Via.COMMAND
    about = f"request:{request_id}"
    record(Area.PRIVACY, code, now=now, by=staff, via=via, about=about)


def _why_it_stays(incident: Incident) -> list[str]:
    facts = facts_of(incident)
    if facts.ended_at is None:
        return ["open"]
    if facts.held:
        return ["held"]
    if settled_at(facts) is None:
        return ["not_settled"]
    return ["evidence", *(["accounting"] if facts.charges else [])]


def _erase_of(
    person: Person, incident: Incident, staff: Staff | None, now: datetime
) -> Counter[str]:
    """All that explains the incident; where others reported it, too, only what is this
    person's own."""
    theirs = {report.pk for report in person.reports}
    if not incident.reports.exclude(pk__in=theirs).exists():
        return erase_incident(incident=incident, kind=Class.CASE, now=now, staff=staff)
    done: Counter[str] = Counter()
    for model, kept in tables():
        rows = rows_of_person(person, model.__name__)
        if rows is not None and Class.CASE in kept.fields and kept.through:
            of_this = rows.filter(**{kept.through[0]: incident.pk})
            done[model.__name__] += erase_rows(of_this, kept, Class.CASE)
    done["Message"] += Message.objects.filter(
        incident=incident, address__iexact=person.subject
    ).update(address="", subject="", text="")
    return done


def _forget_contacts(person: Person, now: datetime) -> int:
    ids = [contact.pk for contact in person.contacts]
    SignInLink.objects.filter(contact__in=ids).delete()
    SignInRequest.objects.filter(email__iexact=person.subject).delete()
    ReceivedMail.objects.filter(
        sender__iexact=person.subject, incident__isnull=True
    ).delete()
    return Contact.objects.filter(pk__in=ids).update(
        name="", email="", phone_number="", external_id="", retired_at=now
    )
