"""A provider that refuses, breaks, hangs or is gone: the page goes on all the same."""

import socket
from datetime import timedelta

import pytest
from django.db import transaction

from emergency.actions.delivery import ask_about_silent_pages
from emergency.actions.escalate import tick
from emergency.actions.outcome import MOST_SENDS
from emergency.actions.send import LEASE, claim
from emergency.actions.steps import page_again
from emergency.models import DueRow, Page, PageAttempt
from tests.integration.emergency.provider import (
    BAD_NUMBER,
    BROKEN,
    HANGS_UP,
    NONSENSE,
    NOT_KNOWN,
    SILENT,
    TAKEN,
    THROTTLED,
    WRONG_TOKEN,
)
from tests.integration.emergency.sending import call_of, fired, send
from tests.people import NIGHT

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (BAD_NUMBER, Page.Status.FAILED, "21217"),
        (WRONG_TOKEN, Page.Status.QUEUED, "20003"),
        (THROTTLED, Page.Status.QUEUED, "20429"),
        (BROKEN, Page.Status.QUEUED, "http_503"),
        (HANGS_UP, Page.Status.QUEUED, "no_answer_from_provider"),
        (NONSENSE, Page.Status.QUEUED, "unreadable_answer"),
    ],
    ids=["bad number", "wrong token", "throttled", "broken", "hangs up", "nonsense"],
)
def test_whatever_the_provider_refuses_the_next_step_is_due_at_once(
    incident, provider, answer, status, code
):
    provider.will(answer)
    page = send(call_of(incident))

    assert (page.status, page.error_code) == (status, code)
    tick(now=NIGHT, by="test")
    assert fired(incident) == [0, 1]


def test_a_provider_that_stays_silent_is_given_up_in_time(incident, provider, settings):
    settings.TWILIO_TIMEOUT_SECONDS = 0.3
    settings.TWILIO_AUTH_TOKEN = "token-of-an-impatient-client"
    provider.will(SILENT)
    page = send(call_of(incident))

    assert (page.status, page.error_code) == ("queued", "no_answer_from_provider")
    assert page.attempts.get().finished_at is None


def test_look_up_and_send_together_fit_into_the_lease(settings):
    # Each may take the time limit twice: for the connection and for the answer.
    longest = timedelta(seconds=2 * 2 * settings.TWILIO_TIMEOUT_SECONDS)
    assert longest < LEASE


def test_a_provider_that_is_gone_loses_no_page(incident, provider, settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.TWILIO_API_BASE_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"
        page = send(call_of(incident))
    assert page.status == Page.Status.QUEUED

    settings.TWILIO_API_BASE_URL = provider.url
    assert send(page, page.due_at).status == Page.Status.SENT


def test_a_provider_that_can_send_but_not_be_asked_gets_the_page_again(
    incident, provider
):
    page = call_of(incident)
    claim(page_id=page.pk, now=NIGHT)
    provider.will(BROKEN, TAKEN)
    send(page, NIGHT + LEASE + SECOND)

    assert [method for method, _ in provider.received] == ["GET", "POST"]
    assert page.status == Page.Status.SENT


def test_without_credentials_the_page_waits_and_says_why(incident, settings):
    settings.TWILIO_AUTH_TOKEN = ""
    page = send(call_of(incident))
    assert (page.status, page.error_code) == (Page.Status.QUEUED, "not_configured")


def test_a_page_is_tried_a_bounded_number_of_times_and_then_has_failed(
    incident, provider
):
    provider.will(BROKEN)
    page = call_of(incident)
    while page.status != Page.Status.FAILED:
        assert page.sends < MOST_SENDS
        send(page, page.due_at)

    assert page.sends == MOST_SENDS
    assert provider.orders() == MOST_SENDS
    assert claim(page_id=page.pk, now=NIGHT + timedelta(hours=1)) is None


def test_a_provider_that_was_away_for_ten_minutes_has_the_page_soon_after(
    incident, provider
):
    provider.will(BROKEN)
    page = call_of(incident)
    while page.due_at < NIGHT + timedelta(minutes=10):
        send(page, page.due_at)
    assert page.status == Page.Status.QUEUED
    assert incident.timeline.filter(code="page_failed").count() == 1

    provider.will(TAKEN)
    assert page.due_at < NIGHT + timedelta(minutes=10, seconds=31)
    assert send(page, page.due_at).status == Page.Status.SENT


def test_what_an_earlier_round_tried_in_vain_ends_with_the_next_round(
    incident, provider
):
    provider.will(BROKEN)
    page = send(call_of(incident))
    with transaction.atomic():
        page_again(incident=incident, now=page.due_at)
    assert send(page, page.due_at).status == Page.Status.WITHDRAWN
    assert incident.pages.filter(round=1, status=Page.Status.QUEUED).exists()


def test_repeated_failures_of_one_step_hurry_one_step_and_not_the_whole_chain(
    incident, provider
):
    provider.will(BROKEN)
    page = call_of(incident)
    send(page)
    tick(now=NIGHT, by="test")
    assert fired(incident) == [0, 1]

    send(page, page.due_at)
    tick(now=page.due_at, by="test")
    assert fired(incident) == [0, 1]


def test_with_a_provider_that_stays_gone_paging_never_ends(incident, provider):
    provider.will(BROKEN)
    now = NIGHT
    for _ in range(30):
        now += timedelta(seconds=20)
        tick(now=now, by="test")
        for page in Page.objects.due(now):
            send(page, now)

    assert DueRow.objects.filter(
        incident=incident, kind="step", done_at__isnull=True
    ).exists()
    provider.will(TAKEN)
    now += timedelta(minutes=5)
    tick(now=now, by="test")
    assert all(send(page, now).status == "sent" for page in Page.objects.due(now))
    assert incident.pages.filter(status="sent").exists()


def test_one_call_the_provider_knows_nothing_of_keeps_it_from_no_other(
    incident, provider
):
    send(call_of(incident))
    send(incident.pages.get(kind="sms"), NIGHT + SECOND)
    asked_at = NIGHT + timedelta(minutes=1)
    known = 200, {"sid": "SM" + "1" * 32, "status": "delivered"}
    provider.will(NOT_KNOWN, known)

    assert ask_about_silent_pages(now=asked_at) == 1
    assert PageAttempt.objects.filter(provider_status="delivered").count() == 1


def test_a_provider_that_is_gone_is_asked_once_and_not_for_every_page(
    incident, provider
):
    for page in incident.pages.all():
        send(page)
    provider.received.clear()
    provider.will(BROKEN)
    assert ask_about_silent_pages(now=NIGHT + timedelta(minutes=1)) == 0
    assert len(provider.received) == 1
