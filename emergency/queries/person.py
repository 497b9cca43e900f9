"""Everything that is kept about one person, found by e-mail address or number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import (
    BinaryField,
    Field,
    FileField,
    ForeignKey,
    Model,
    Q,
    QuerySet,
)
from django.utils.translation import gettext as _

from emergency.models import Contact, Report
from emergency.rules.personal_data import REGISTER
from emergency.rules.phone_number import NumberRefused, callback_number
from emergency.rules.retention import Class

# Ways from a row to the person: a report of theirs, an incident with such a report, a
# contact. Messages and requests name the address itself.
BY_REPORT = {
    "Report": "pk",
    "ReportServer": "report",
    "Consent": "report",
    "AddedFact": "report",
    "AddedFile": "report",
    "AddedNumber": "report",
    "NetworkTouch": "report",
    "CostLimit": "report",
    "Withdrawal": "report",
    "Objection": "report",
    "SolutionAnswer": "report",
}
BY_INCIDENT = {
    "Incident": "pk",
    "CallbackAttempt": "incident",
    "Bridge": "incident",
    "Note": "incident",
    "Feedback": "incident",
    "ServiceState": "feedback__incident",
    "Proposal": "incident",
    "Answer": "proposal__incident",
    "DocumentFact": "incident",
    "TimeEntry": "incident",
    "Timer": "incident",
    "ReportableFact": "case__incidents",
}
BY_CONTACT = {"Contact": "pk", "SignInLink": "contact"}
BY_ADDRESS = {
    "Message": "address",
    "SignInRequest": "email",
    "Draft": "typed__reporter_email",
    "MaintenanceNotice": "email",
    "DraftFile": "draft__typed__reporter_email",
    "ReceivedMail": "sender",
    "MailAttachment": "mail__sender",
    "PrivacyRequest": "subject",
}
# Kept about somebody, and yet not handed out: what the telephone provider calls back
# repeats what stands in messages; a hold says what a court may want; a file that waits
# for a confirmation is the whole list of customers, of which the contact is a row.
NOT_HANDED_OUT = {"ProviderCallback", "LegalHold", "AccountImportFile"}
# What opens something is no answer to the question what is known about a person.
SECRET = {"token_hash", "order_key", "token", "secret"}


class UnknownSubject(ValueError):
    """This is neither an e-mail address nor a number."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """``subject`` is the address or E.164 number that everything was found by."""

    subject: str
    reports: tuple[Report, ...]
    contacts: tuple[Contact, ...]

    @property
    def incident_ids(self) -> set[int]:
        return {report.incident_id for report in self.reports}


@dataclass(frozen=True, kw_only=True)
class Part:
    """The rows of one table: per row its columns with name, label and value."""

    name: str
    title: str
    rows: tuple[tuple[tuple[str, str, Any], ...], ...]


def subject_of(typed: str) -> str:
    """The e-mail address in small letters, or the number in E.164. Raises
    UnknownSubject."""
    typed = typed.strip()
    if "@" in typed:
        return typed.lower()
    try:
        return callback_number(typed, region=settings.PHONENUMBER_DEFAULT_REGION).e164
    except NumberRefused as error:
        raise UnknownSubject(typed) from error


def person_by(typed: str) -> Person:
    """The person with this address or number: contacts, and reports that carry it or
    came from such a contact. Raises UnknownSubject."""
    subject = subject_of(typed)
    if "@" in subject:
        contacts = Contact.objects.filter(email__iexact=subject)
        theirs = Q(withdrawal__email__iexact=subject) | Q(
            reporter_email__iexact=subject
        )
    else:
        contacts = Contact.objects.filter(phone_number=subject)
        theirs = Q(callback_number=subject) | Q(added_numbers__number=subject)
    found = tuple(contacts.select_related("account").order_by("pk"))
    reports = (
        Report.objects.filter(theirs | Q(contact__in=found))
        .select_related("incident")
        .distinct()
        .order_by("ordered_at", "pk")
    )
    return Person(subject=subject, reports=tuple(reports), contacts=found)


def parts_of(person: Person) -> tuple[Part, ...]:
    """Everything kept about the person, table by table; empty ones are left out."""
    keys: tuple[tuple[dict[str, str], Sequence[int]], ...] = (
        (BY_CONTACT, [contact.pk for contact in person.contacts]),
        (BY_REPORT, [report.pk for report in person.reports]),
        (BY_INCIDENT, sorted(person.incident_ids)),
    )
    found = [
        _part(name, Q(**{f"{path}__in": ids}))
        for ways, ids in keys
        for name, path in ways.items()
    ]
    found += [
        _part(name, _addressed(path, person)) for name, path in BY_ADDRESS.items()
    ]
    return tuple(part for part in found if part.rows)


def as_json(person: Person, parts: Sequence[Part], *, made_at: datetime) -> Any:
    """The parts as plain values: ISO times, amounts as text."""
    return {
        "subject": person.subject,
        "made_at": made_at.isoformat(),
        "data": {
            part.name: [
                {name: _plain(value) for name, _label, value in row}
                for row in part.rows
            ]
            for part in parts
        },
    }


def rows_of_person(person: Person, name: str) -> "QuerySet[Model] | None":
    """The person's own rows of a table that goes by report; None for the others."""
    if name not in BY_REPORT:
        return None
    ids = [report.pk for report in person.reports]
    model = apps.get_model("emergency", name)
    rows: QuerySet[Model] = model._default_manager.filter(
        **{f"{BY_REPORT[name]}__in": ids}
    )
    return rows


def _addressed(path: str, person: Person) -> Q:
    theirs = {person.subject}
    theirs |= {contact.email.lower() for contact in person.contacts if contact.email}
    theirs |= {c.phone_number for c in person.contacts if c.phone_number}
    which = Q()
    for address in theirs:
        which |= Q(**{f"{path}__iexact": address})
    return which


def _part(name: str, which: Q) -> Part:
    model = apps.get_model("emergency", name)
    # What a row holds of our own people is not about whoever asks.
    kept = REGISTER[name].fields
    ours = {
        f for kind in (Class.TECHNICAL, Class.WORKPLACE) for f in kept.get(kind, ())
    }
    left_out = ours | SECRET
    columns = [
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, ForeignKey | BinaryField | FileField)
        and not field.primary_key
        and (field.name not in left_out or field.name in {"reference", "language"})
    ]
    # A row is handed out once, by however many ways it is theirs.
    theirs = model._default_manager.filter(which).values("pk")
    rows = model._default_manager.filter(pk__in=theirs).order_by("pk")
    return Part(
        name=name,
        title=str(model._meta.verbose_name),
        rows=tuple(
            tuple((field.name, _label(field), _value(row, field)) for field in columns)
            for row in rows
        ),
    )


def _label(field: "Field[Any, Any]") -> str:
    return str(field.verbose_name)


def _value(row: Model, field: "Field[Any, Any]") -> Any:
    if field.choices:
        shown: Callable[[], str] = getattr(row, f"get_{field.name}_display")
        return str(shown())
    value = getattr(row, field.name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, int | float | list | dict):
        return value
    return str(value) if not isinstance(value, Decimal) else format(value, "f")
