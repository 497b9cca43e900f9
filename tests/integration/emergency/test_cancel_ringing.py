"""Somebody has taken it: the other telephones stop, and nothing depends on it."""

from emergency.actions.acknowledge import acknowledge
from emergency.actions.digest import follow
from emergency.actions.routes import cancel_ringing
from emergency.models import Page, PageAttempt
from tests import people
from tests.integration.emergency.provider import BROKEN
from tests.integration.emergency.sending import call_of, send
from tests.people import NIGHT


def taken_by_another(incident):
    eva = people.technician("Bernd Huber")
    acknowledge(incident_id=incident.pk, technician=eva, now=NIGHT, via="desk")


def test_a_telephone_that_rings_stops_when_somebody_else_has_taken_it(night):
    incident = night.report()
    call = night.phone("Anna").ringing()
    bernd = night.people["Bernd"]
    acknowledge(incident_id=incident.pk, technician=bernd, now=night.now, via="desk")
    assert cancel_ringing(incident_id=incident.pk) == 1
    night.settle()
    (ended,) = night.phone("Anna").calls()
    assert (ended["sid"], ended["status"]) == (call["sid"], "canceled")
    incident.refresh_from_db()
    assert incident.owner == bernd


def test_nothing_is_cancelled_while_nobody_has_taken_it(incident, provider):
    send(call_of(incident))
    assert cancel_ringing(incident_id=incident.pk) == 0
    assert provider.orders() == 1


def test_a_call_that_was_answered_goes_on(incident, provider):
    send(call_of(incident))
    PageAttempt.objects.update(provider_status="in-progress")
    taken_by_another(incident)
    assert cancel_ringing(incident_id=incident.pk) == 0


def test_a_provider_that_cannot_be_told_harms_nothing(incident, provider):
    page = send(call_of(incident))
    taken_by_another(incident)
    provider.will(BROKEN)
    assert cancel_ringing(incident_id=incident.pk) == 0
    page.refresh_from_db()
    assert page.status == Page.Status.SENT


def test_a_digest_call_goes_on_while_one_of_its_emergencies_needs_somebody(
    anna, provider
):
    first, second = people.report(), people.report()
    page = send(call_of(first))
    follow(lead_id=page.pk, now=NIGHT)
    assert call_of(second).digest == page
    taken_by_another(first)
    assert cancel_ringing(incident_id=first.pk) == 0
