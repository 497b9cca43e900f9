"""Short ways to a document in a certain state."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.actions.collect import collect
from billing.actions.issue import issue_document
from billing.actions.review import approve
from billing.models import Document
from tests.integration.billing.door import NIGHT, Door, an_incident

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
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return sum("operatorprofile" not in one["sql"] for one in asked.captured_queries)
