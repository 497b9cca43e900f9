"""The door for billing: what was promised, worked and may be charged.

Billing pulls; nothing here knows what an invoice is. Frozen dataclasses go in and out,
no model leaves this module. All instants are aware UTC.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import QuerySet

from emergency.actions.audit import Area, Via, record
from emergency.actions.message import tell_customer
from emergency.actions.order_rights import objections_seen as objections_seen
from emergency.actions.settling import settle, unsettle
from emergency.actions.timeline import enter
from emergency.models import (
    DocumentFact,
    Incident,
    Message,
    Staff,
)
from emergency.queries.auditors import AuditorAccess as AuditorAccess
from emergency.queries.auditors import auditor_accesses as auditor_accesses
from emergency.queries.billable_work import BillableEntry as BillableEntry
from emergency.queries.billable_work import BillableWork as BillableWork
from emergency.queries.billable_work import UnknownReference as UnknownReference
from emergency.queries.billable_work import as_work, billable_incidents
from emergency.queries.callback_document import (
    callback_document as document_of_callbacks,
)
from emergency.queries.callback_record import CallbackCall as CallbackCall
from emergency.queries.callback_record import CallbackRecord as CallbackRecord
from emergency.queries.callback_record import callback_record as callbacks_of
from emergency.queries.customers import SESSION_KEY, customer_by, documents_of
from emergency.queries.dispute import CallbackTry as CallbackTry
from emergency.queries.dispute import CustomerText as CustomerText
from emergency.queries.dispute import Dispute as Dispute
from emergency.queries.dispute import EntryVersion as EntryVersion
from emergency.queries.dispute import Matter as Matter
from emergency.queries.dispute import disputed
from emergency.queries.order_record import OrderRecord as OrderRecord
from emergency.queries.order_record import instant
from emergency.queries.order_record import order_record as record_of
from emergency.queries.promise_figures import PromiseFigures as PromiseFigures
from emergency.queries.tracking import is_revoked, report_behind


def open_work() -> Iterator[str]:
    """References of ended incidents for which billing has not yet told an outcome."""
    yield from (
        _chargeable()
        .filter(billed_at__isnull=True)
        .order_by("closed_at")
        .values_list("reference", flat=True)
        .iterator()
    )


def objected() -> Iterator[str]:
    """References of billed incidents with objections that billing has not seen."""
    yield from (
        _chargeable()
        .filter(
            billed_at__isnull=False,
            reports__objections__isnull=False,
            reports__objections__seen_at__isnull=True,
        )
        .order_by("closed_at")
        .values_list("reference", flat=True)
        .distinct()
        .iterator()
    )


def work(reference: str) -> BillableWork:
    """Everything billing may know about this ended incident.

    Raises UnknownReference when there is none or it has not ended.
    """
    incident = (
        billable_incidents().filter(pk__in=_chargeable(), reference=reference).first()
    )
    if incident is None:
        raise UnknownReference(reference)
    return as_work(incident, closed_at=incident.closed_at)


def works(references: Collection[str]) -> dict[str, BillableWork]:
    """The same of many at once, by their references; what is unknown is left out."""
    found = billable_incidents().filter(pk__in=_chargeable(), reference__in=references)
    return {
        incident.reference: as_work(incident, closed_at=incident.closed_at)
        for incident in found
    }


def closed_between(start: datetime, end: datetime) -> Iterator[BillableWork]:
    """The incidents that were closed in [start, end), in the order of their closing."""
    closed = billable_incidents().filter(
        pk__in=_chargeable(), closed_at__gte=start, closed_at__lt=end
    )
    for incident in closed.order_by("closed_at", "pk").iterator(chunk_size=200):
        yield as_work(incident, closed_at=incident.closed_at)


def preview(reference: str, *, now: datetime) -> BillableWork:
    """The incident as if it were closed now, for showing what would be charged.

    Raises UnknownReference.
    """
    incident = billable_incidents().filter(reference=reference).first()
    if incident is None:
        raise UnknownReference(reference)
    return as_work(incident, closed_at=incident.closed_at or now)


def freeze(*, reference: str, now: datetime) -> BillableWork:
    """No amendment is possible any more; freezing twice changes nothing.

    Raises UnknownReference.
    """
    with transaction.atomic():
        changed = Incident.objects.filter(
            reference=reference, closed_at__isnull=False, billing_frozen_at__isnull=True
        ).update(billing_frozen_at=now)
        frozen = work(reference)
        if changed:
            incident = Incident.objects.get(reference=reference)
            enter(incident, "billing_approved", now=now)
    return frozen


def thaw(*, reference: str, now: datetime) -> None:
    """Time can be amended again, since the approval was taken back; where it can be,
    nothing changes."""
    with transaction.atomic():
        frozen = Incident.objects.select_for_update(no_key=True).filter(
            reference=reference, billing_frozen_at__isnull=False
        )
        for incident in frozen:
            incident.billing_frozen_at = None
            incident.save(update_fields=["billing_frozen_at"])
            enter(incident, "billing_returned", now=now)


def record_document(
    *,
    reference: str,
    kind: str,
    number: str,
    gross: Decimal,
    issued_at: datetime,
    url_name: str,
    public_url_name: str = "",
    announce: bool = True,
) -> None:
    """Emergency keeps its own copy of what billing did; telling it twice is harmless.

    ``kind``: invoice | credit_note | none. ``url_name`` opens it for staff by its
    number, ``public_url_name`` for the customer by a tracking page's secret and the
    number. An invoice or "none" ends the pulling. ``announce`` False: the customer
    hears of this document with another incident.
    Raises UnknownReference.
    """
    with transaction.atomic():
        incident = Incident.objects.filter(reference=reference).first()
        if incident is None:
            raise UnknownReference(reference)
        _, created = DocumentFact.objects.get_or_create(
            incident=incident,
            kind=kind,
            number=number,
            defaults={
                "gross": gross,
                "issued_at": issued_at,
                "url_name": url_name,
                "public_url_name": public_url_name,
            },
        )
        if not created:
            return
        if kind != "credit_note":
            Incident.objects.filter(pk=incident.pk, billed_at__isnull=True).update(
                billed_at=issued_at
            )
        enter(
            incident,
            "document_issued" if number else "nothing_to_charge",
            now=issued_at,
            kind=kind,
            number=number,
        )
        if kind == "invoice" and announce:
            tell_customer(
                incident=incident,
                purpose=Message.Purpose.INVOICE,
                values={"document": number},
                now=issued_at,
            )


def customer_may_read(session: SessionBase, number: str) -> bool:
    """Whether the customer who is signed in by this session may have this document: it
    belongs to an incident of their account."""
    proof = session.get(SESSION_KEY)
    customer = customer_by(proof) if isinstance(proof, Mapping) else None
    return (
        customer is not None and documents_of(customer).filter(number=number).exists()
    )


def may_read_document(*, token: str, number: str) -> bool:
    """Whether this secret of a tracking page opens the document with this number."""
    report = report_behind(token)
    if report is None or is_revoked(report) or not report.sees_everything:
        return False
    return report.incident.documents.filter(number=number).exclude(number="").exists()


def callback_record(*, reference: str) -> CallbackRecord:
    """Every call to the customer of this incident, how it ended and how it is proven.
    Raises UnknownReference."""
    return callbacks_of(_any_incident(reference))


def order_record(*, reference: str, language: str, now: datetime) -> OrderRecord:
    """Everything that proves what was ordered, promised and done, in the active
    language. Raises UnknownReference."""
    return record_of(_any_incident(reference), language=language, now=now)


def callback_document(*, reference: str, language: str, now: datetime) -> OrderRecord:
    """When and how the customer was called back and what proves it, in the active
    language. Raises UnknownReference."""
    return document_of_callbacks(
        _any_incident(reference), language=language, made_at=instant(now)
    )


def _any_incident(reference: str) -> Incident:
    found = (
        Incident.objects.select_related("account", "owner__staff")
        .filter(reference=reference)
        .first()
    )
    if found is None:
        raise UnknownReference(reference)
    return found


def dispute(*, reference: str) -> Dispute:
    """What the customer objects to, and what was done and said that bears on it, in the
    active language. Raises UnknownReference."""
    found = disputed(reference)
    if found is None:
        raise UnknownReference(reference)
    return found


def record_settled(*, reference: str, settled_at: datetime) -> None:
    """What the incident cost is paid; telling it twice changes nothing. From then on it
    counts how long what explains it is kept. Raises UnknownReference."""
    if not settle(reference=reference, settled_at=settled_at):
        raise UnknownReference(reference)


def record_export(
    code: str, *, about: str, staff_id: int | None, now: datetime, **values: str | int
) -> None:
    """That documents were handed out stands in the audit; ``about`` names the file, as
    ``export:3``. Called in the transaction of what it is about."""
    _record(Area.TRANSFER, code, about, staff_id, now, values)


def record_change(
    code: str, *, about: str, staff_id: int | None, now: datetime, **values: Any
) -> None:
    """That prices, contracts, taxes or facts of billing were set stands in the audit;
    ``about`` names the row, as ``ratecard:3`` or ``account:10042``, ``values`` are
    codes and numbers. Called in the transaction of what it is about."""
    _record(Area.BILLING, code, about, staff_id, now, values)


def _record(
    area: str,
    code: str,
    about: str,
    staff_id: int | None,
    now: datetime,
    values: Mapping[str, Any],
) -> None:
    """Without a person it was a command."""
    staff = None if staff_id is None else Staff.objects.get(pk=staff_id)
    via = "" if staff else Via.COMMAND
    record(area, code, now=now, by=staff, via=via, about=about, **values)


def record_settlement_undone(*, reference: str, now: datetime) -> None:
    """What the incident cost is open again (a payment came back, a mark was wrong), so
    that it is kept; telling it twice changes nothing. Raises UnknownReference."""
    if not unsettle(reference=reference, now=now):
        raise UnknownReference(reference)


def _chargeable() -> QuerySet[Incident]:
    """Ended incidents. One that was merged is charged with the incident it went
    into, and never by itself; a drill is never charged."""
    return Incident.objects.filter(
        closed_at__isnull=False, merged_into__isnull=True, is_drill=False
    )
