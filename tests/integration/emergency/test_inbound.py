"""What people answer to an SMS, and what it leads to."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from emergency.actions.acknowledge import release
from emergency.actions.page_queue import queue_pages
from emergency.models import Incident, Page
from emergency.rules.escalation import Method
from emergency.rules.limits import DEFAULTS
from tests.integration.emergency.telling import INBOUND, refreshed, reply
from tests.people import NIGHT

pytestmark = pytest.mark.usefixtures("at_night")


def test_a_reply_acknowledges_even_before_the_sender_has_recorded_the_sms(
    text, incident, anna, provider_says
):
    answer = provider_says(INBOUND, **reply(text.code, text.address))
    assert b"You have it" in answer.content
    assert refreshed(incident).owner == anna


@pytest.mark.parametrize("written", ["{}", " {} ", '"{}"', "ack {}", "OK {}."])
def test_a_code_counts_however_it_is_written(text, incident, provider_says, written):
    provider_says(INBOUND, **reply(written.format(text.code), text.address))
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED


def test_a_code_counts_in_groups_of_digits(text, incident, provider_says):
    written = f"{text.code[:2]} {text.code[2:]}"
    provider_says(INBOUND, **reply(written, text.address))
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED


def test_a_bare_ok_counts_while_one_incident_is_open(text, incident, provider_says):
    provider_says(INBOUND, **reply("Ok!", text.address))
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED


@pytest.mark.parametrize("body", ["", "who is this?", "00000 ok", "no"])
def test_another_reply_acknowledges_nothing_and_is_answered(
    text, incident, provider_says, body
):
    answer = provider_says(INBOUND, **reply(body, text.address))
    assert b"fits no open page" in answer.content
    assert refreshed(incident).status == Incident.Status.PAGING


def test_a_stranger_is_not_answered(text, incident, provider_says):
    answer = provider_says(INBOUND, **reply(text.code, "+491713920099"))
    assert b"<Message>" not in answer.content
    assert refreshed(incident).status == Incident.Status.PAGING


@pytest.mark.parametrize("written", ["{}", "ok"])
def test_a_reply_told_again_after_a_release_does_not_stop_the_paging(
    text, incident, anna, provider_says, written
):
    message = reply(written.format(text.code), text.address)
    provider_says(INBOUND, **message)
    release(incident_id=incident.pk, staff=anna.staff, now=NIGHT)
    provider_says(INBOUND, **message)
    assert refreshed(incident).status == Incident.Status.PAGING

    provider_says(INBOUND, **reply(text.code, text.address))
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED


def about_nothing(anna, purpose="test", at=NIGHT):
    row = anna.contact_methods.get(kind="sms")
    method = Method(key=row.pk, kind="sms", address=row.address)
    return queue_pages(
        incident=None,
        technician=anna,
        methods=[method],
        purpose=purpose,
        step=0,
        now=at,
    )[0]


def test_the_code_of_a_page_about_no_emergency_is_understood(anna, provider_says):
    page = about_nothing(anna)
    answer = provider_says(INBOUND, **reply(page.code, page.address))
    assert b"noted" in answer.content
    page.refresh_from_db()
    assert page.answered_at == NIGHT


def test_a_bare_ok_means_the_emergency_whatever_else_waits(
    text, incident, anna, provider_says
):
    about_nothing(anna)
    provider_says(INBOUND, **reply("ok", text.address))
    assert refreshed(incident).status == Incident.Status.ACKNOWLEDGED


def test_a_bare_ok_between_two_open_pages_means_none(anna, provider_says):
    pages = [about_nothing(anna), about_nothing(anna)]
    provider_says(INBOUND, **reply("ok", pages[0].address))
    assert not Page.objects.filter(answered_at__isnull=False).exists()


def test_a_code_of_last_month_is_no_longer_understood(anna, provider_says):
    page = about_nothing(anna, at=NIGHT - timedelta(days=30))
    answer = provider_says(INBOUND, **reply(page.code, page.address))
    assert b"fits no open page" in answer.content


def test_two_machines_that_answer_each_other_come_to_an_end(text, provider_says):
    cache.clear()
    most = DEFAULTS["answers-text"].most
    answers = [
        b"<Message>" in provider_says(INBOUND, **reply("what?", text.address)).content
        for _ in range(most + 3)
    ]
    assert answers == [True] * most + [False] * 3
    answer = provider_says(INBOUND, **reply(text.code, text.address))
    assert b"You have it" in answer.content
