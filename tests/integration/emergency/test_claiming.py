"""The statements of the claim say what the querysets say."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection, transaction

from emergency.actions.acknowledge import acknowledge
from emergency.actions.claiming import ready_page, take
from emergency.actions.page_order import server_of
from emergency.models import Page
from tests import people
from tests.integration.emergency.sending import call_of
from tests.people import NIGHT

SECOND = timedelta(seconds=1)
AROUND = (-SECOND, timedelta(), SECOND)

pytestmark = pytest.mark.django_db


def ready(page):
    with transaction.atomic():
        return ready_page(page_id=page.pk, now=NIGHT)


def test_a_page_is_ready_exactly_when_it_is_due(incident):
    page = call_of(incident)
    seen = set()
    for status, due, lease in product(Page.Status.values, AROUND, AROUND):
        Page.objects.filter(pk=page.pk).update(
            status=status,
            due_at=NIGHT + due,
            lease_until=NIGHT + lease,
            sent_at=NIGHT,
        )
        is_due = Page.objects.due(NIGHT).filter(pk=page.pk).exists()
        seen.add(is_due)
        assert (ready(page) is not None) is is_due, (status, due, lease)
    assert seen == {True, False}


def test_a_ready_page_is_the_row_with_everything_a_pager_is_told(incident, anna):
    page = call_of(incident)
    Page.objects.filter(pk=page.pk).update(values={"code": "x"})
    found = ready(page)
    assert found is not None
    page.refresh_from_db()
    for field in Page._meta.concrete_fields:
        name = field.attname
        assert getattr(found.page, name) == getattr(page, name), name
    with transaction.atomic():
        before = len(connection.queries_log)
        told = (
            found.page.incident.reference,
            found.page.incident.policy_snapshot["rounds"],
            found.page.technician.staff.language,
        )
        assert len(connection.queries_log) == before
    assert told[0] == incident.reference
    assert told[2] == anna.staff.language
    assert found.server == server_of(incident)
    # What was not read is still true when somebody asks for it.
    assert found.page.incident.opened_at == incident.opened_at


def test_a_ready_page_knows_who_has_the_incident(incident, anna):
    page = call_of(incident)
    acknowledge(incident_id=incident.pk, technician=anna, via="desk", now=NIGHT)
    Page.objects.filter(pk=page.pk).update(
        status=Page.Status.QUEUED, due_at=NIGHT, ended_at=None
    )
    found = ready(page)
    assert found is not None
    assert found.page.incident is not None
    assert found.page.incident.owner is not None
    assert found.page.incident.owner.staff.full_name == anna.staff.full_name


@pytest.mark.parametrize("status", Page.Status.values)
def test_a_line_is_shared_while_another_emergency_calls_the_same_telephone(
    incident, status
):
    page, other = call_of(incident), call_of(people.report())
    Page.objects.filter(pk=other.pk).update(
        status=status, lease_until=NIGHT, sent_at=NIGHT
    )
    found = ready(page)
    assert found is not None
    assert found.line_is_shared is (status in {"queued", "claimed", "sent"})


def test_a_page_that_is_taken_is_held_and_has_an_attempt_with_a_token(incident):
    page = call_of(incident)
    Page.objects.filter(pk=page.pk).update(held_reason="retry")
    until = NIGHT + SECOND
    with transaction.atomic():
        found = ready_page(page_id=page.pk, now=NIGHT)
        assert found is not None
        attempt = take(found.page, provider="twilio", lease_until=until, now=NIGHT)
    page.refresh_from_db()
    kept = page.attempts.get()
    assert (kept.pk, kept.token, kept.provider) == (
        attempt.pk,
        attempt.token,
        "twilio",
    )
    assert (kept.started_at, kept.finished_at, kept.sequence) == (NIGHT, None, -1)
    stored = (page.status, page.lease_until, page.sends, page.held_reason)
    assert stored == ("claimed", until, 1, "")
    assert stored == (
        found.page.status,
        found.page.lease_until,
        found.page.sends,
        found.page.held_reason,
    )
