"""The desk's board with many incidents, and for many who look at it.

Its floor is the same page with one incident. The share of a core is what it costs to
answer two hundred boards that ask every three seconds, as their scripts do.
"""

import secrets
import time
from datetime import timedelta
from statistics import median
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from emergency.models import Incident, Report, ReportServer, Role, Staff
from emergency.queries.policies import BARE_SNAPSHOT
from emergency.views.board import shared_fragment
from tests.bench.table import Row

INCIDENTS, BOARDS, LOOKS = 1_000, 200, 15
EVERY = 3.0
PATH = "/desk/board/"


def measure() -> list[Row]:
    """Milliseconds of one rendering, and the share of a core for all boards."""
    one = _measured(1)
    many = _measured(INCIDENTS)
    return [
        Row(f"one rendering, {INCIDENTS} open incidents, p50", many[0], one[0]),
        Row(f"{BOARDS} boards, {INCIDENTS} open incidents", many[1], one[1], "%"),
    ]


def _measured(incidents: int) -> tuple[float, float]:
    """Both figures while so many incidents are open."""
    with transaction.atomic():
        now = timezone.now()
        Incident.objects.open().update(
            status=Incident.Status.CLOSED, closed_at=now, cause=Incident.Cause.OTHER
        )
        _open(incidents)
        client = Client(SERVER_NAME=urlsplit(settings.PUBLIC_BASE_URL).hostname)
        client.force_login(Staff.objects.filter(role=Role.DUTY_MANAGER).all()[0])
        usual = shared_fragment.seconds
        shared_fragment.seconds = 0.0
        try:
            alone = median(_look(client) for _ in range(LOOKS))
        finally:
            shared_fragment.seconds = usual
        share = _share_of_a_core(client)
        transaction.set_rollback(True)
    return alone * 1000, share


def _look(client: Client) -> float:
    began = time.perf_counter()
    assert client.get(PATH).status_code == 200
    return time.perf_counter() - began


def _share_of_a_core(client: Client) -> float:
    """Per cent of a core that goes into one round of all boards. Nobody waits in this
    loop, so renderings that fall due within the round are added by hand."""
    etag = client.get(PATH).headers["ETag"]
    began = time.process_time()
    for _ in range(BOARDS):
        client.get(PATH, headers={"if-none-match": etag})
    asked = time.process_time() - began
    shared_fragment.seconds, usual = 0.0, shared_fragment.seconds
    began = time.process_time()
    client.get(PATH)
    rendered = time.process_time() - began
    shared_fragment.seconds = usual
    return 100 * (asked + EVERY / usual * rendered) / EVERY


def _open(count: int) -> None:
    """Incidents that wait for a technician, each with its report and server."""
    now = timezone.now()
    incidents = Incident.objects.bulk_create(
        Incident(
            reference=f"B-{secrets.token_hex(6)}",
            opened_at=now,
            callback_deadline_at=now + timedelta(minutes=30, seconds=number),
            policy_snapshot=BARE_SNAPSHOT,
        )
        for number in range(count)
    )
    reports = Report.objects.bulk_create(
        Report(
            incident=incident,
            order_key=secrets.token_hex(16),
            token_hash=secrets.token_hex(32),
            ordered_at=now,
            language="de",
            callback_number="+493023125102",
            callback_number_typed="+49 30 23125 102",
            problem_description="502",
            maintenance_result="none",
        )
        for incident in incidents
    )
    ReportServer.objects.bulk_create(
        ReportServer(report=report, typed="web01.example") for report in reports
    )
