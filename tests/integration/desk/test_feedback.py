"""The qualified feedback: typed at the desk, read on the tracking page."""

import pytest
from django.urls import reverse

from emergency.models import Feedback, Incident, Report
from emergency.models.report import hash_token
from tests import people
from tests.integration.desk.conftest import Desk

TOKEN = "a-secret-of-this-test"
FINDINGS = {
    "network": "good",
    "service_0_web": "down",
    "service_0_database": "available",
    "application_ruled_out": "unknown",
    "next_step": "We restart the web server.",
}


@pytest.fixture
def incident(desk: Desk) -> Incident:
    made = people.report(now=desk.clock.now)
    made.reports.update(token_hash=hash_token(TOKEN))
    Incident.objects.filter(pk=made.pk).update(
        status="reached", reached_at=desk.clock.now
    )
    return made


def tell(desk: Desk, incident: Incident, **changes: str):
    address = reverse("emergency:incident_feedback", args=[incident.reference])
    return people.signed_in(desk.anna).post(address, FINDINGS | changes)


def test_the_customer_reads_what_the_technician_found(desk, incident):
    assert tell(desk, incident).status_code == 302
    page = people.stranger().get(f"/t/{TOKEN}/?lang=en").content.decode()
    assert "First findings" in page
    assert "We restart the web server." in page
    assert "web01.example" in page
    assert "Not available" in page
    entry = incident.timeline.get(code="feedback_given")
    assert entry.values["network"] == "good"
    assert "restart" not in str(entry.values)


def test_the_same_findings_sent_twice_are_one(desk, incident):
    tell(desk, incident)
    tell(desk, incident)
    assert Feedback.objects.count() == 1
    tell(desk, incident, service_0_web="available")
    assert Feedback.objects.count() == 2


def test_a_service_that_nobody_looked_at_is_not_judged(desk, incident):
    tell(desk, incident)
    services = Feedback.objects.get().services
    assert set(services.values_list("service", "state")) == {
        ("web", "down"),
        ("database", "available"),
    }


def test_findings_that_say_too_little_come_back_with_what_was_typed(desk, incident):
    answer = tell(desk, incident, network="")
    assert answer.status_code == 422
    assert "We restart the web server." in answer.content.decode()
    assert not Feedback.objects.exists()


def test_an_ended_incident_takes_no_findings(desk, incident):
    Incident.objects.filter(pk=incident.pk).update(
        status="closed", closed_at=desk.clock.now, cause="other"
    )
    tell(desk, incident)
    assert not Feedback.objects.exists()


def test_a_report_that_joined_reads_no_findings(desk, incident):
    tell(desk, incident)
    Report.objects.filter(incident=incident).update(joined=True)
    page = people.stranger().get(f"/t/{TOKEN}/?lang=en").content.decode()
    assert "We restart" not in page
