"""The qualified feedback: typed at the desk, read on the tracking page."""

from typing import Any

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


def tell(desk: Desk, incident: Incident, **changes: Any):
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


def test_findings_are_sent_in_the_customers_language(desk, incident):
    incident.reports.update(
        language="en",
        reporter_email="mia@example.com",
        callback_number="+436641234567",
    )
    tell(desk, incident)
    sms = incident.messages.get(purpose="findings", kind="sms")
    assert f"{incident.reference}: what we found. Network: Works." in sms.text
    assert sms.text.endswith("{link}")
    mail = incident.messages.get(purpose="findings", kind="email")
    assert "Web server, web01.example: Not available" in mail.text
    assert "What happens next: We restart the web server." in mail.text
    # Sent twice by a double tap it is told once.
    tell(desk, incident)
    assert incident.messages.filter(purpose="findings").count() == 2


def test_whoever_joined_is_sent_no_findings(desk, incident):
    incident.reports.update(joined=True)
    tell(desk, incident)
    assert not incident.messages.filter(purpose="findings").exists()


def test_two_taps_send_what_is_true_before_anybody_knows_anything(desk, incident):
    client = people.signed_in(desk.anna)
    incident.reports.update(language="en")
    page = client.get(f"/desk/i/{incident.reference}/")
    form = page.context["forms"]["feedback"]
    sent = {name: form[name].value() or "" for name in form.fields}
    client.post(reverse("emergency:incident_feedback", args=[incident.reference]), sent)
    given = Feedback.objects.get()
    assert (given.network, given.application_ruled_out) == ("unknown", "unknown")
    assert given.next_step.startswith("We are looking for the cause")


def test_sentences_are_chosen_in_the_customers_language_and_own_words_follow(
    desk, incident
):
    incident.reports.update(language="en")
    german = people.signed_in(desk.anna)
    german.cookies["django_language"] = "de"
    page = german.get(f"/desk/i/{incident.reference}/").content.decode()
    assert "We start the service again and then look whether it stays." in page
    tell(desk, incident, sentences=["next-restart"], next_step="At 03:00.")
    assert Feedback.objects.get().next_step == (
        "We start the service again and then look whether it stays. At 03:00."
    )
    # The next findings begin with these.
    form = german.get(f"/desk/i/{incident.reference}/").context["forms"]["feedback"]
    assert form["service_0_web"].value() == "down"


def test_nothing_about_what_happens_next_is_too_little(desk, incident):
    answer = tell(desk, incident, next_step="")
    assert answer.status_code == 422
    assert "Choose a sentence, or say it in own words." in answer.content.decode()
