"""A night at the desk: its own clock, people on call, a customer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from emergency.actions import reportable
from emergency.models import (
    EscalationPolicy,
    OperatorProfile,
    Page,
    ReportableCase,
    Staff,
    Technician,
)
from emergency.operator_facts import kept
from emergency.views.board import shared_fragment, shared_gaps
from tests import people
from tests.integration.public import pages


@dataclass
class Clock:
    """What ``timezone.now()`` answers; the test moves it."""

    now: datetime = people.NIGHT

    def pass_time(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@dataclass
class Desk:
    """Anna is on call this week, Bernd next, Eva is the duty manager."""

    clock: Clock
    anna: Technician
    bernd: Technician
    eva: Staff
    customer: people.Customer


@pytest.fixture(autouse=True)
def cheap_passwords(settings) -> None:
    """Hashing as slowly as in production would be most of the tests' time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _everybody_gets_a_rendering_of_their_own(monkeypatch) -> None:
    """Within one second of a test a lot may have happened."""
    monkeypatch.setattr(shared_fragment, "seconds", 0.0)
    monkeypatch.setattr(shared_gaps, "seconds", 0.0)


@pytest.fixture
def desk(db: None, clock: Clock) -> Desk:
    anna, bernd = people.technician(), people.technician("Bernd Kofler")
    people.on_call(bernd, anna)
    return Desk(
        clock=clock,
        anna=anna,
        bernd=bernd,
        eva=people.duty_manager(),
        customer=people.customer(),
    )


@pytest.fixture
def connection_of_tests(db: None) -> BaseDatabaseWrapper:
    return connection


@pytest.fixture
def manager(desk: Desk) -> Technician:
    """Eva can be paged, too, and is the duty manager of the policy."""
    manager = people.reachable(desk.eva)
    EscalationPolicy.objects.update(duty_manager=manager)
    return manager


@pytest.fixture
def reportable_case(desk: Desk) -> ReportableCase:
    """Flagged by Anna as an outage, two hours after the report."""
    incident = people.report(now=desk.clock.now)
    Page.objects.update(status=Page.Status.WITHDRAWN)
    return reportable.flag(
        incident_id=incident.pk,
        kind="outage",
        staff=desk.anna.staff,
        now=desk.clock.pass_time(hours=2),
    )


@pytest.fixture
def offering(desk: Desk, settings, tmp_path, monkeypatch) -> Iterator[None]:
    """An operator with a price to read out."""
    settings.FEE_TERMS = "tests.integration.public.pages.fee_terms"
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("emergency.terms._kept", {})
    monkeypatch.setitem(pages.offer, "version", "test-1")
    OperatorProfile.objects.create(
        name="Nordlicht",
        hotline="+43 720 880 000",
        support_email="help@nordlicht.example",
        imprint="Nordlicht GmbH\n1010 Wien",
        valid_from=people.NIGHT,
    )
    kept.forget()
    yield
    kept.forget()
