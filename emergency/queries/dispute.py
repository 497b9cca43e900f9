"""What bears on a customer's objection: the objection itself, the callbacks, every
version of the logged time, and what the customer was told."""

from dataclasses import dataclass
from datetime import datetime

from emergency.models import Incident


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One thing the customer objects to. ``about``: cause | time | invoice."""

    about: str
    title: str
    text: str
    raised_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CallbackTry:
    """One call to the customer as the technician declared it."""

    at: datetime
    outcome: str
    number: str
    declared_by: str


@dataclass(frozen=True, kw_only=True)
class EntryVersion:
    """One version of a time entry; ``superseded_at`` None is the one that counts."""

    technician: str
    kind: str
    started_at: datetime
    ended_at: datetime
    billable: bool
    waiver_reason: str
    logged_by: str
    logged_at: datetime
    amendment_reason: str
    superseded_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CustomerText:
    """One message to the customer as it was sent; the text may be erased by now."""

    at: datetime
    purpose: str
    kind: str
    delivered: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """Everything about one incident that a disputed invoice is judged by."""

    reference: str
    matters: tuple[Matter, ...]
    tries: tuple[CallbackTry, ...]
    versions: tuple[EntryVersion, ...]
    texts: tuple[CustomerText, ...]


def disputed(reference: str) -> Dispute | None:
    """The dispute about this incident, in a fixed number of queries; None where no
    incident has the reference."""
    incident = (
        Incident.objects.filter(reference=reference)
        .prefetch_related(
            "reports__objections",
            "callback_attempts__staff",
            "time_entries__technician__staff",
            "time_entries__logged_by",
            "messages",
        )
        .first()
    )
    if incident is None:
        return None
    return Dispute(
        reference=reference,
        matters=_matters(incident),
        tries=tuple(
            CallbackTry(
                at=one.at,
                outcome=one.get_outcome_display(),
                number=one.number,
                declared_by=one.staff.full_name,
            )
            for one in incident.callback_attempts.all()
        ),
        versions=_versions(incident),
        texts=tuple(
            CustomerText(
                at=one.sent_at or one.due_at,
                purpose=one.get_purpose_display(),
                kind=one.get_kind_display(),
                delivered=one.get_status_display(),
                subject=one.subject,
                text=one.text,
            )
            for one in sorted(incident.messages.all(), key=lambda m: (m.due_at, m.pk))
        ),
    )


def _matters(incident: Incident) -> tuple[Matter, ...]:
    raised = (one for r in incident.reports.all() for one in r.objections.all())
    return tuple(
        Matter(
            about=one.about,
            title=one.get_about_display(),
            text=one.text,
            raised_at=one.at,
            seen_at=one.seen_at,
        )
        for one in sorted(raised, key=lambda one: (one.at, one.pk))
    )


def _versions(incident: Incident) -> tuple[EntryVersion, ...]:
    return tuple(
        EntryVersion(
            technician=entry.technician.staff.full_name,
            kind=entry.get_kind_display(),
            started_at=entry.started_at,
            ended_at=entry.ended_at,
            billable=entry.billable,
            waiver_reason=entry.waiver_reason,
            logged_by=entry.logged_by.full_name,
            logged_at=entry.logged_at,
            amendment_reason=entry.amendment_reason,
            superseded_at=entry.superseded_at,
        )
        for entry in sorted(
            incident.time_entries.all(), key=lambda e: (e.started_at, e.logged_at)
        )
    )
