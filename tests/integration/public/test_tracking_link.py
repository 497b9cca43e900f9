"""Who may open a tracking page, and what it proves about whoever calls."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from emergency.actions.callback import record_attempt
from emergency.models import Incident, Report, RevokedLink
from emergency.models.report import hash_token
from emergency.queries.read_back import read_back_code
from tests import people
from tests.people import NIGHT

TOKEN = "a-secret-of-this-test"
JOINED = "another-secret-of-this-test"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def incident() -> Incident:
    made = people.report(now=NIGHT)
    made.reports.update(token_hash=hash_token(TOKEN))
    return made


def joined(incident: Incident) -> Report:
    assert people.report(server="web01.example", number="+431234567899") == incident
    report = incident.reports.get(joined=True)
    Report.objects.filter(pk=report.pk).update(token_hash=hash_token(JOINED))
    return report


def look(client: Client, token: str = TOKEN) -> str:
    page: str = client.get(f"/t/{token}/").content.decode()
    return page


def test_the_page_and_the_desk_show_the_same_code(customer, incident):
    code = read_back_code(incident.reports.get())
    assert len(code) == 4
    assert f'<strong class="code">{code}</strong>' in look(customer)
    desk = people.signed_in(people.duty_manager())
    page = desk.get(reverse("emergency:incident", args=[incident.reference]))
    assert code in page.content.decode()


def test_every_report_has_a_code_of_its_own(incident):
    for number in range(3):
        people.report(server="web01.example", number=f"+43123456{number}")
    assert len({read_back_code(report) for report in incident.reports.all()}) > 1


def test_a_revoked_link_says_so_calmly_and_names_the_hotline(customer, incident):
    desk = people.signed_in(people.duty_manager())
    report = incident.reports.get()
    address = reverse(
        "emergency:incident_revoke_link", args=[incident.reference, report.pk]
    )
    for _twice in range(2):
        assert desk.post(address).status_code == 302
    assert RevokedLink.objects.count() == 1
    assert incident.timeline.filter(code="link_revoked").count() == 1
    answer = customer.get(f"/t/{TOKEN}/")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "Dieser Link gilt nicht mehr" in page
    assert "+43 720 880 000" in page
    assert incident.reference not in page
    assert report.problem_description not in page


def test_only_the_desk_revokes_and_only_a_report_of_the_incident(incident):
    other = people.report(server="mail.example", number="+431234567891")
    address = reverse(
        "emergency:incident_revoke_link",
        args=[incident.reference, other.reports.get().pk],
    )
    assert people.signed_in(people.duty_manager()).post(address).status_code == 404
    assert people.signed_in(people.accountant()).post(address).status_code == 403
    assert not RevokedLink.objects.exists()


def test_a_report_that_joined_reads_its_own_text_and_no_findings(customer, incident):
    report = joined(incident)
    Report.objects.filter(pk=report.pk).update(problem_description="Mail is down.")
    page = look(customer, JOINED)
    assert "Mail is down." in page
    assert "Wir rufen Sie bis 02:41 zurück" in page
    assert "The shop answers" not in page
    assert "240,00" not in page
    Incident.objects.filter(pk=incident.pk).update(
        status="closed", closed_at=NIGHT, cause="application", reached_at=NIGHT
    )
    page = look(customer, JOINED)
    assert "Gelöst" not in page
    assert "gehört zu einem Notfall, den wir kennen" in page


def test_a_next_attempt_is_claimed_only_when_the_technician_named_it(
    customer, incident, monkeypatch
):
    anna = people.technician()
    Incident.objects.filter(pk=incident.pk).update(
        status="acknowledged", owner=anna, acknowledged_at=NIGHT + MINUTE
    )
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT + 7 * MINUTE)
    desk = people.signed_in(anna)
    attempt = reverse("emergency:incident_attempt", args=[incident.reference])
    desk.post(attempt, {"outcome": "busy", "next_in": "5"})
    assert "Wir versuchen es um 02:23 wieder" in look(customer)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT + 13 * MINUTE)
    assert "02:23" not in look(customer)
    record_attempt(
        incident_id=incident.pk,
        staff=anna.staff,
        outcome="no_answer",
        now=NIGHT + 14 * MINUTE,
    )
    assert "Wir versuchen es wieder" in look(customer)


def test_after_five_minutes_without_a_taker_the_page_says_so(
    customer, incident, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT + 5 * MINUTE)
    assert "noch niemand" in look(customer)
