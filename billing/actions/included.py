"""Places among the emergencies that a contract includes: taken at the approval."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from billing.models import Document, DocumentLine, IncludedEmergency

# The first half of the key of PostgreSQL's locks of this kind; ours alone.
PLACES = 0x504C4143


def lock_places(account_number: str) -> None:
    """Nobody else reckons with this account's places until the transaction ends.

    Documents are locked before, never after.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PLACES, account_number]
        )


def take_place(document: Document, *, now: datetime) -> None:
    """The approved document's place is its own. Taking it again changes nothing; a
    collective document has none, since its emergencies have theirs."""
    if document.is_collective:
        return
    line = document.lines.filter(place__isnull=False).first()
    if line is None or line.place is None or line.places_from is None:
        give_back_place(document)
        return
    IncludedEmergency.objects.get_or_create(
        incident_reference=document.incident_reference,
        defaults={
            "account_number": document.account_number,
            "period_from": line.places_from,
            "position": line.place,
            "taken_at": now,
        },
    )


def give_back_place(document: Document) -> None:
    """The place is free for another emergency of the period."""
    IncludedEmergency.objects.filter(
        incident_reference=document.incident_reference
    ).delete()


def give_back_places(document: Document, lines: Iterable[DocumentLine]) -> None:
    """These lines of the document are credited: a fee that is taken back used no
    place."""
    references = [
        line.incident_reference or document.incident_reference
        for line in lines
        if line.place is not None
    ]
    if references:
        IncludedEmergency.objects.filter(incident_reference__in=references).delete()
