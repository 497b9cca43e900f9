"""Contracts and the drafts of accounts that have one."""

from dataclasses import replace
from decimal import Decimal

from django.utils import translation

from billing import line_words
from billing.actions.collect import collect
from billing.actions.contract import OwnPrices
from billing.models import (
    Document,
)
from tests.integration.billing.door import an_incident
from tests.integration.billing.stories import MORNING

CHEAP = OwnPrices(
    initial_fee=Decimal("90.00"),
    included_minutes=15,
    support_hourly=Decimal("120.00"),
    application_analysis_hourly=Decimal("150.00"),
)


def drafted(door, reference="NF-TEST-1", **changes):
    door.add(an_incident(reference, **changes))
    collect(now=MORNING)
    return Document.objects.get(incident_reference=reference)


def triggered(after):
    """All instants of the usual incident, so much later."""
    usual = an_incident()
    return {
        "triggered_at": usual.triggered_at + after,
        "callback_deadline_at": usual.callback_deadline_at + after,
        "callback_reached_at": usual.callback_reached_at + after,
        "callback_attempts": tuple(at + after for at in usual.callback_attempts),
        "acknowledged_at": usual.acknowledged_at + after,
        "closed_at": usual.closed_at + after,
        "entries": tuple(
            replace(
                entry,
                started_at=entry.started_at + after,
                ended_at=entry.ended_at + after,
            )
            for entry in usual.entries
        ),
    }


def nets(document):
    return list(document.lines.values_list("code", "net"))


def reasons(document):
    return {hold.reason for hold in document.holds.filter(released_at=None)}


def place(document):
    """Which of the included emergencies it is."""
    return document.lines.earliest("position").place


def explained(document):
    with translation.override("en"):
        return line_words.line_explanation(document.lines.first(), "EUR")
