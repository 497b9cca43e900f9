"""Counts for the operator's monitoring, and for nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from emergency.actions.routes import record_failure
from emergency.models import Incident, Page, SelfTest

SECOND = timedelta(seconds=1)


@pytest.mark.django_db
def test_on_a_loopback_address_everybody_reads_the_counts(client):
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"emergency_incidents_open 0.0" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "header", "status"),
    [
        ("", {}, 403),
        ("", {"Authorization": "Bearer "}, 403),
        ("secret-word", {"Authorization": "Bearer other-word"}, 403),
        ("secret-word", {"Authorization": "Bearer secret-word"}, 200),
    ],
)
def test_a_public_installation_asks_for_the_word(
    client, settings, token, header, status
):
    settings.PUBLIC_BASE_URL = "https://notfall.example"
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers=header).status_code == status


@pytest.mark.django_db
def test_pages_routes_and_self_tests_are_counted_by_kind_and_route(
    client, incident, settings
):
    settings.HOUSE_PHONE_NUMBER = "+491713920090"
    now = timezone.now()
    voice = incident.pages.get(kind="voice")
    Page.objects.filter(pk=voice.pk).update(
        status="sent", sends=1, due_at=now, sent_at=now
    )
    voice.attempts.create(token="t", started_at=now, provider="twilio")
    Incident.objects.filter(pk=incident.pk).update(opened_at=now - 2 * SECOND)
    for _ in range(3):
        record_failure(route="sms:twilio", code="no_connection", now=now)
    SelfTest.objects.create(
        route="voice:twilio",
        started_at=now - 5 * SECOND,
        due_at=now,
        ended_at=now - SECOND,
        outcome="passed",
    )
    text = client.get("/metrics").content.decode()
    for line in (
        'emergency_pages_queued{kind="sms"} 1.0',
        'emergency_pages_last_hour{kind="voice",provider="twilio",status="sent"} 1.0',
        'emergency_first_page_seconds{which="max"} 2.0',
        'emergency_route_breaker_open{route="sms:twilio"} 1.0',
        'emergency_self_test_passed{route="voice:twilio"} 1.0',
        'emergency_self_test_seconds{route="voice:twilio"} 4.0',
        'emergency_overdue{what="pages"} 1.0',
    ):
        assert line in text
