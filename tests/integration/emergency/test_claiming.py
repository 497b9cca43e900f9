"""The statements of the claim say what the querysets say."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from emergency.actions.acknowledge import acknowledge
from emergency.actions.claiming import ready_page, take, take_at_once
from emergency.actions.digest import LOCK
from emergency.actions.page_order import server_of
from emergency.actions.send import claim
from emergency.models import Page
from emergency.rules.states import Verb, sources
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


def at_once(page, providers=None):
    return take_at_once(
        page_id=page.pk,
        providers={"voice": "twilio"} if providers is None else providers,
        unanswered=sources(Verb.ACKNOWLEDGE),
        lock=LOCK,
        lease_until=NIGHT + SECOND,
        now=NIGHT,
    )


def test_the_plain_case_is_taken_at_once_with_everything_a_pager_is_told(incident):
    page = call_of(incident)
    found = at_once(page)
    assert found is not None
    attempt, server = found
    page.refresh_from_db()
    assert (page.status, page.lease_until, page.sends) == ("claimed", NIGHT + SECOND, 1)
    kept = page.attempts.get()
    assert (kept.pk, kept.token, kept.provider) == (
        attempt.pk,
        attempt.token,
        "twilio",
    )
    for field in Page._meta.concrete_fields:
        name = field.attname
        assert getattr(attempt.page, name) == getattr(page, name), name
    assert attempt.page.incident.reference == incident.reference
    assert server == server_of(incident)
    assert at_once(page) is None, "it is taken once"


def somebody_has_it(page):
    acknowledge(
        incident_id=page.incident_id,
        technician=page.technician,
        via="desk",
        now=NIGHT,
    )
    Page.objects.filter(pk=page.pk).update(status="queued", ended_at=None)


def somebody_else_calls_there(page):
    call_of(people.report())


NOT_PLAIN: dict[str, Callable[[Page], object]] = {
    "not due": lambda page: Page.objects.filter(pk=page.pk).update(
        due_at=NIGHT + SECOND
    ),
    "held": lambda page: Page.objects.filter(pk=page.pk).update(
        status="claimed", lease_until=NIGHT - SECOND
    ),
    "sent before": lambda page: Page.objects.filter(pk=page.pk).update(sends=1),
    "no emergency": lambda page: Page.objects.filter(pk=page.pk).update(
        purpose="reminder"
    ),
    "bound to a route": lambda page: Page.objects.filter(pk=page.pk).update(
        values={"route": "voice:twilio"}
    ),
    "taken": somebody_has_it,
    "a shared telephone": somebody_else_calls_there,
}


@pytest.mark.parametrize("case", NOT_PLAIN)
def test_what_is_not_plain_is_left_as_it_is(incident, case):
    page = call_of(incident)
    NOT_PLAIN[case](page)
    page.refresh_from_db()
    before = (page.status, page.lease_until, page.sends)
    assert at_once(page) is None
    page.refresh_from_db()
    assert (page.status, page.lease_until, page.sends) == before
    assert not page.attempts.exists()


def test_a_kind_with_a_choice_of_providers_is_not_taken_at_once(incident):
    page = call_of(incident)
    assert at_once(page, providers={"sms": "twilio"}) is None
    assert at_once(page, providers={}) is None


@pytest.mark.django_db(transaction=True)
def test_a_telephone_about_which_somebody_decides_is_not_taken_at_once(incident):
    page = call_of(incident)
    address = settings.DATABASES["default"] | connection.settings_dict
    with psycopg.connect(
        host=address["HOST"],
        port=address["PORT"],
        user=address["USER"],
        password=address["PASSWORD"],
        dbname=address["NAME"],
    ) as other:
        other.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, page.address]
        )
        assert at_once(page) is None
    assert at_once(page) is not None


@pytest.mark.django_db(transaction=True)
def test_a_claim_over_a_connection_that_died_since_the_last_task_is_made(incident):
    page = call_of(incident)
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert claim(page_id=page.pk, now=NIGHT) is not None


def test_the_statement_is_planned_once_for_all_pages(incident):
    at_once(call_of(incident))
    at_once(call_of(people.report()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE name = 'take_a_plain_page'"
        )
        plans = cursor.fetchall()
    assert len(plans) == 1
    assert plans[0][0] >= 2
    assert plans[0][1] == 0
