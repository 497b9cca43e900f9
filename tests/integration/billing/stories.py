"""Short ways to a document in a certain state."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.actions.collect import collect
from billing.actions.issue import issue_document
from billing.actions.review import approve
from billing.models import Document
from emergency.billable import BillableWork
from emergency.operator_facts import kept
from tests.integration.billing.door import NIGHT, Door, an_incident

# A collective invoice for March is due from here on.
APRIL = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
MARCH = date(2026, 3, 1)
MORNING = NIGHT + timedelta(hours=12)


def approved(
    door: Door,
    staff_id: int,
    reference: str = "NF-TEST-1",
    now: datetime = MORNING,
    **changes: Any,
) -> Document:
    """An approved invoice for such an incident."""
    door.add(an_incident(reference, **changes))
    collect(now=now)
    document = Document.objects.get(incident_reference=reference, kind="invoice")
    return approve(document_id=document.pk, staff_id=staff_id, now=now)


def issued(
    door: Door,
    staff_id: int,
    reference: str = "NF-TEST-1",
    now: datetime = MORNING,
    **changes: Any,
) -> Document:
    """An issued invoice for such an incident."""
    document = approved(door, staff_id, reference, now, **changes)
    return issue_document(document_id=document.pk, now=now)


def questions(client: Client, address: str) -> int:
    """How many questions this page asks the database. The operator's facts are asked
    every half minute by whoever comes along, and do not count."""
    kept.forget()
    kept.current()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def later(work: BillableWork, days: int, **changes: Any) -> BillableWork:
    """The same incident so many days later."""
    by = timedelta(days=days)
    moved: dict[str, Any] = {
        name: getattr(work, name) + by
        for name in (
            *("triggered_at", "callback_deadline_at", "callback_reached_at"),
            *("acknowledged_at", "closed_at"),
        )
    }
    entries = tuple(
        replace(one, started_at=one.started_at + by, ended_at=one.ended_at + by)
        for one in work.entries
    )
    attempts = tuple(at + by for at in work.callback_attempts)
    return replace(
        work, entries=entries, callback_attempts=attempts, **moved, **changes
    )


def all_approved(
    door: Door, works: Iterable[BillableWork], staff_id: int, now: datetime = APRIL
) -> None:
    """Every one of them has an approved document of its own."""
    door.add(*works)
    collect(now=NIGHT + timedelta(days=20))
    for document in Document.objects.filter(gathers_month=None, status="draft"):
        approve(document_id=document.pk, staff_id=staff_id, now=now)
