"""What is wrong with this installation, in one list."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import override

from emergency.database.patience import patience
from emergency.outbound import door_trouble
from emergency.pagers.twilio import account_trouble
from emergency.queries.engine import GRACE, LOOPS, why_failed
from emergency.queries.health import overdue, seconds_since
from emergency.queries.roster import able, everybody_on_call
from emergency.queries.self_tests import newest_ended, tested_routes
from emergency.wake import broker_trouble

PATIENCE = 3.0
OK, WARNING, BROKEN, UNKNOWN = "ok", "warning", "broken", "unknown"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at. ``state``: ok | warning | broken | unknown."""

    part: str
    state: str
    text: str


class Command(BaseCommand):
    help = "Say what is wrong with this installation; exit code 1 when something is."
    # What they find is part of the answer, not a reason for none.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        with patience(PATIENCE), override("en"):
            findings = [found for look in LOOKS for found in examined(look, now)]
        if options["json"]:
            self.stdout.write(json.dumps([asdict(found) for found in findings]))
        else:
            for found in findings:
                self.stdout.write(f"{found.state:8} {found.part}: {found.text}")
        if any(found.state == BROKEN for found in findings):
            raise SystemExit(1)


Look = Callable[[datetime], Iterator[Finding]]


def examined(look: Look, now: datetime) -> list[Finding]:
    """What the look finds. Without the database its answer is not known."""
    part = look.__name__.replace("_", " ")
    try:
        return list(look(now))
    except Error as error:
        state = BROKEN if look is database else UNKNOWN
        return [Finding(part=part, state=state, text=type(error).__name__)]


def configuration(now: datetime) -> Iterator[Finding]:
    """The system checks, without those of the database."""
    messages = run_checks()
    for message in messages:
        state = BROKEN if message.level >= ERROR else WARNING
        text = f"{message.msg} {message.hint or ''} ({message.id})"
        yield Finding(part="configuration", state=state, text=text)
    if not messages:
        yield Finding(part="configuration", state=OK, text="nothing is missing")


def database(now: datetime) -> Iterator[Finding]:
    """It answers, and its tables are those of this version."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        names = ", ".join(f"{step.app_label}.{step.name}" for step, _ in pending)
        text = f"migrations wait: {names}"
        yield Finding(part="database", state=BROKEN, text=text)
    else:
        yield Finding(part="database", state=OK, text="answers, no migration waits")


def broker(now: datetime) -> Iterator[Finding]:
    """It answers. Without it pages are late by seconds, not lost."""
    trouble = broker_trouble()
    yield Finding(
        part="broker", state=BROKEN if trouble else OK, text=trouble or "answers"
    )


def provider(now: datetime) -> Iterator[Finding]:
    """Address and credentials are right: a list is asked for, nothing is sent."""
    trouble = account_trouble()
    yield Finding(
        part="provider",
        state=BROKEN if trouble else OK,
        text=why_failed(trouble) if trouble else "knows our account",
    )


def webhooks(now: datetime) -> Iterator[Finding]:
    """Under PUBLIC_BASE_URL stands our door, open to a signature alone."""
    trouble = door_trouble(
        f"{settings.PUBLIC_BASE_URL}/webhooks/twilio/house/sms",
        token=settings.TWILIO_AUTH_TOKEN,
    )
    yield Finding(
        part="webhooks",
        state=BROKEN if trouble else OK,
        text=trouble or "PUBLIC_BASE_URL leads to our door, and it knows signatures",
    )


def loops(now: datetime) -> Iterator[Finding]:
    """Decisions are taken and the watcher lives."""
    for name, allowed in LOOPS.items():
        age = seconds_since(name, now=now)
        late = age is None or age > allowed.total_seconds()
        said = "has never run" if age is None else f"ran {age:.0f} s ago"
        state = OK if not late else WARNING if name == "sweep" else BROKEN
        yield Finding(part="loops", state=state, text=f"{name} {said}")
    behind = overdue(now=now, grace=GRACE)
    if behind.total:
        text = ", ".join(f"{number} {what}" for what, number in asdict(behind).items())
        yield Finding(part="loops", state=BROKEN, text=f"overdue or failing: {text}")


def roster(now: datetime) -> Iterator[Finding]:
    """Somebody is on call, and everybody who may be has a verified voice number."""
    schedules = everybody_on_call(now)
    if not schedules:
        yield Finding(part="roster", state=BROKEN, text="there is no schedule")
    for found in schedules:
        names = ", ".join(person.staff.full_name for person in found.people)
        gap = found.must_be_covered and not found.people
        text = f"{found.schedule.name}: {names or 'nobody is on call'}"
        yield Finding(part="roster", state=BROKEN if gap else OK, text=text)
    for person in able().exclude(
        contact_methods__kind="voice",
        contact_methods__verified_at__isnull=False,
        contact_methods__disabled_at__isnull=True,
    ):
        text = f"{person.staff.full_name} has no verified voice number"
        yield Finding(part="roster", state=WARNING, text=text)


def self_tests(now: datetime) -> Iterator[Finding]:
    """The last self-test of each route came back."""
    if not settings.HOUSE_PHONE_NUMBER:
        yield Finding(
            part="self tests", state=WARNING, text="HOUSE_PHONE_NUMBER is not set"
        )
        return
    for route in tested_routes():
        test = newest_ended(route)
        if test is None:
            yield Finding(part="self tests", state=WARNING, text=f"{route}: none yet")
        elif test.outcome == "failed":
            text = f"{route}: {why_failed(test.error_code)}"
            yield Finding(part="self tests", state=BROKEN, text=text)
        elif test.ended_at is not None:
            took = (test.ended_at - test.started_at).total_seconds()
            text = f"{route}: came back after {took:.1f} s"
            yield Finding(part="self tests", state=OK, text=text)


LOOKS: tuple[Look, ...] = (
    configuration,
    database,
    broker,
    provider,
    webhooks,
    loops,
    roster,
    self_tests,
)
