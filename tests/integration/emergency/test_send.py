"""One page on its way: claimed once, sent at least once, never lost."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import override_settings

from emergency.actions.acknowledge import acknowledge, release
from emergency.actions.delivery import record_callback
from emergency.actions.escalate import tick
from emergency.actions.outcome import record_receipt, record_refusal
from emergency.actions.send import LEASE, claim
from emergency.models import Page, Technician
from emergency.pagers.base import PagerError, Receipt
from emergency.pagers.twilio import VoicePager
from tests import people
from tests.integration.emergency.sending import call_of, claimed, fired, send
from tests.people import NIGHT

SECOND = timedelta(seconds=1)


def test_a_page_that_is_held_cannot_be_claimed_again(incident):
    page = call_of(incident)
    assert claim(page_id=page.pk, now=NIGHT)
    assert claim(page_id=page.pk, now=NIGHT + LEASE) is None
    assert claim(page_id=page.pk, now=NIGHT + LEASE + SECOND)


def test_a_page_that_is_not_due_cannot_be_claimed(incident):
    assert claim(page_id=call_of(incident).pk, now=NIGHT - SECOND) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_senders_at_the_same_moment_one_gets_the_page():
    people.technician()
    for _ in range(25):
        page = people.report().pages.get(kind="sms")
        together = threading.Barrier(6)
        got: list[object] = []

        def run(page=page, together=together, got=got):
            try:
                together.wait(10)
                got.append(claim(page_id=page.pk, now=NIGHT))
            finally:
                connections.close_all()

        senders = [threading.Thread(target=run) for _ in range(6)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert len(got) == 6
        assert sum(claimed is not None for claimed in got) == 1


def test_a_page_of_an_incident_that_somebody_took_is_withdrawn(incident, anna):
    page = call_of(incident)
    claim(page_id=page.pk, now=NIGHT)
    acknowledge(incident_id=incident.pk, technician=anna, now=NIGHT, via="desk")

    assert claim(page_id=page.pk, now=NIGHT + LEASE + SECOND) is None
    page.refresh_from_db()
    assert page.status == Page.Status.WITHDRAWN


def test_a_crash_after_the_claim_costs_the_lease_and_not_the_page(incident, provider):
    page = call_of(incident)
    claim(page_id=page.pk, now=NIGHT)
    assert send(page, NIGHT + LEASE + SECOND).status == Page.Status.SENT
    assert provider.orders() == 1


def test_what_the_provider_took_before_the_crash_is_found_and_not_sent_again(night):
    incident = night.order()
    page = call_of(incident)
    order = claimed(page.pk, night.now)
    # Nobody hears the callbacks of this call, and its sender dies before it records.
    sid = place_call_with_lost_callbacks(order)
    send(page, night.now + LEASE + SECOND)

    assert page.status == Page.Status.SENT
    assert page.attempts.last().provider_id == sid
    assert len(night.phone("Anna").calls()) == 1
    assert not page.attempts.filter(finished_at__isnull=True).exists()


def place_call_with_lost_callbacks(order):
    """The provider takes the call; our answer and its callbacks are lost."""
    with override_settings(PUBLIC_BASE_URL="http://127.0.0.1:9"):
        return VoicePager().send(order).provider_id


def test_a_callback_settles_what_the_sender_could_not_record(incident):
    page = call_of(incident)
    order = claimed(page.pk, NIGHT)
    ringing = {"CallSid": "CA1", "CallStatus": "ringing", "SequenceNumber": "1"}
    record_callback(token=order.token, kind="voice", values=ringing, now=NIGHT)

    page.refresh_from_db()
    assert page.status == Page.Status.SENT
    assert claim(page_id=page.pk, now=NIGHT + LEASE + SECOND) is None
    assert page.attempts.get().finished_at == NIGHT


def test_a_call_found_after_a_crash_that_has_failed_makes_the_next_step_due(
    incident,
):
    order = claimed(call_of(incident).pk, NIGHT)
    ended = Receipt(provider="twilio", provider_id="CA1", status="busy")
    record_receipt(order=order, receipt=ended, now=NIGHT)

    assert call_of(incident).status == Page.Status.FAILED
    tick(now=NIGHT, by="test")
    assert fired(incident) == [0, 1]


def test_a_failed_call_is_not_brought_back_by_its_own_receipt(incident):
    page = call_of(incident)
    order = claimed(page.pk, NIGHT)
    busy = {"CallSid": "CA1", "CallStatus": "busy", "SequenceNumber": "2"}
    record_callback(token=order.token, kind="voice", values=busy, now=NIGHT)
    taken = Receipt(provider="twilio", provider_id="CA1", status="queued")
    record_receipt(order=order, receipt=taken, now=NIGHT)

    page.refresh_from_db()
    assert (page.status, page.error_code) == (Page.Status.FAILED, "busy")
    assert page.attempts.get().provider_status == "busy"


def test_a_slow_senders_failure_does_not_disturb_who_sends_after_it(incident):
    page = call_of(incident)
    slow = claimed(page.pk, NIGHT)
    later = NIGHT + LEASE + SECOND
    quick = claimed(page.pk, later)
    record_refusal(order=slow, error=PagerError("slow", unknown=True), now=later)
    page.refresh_from_db()
    assert page.status == Page.Status.CLAIMED

    taken = Receipt(provider="twilio", provider_id="CA2", status="queued")
    record_receipt(order=quick, receipt=taken, now=later)
    page.refresh_from_db()
    assert page.status == Page.Status.SENT


def test_a_slow_senders_success_keeps_the_page_from_being_sent_again(incident):
    page = call_of(incident)
    slow = claimed(page.pk, NIGHT)
    later = NIGHT + LEASE + SECOND
    quick = claimed(page.pk, later)
    record_refusal(order=quick, error=PagerError("http_503"), now=later)
    taken = Receipt(provider="twilio", provider_id="CA1", status="queued")
    record_receipt(order=slow, receipt=taken, now=later)

    page.refresh_from_db()
    assert page.status == Page.Status.SENT
    assert claim(page_id=page.pk, now=later + timedelta(minutes=1)) is None


def test_a_refusal_of_a_withdrawn_page_changes_nothing(incident, anna):
    page = call_of(incident)
    order = claimed(page.pk, NIGHT)
    Page.objects.filter(pk=page.pk).update(status="withdrawn", lease_until=None)
    record_refusal(order=order, error=PagerError("http_503"), now=NIGHT)

    page.refresh_from_db()
    assert page.status == Page.Status.WITHDRAWN
    assert not incident.timeline.filter(code="page_failed").exists()


def test_a_notice_that_somebody_has_it_is_not_sent_after_a_release(
    incident, anna, provider
):
    eva = Technician.objects.get(staff__full_name="Eva Winter")
    for page in incident.pages.all():
        send(page)
    acknowledge(incident_id=incident.pk, technician=eva, now=NIGHT, via="desk")
    notice = incident.pages.get(purpose="taken", technician=anna)
    release(incident_id=incident.pk, staff=eva.staff, now=NIGHT)

    assert send(notice).status == Page.Status.WITHDRAWN


def test_who_is_being_called_at_that_moment_hears_that_somebody_has_it(incident, anna):
    eva = people.technician("Bernd Huber")
    claim(page_id=call_of(incident, anna).pk, now=NIGHT)
    acknowledge(incident_id=incident.pk, technician=eva, now=NIGHT, via="desk")
    assert incident.pages.filter(purpose="taken", technician=anna).exists()


def test_who_is_no_longer_with_us_is_not_paged_again(anna, incident):
    anna.staff.is_active = False
    anna.staff.save()
    release_to = Technician.objects.filter(staff__is_active=True)
    acknowledge(
        incident_id=incident.pk, technician=release_to[0], now=NIGHT, via="desk"
    )
    release(incident_id=incident.pk, staff=anna.staff, now=NIGHT)
    again = incident.pages.filter(round=1)
    assert again.exists()
    assert not again.filter(technician=anna).exists()
