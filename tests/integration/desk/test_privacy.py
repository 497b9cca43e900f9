"""People's data: handed out whole, erased where nothing keeps them, always recorded."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from emergency import billable
from emergency.actions import holds
from emergency.models import (
    Contact,
    Incident,
    LegalHold,
    Note,
    PrivacyRequest,
    Staff,
    Technician,
)
from tests import people
from tests.people import NIGHT

pytestmark = pytest.mark.django_db

PAT, NUMBER = "pat@example.com", "+431234567890"


@pytest.fixture
def eva():
    return people.duty_manager(language="en")


@pytest.fixture
def contact(eva) -> Contact:
    contact = people.customer().contact
    contact.email = "Pat@Example.com"
    contact.save()
    people.on_call(people.technician())
    return contact


def ended(number: str = NUMBER, *, joined_by: str = "") -> Incident:
    incident = people.report(now=NIGHT, number=number)
    Note.objects.create(
        incident=incident, staff=Staff.objects.earliest("pk"), at=NIGHT, text="Upset."
    )
    if joined_by:
        people.report(now=NIGHT, number=joined_by).reports.update(incident=incident)
    Incident.objects.filter(pk=incident.pk).update(
        status="closed", cause="infrastructure", closed_at=NIGHT
    )
    return incident


def settled(incident: Incident) -> None:
    billable.record_document(
        reference=incident.reference,
        kind="invoice",
        number=f"2026-{incident.pk}",
        gross=Decimal("240.00"),
        issued_at=NIGHT,
        url_name="",
    )
    billable.record_settled(reference=incident.reference, settled_at=NIGHT)


def post(person, name: str = "", **values: str):
    return people.signed_in(person).post(f"/desk/privacy/{name}", values)


def test_everything_about_a_person_is_handed_out_and_that_is_recorded(eva, contact):
    incident = ended()
    contact.reports.add(incident.reports.get())
    for subject in (PAT, "01 234567890"):
        answer = post(eva, "export/", subject=subject, format="json")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Cache-Control"] == "no-store"
        told = json.loads(answer.content)
        data = told["data"]
        assert data["Report"][0]["problem_description"] == "The shop answers with 502."
        assert data["Contact"][0]["name"] == "Pat Muster"
        assert data["Consent"][0]["terms"]["initial_fee_net"] == "200.00"
        assert data["Note"][0]["text"] == "Upset."
        assert "token-of" not in answer.content.decode()
        assert "token_hash" not in data["Report"][0]
    rows = PrivacyRequest.objects.filter(kind="export")
    assert {(row.subject, row.staff) for row in rows} == {(PAT, eva), (NUMBER, eva)}
    assert rows[0].values["Report"] == 1

    page = post(eva, "export/", subject=PAT, format="html").content.decode()
    assert "The shop answers with 502." in page
    assert "<h1>What we keep about you</h1>" in page


def test_nobody_elses_data_are_handed_out(eva, contact):
    ended("+436601112233")
    told = json.loads(post(eva, "export/", subject=NUMBER, format="json").content)
    assert "Report" not in told["data"]
    assert "6601112233" not in json.dumps(told)


def test_a_settled_case_is_forgotten_and_the_rest_stays_with_a_reason(eva, contact):
    incident = ended()
    settled(incident)
    answer = post(eva, "erase/", subject=NUMBER, sure="yes").content.decode()
    report = incident.reports.get()
    assert (report.problem_description, str(report.callback_number)) == ("", "")
    assert not incident.notes.exists()
    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.phone_number) == ("", "", "")
    assert contact.retired_at is not None
    # The case, its order and its books are whole, and the page says why.
    assert billable.work(incident.reference).terms.initial_fee_net == Decimal("200.00")
    assert "BAO § 132" in answer
    assert "Art. 17(3)(e)" in answer
    kept = PrivacyRequest.objects.get(kind="erasure")
    assert kept.values["stayed"] == [
        [incident.reference, "evidence"],
        [incident.reference, "accounting"],
    ]


@pytest.mark.parametrize("code", ["open", "held", "not_settled"])
def test_what_is_still_needed_is_not_erased(eva, contact, code):
    incident = ended()
    if code == "open":
        Incident.objects.update(status="resolved", closed_at=None, resolved_at=NIGHT)
    if code == "held":
        settled(incident)
        holds.set_hold(reference=incident.reference, why="Court", staff=eva, now=NIGHT)
    post(eva, "erase/", subject=NUMBER, sure="yes")
    assert incident.reports.get().problem_description
    assert PrivacyRequest.objects.get().values["stayed"][0][1] == code


def test_of_a_shared_case_only_the_persons_own_report_is_erased(eva, contact):
    incident = ended(joined_by="+436601112233")
    settled(incident)
    post(eva, "erase/", subject="0660 1112233", sure="yes")
    texts = incident.reports.order_by("pk").values_list("callback_number", flat=True)
    assert [str(number or "") for number in texts] == [NUMBER, ""]
    assert incident.notes.exists()


def test_without_the_tick_nothing_is_erased(eva, contact):
    incident = ended()
    settled(incident)
    answer = post(eva, "erase/", subject=NUMBER)
    assert "Nothing was erased" in answer.content.decode()
    assert incident.reports.get().problem_description


def test_a_subject_that_is_none_is_refused_beside_its_field(eva):
    for name in ("", "export/", "erase/"):
        answer = post(eva, name, subject="nobody at all")
        assert answer.status_code == 400
        page = answer.content.decode()
        assert 'aria-invalid="true"' in page
        assert 'value="nobody at all"' in page
    assert not PrivacyRequest.objects.exists()


def test_a_hold_is_set_and_lifted_at_the_desk(eva, contact):
    incident = ended()
    refused = post(eva, "hold/", reference="NOPE", why="Court")
    assert "no incident with this reference" in refused.content.decode()
    post(eva, "hold/", reference=incident.reference, why="Court")
    hold = LegalHold.objects.get()
    assert (hold.incident, hold.set_by, hold.why) == (incident, eva, "Court")
    page = people.signed_in(eva).get("/desk/privacy/").content.decode()
    assert f"Lift the hold on {incident.reference}" in page
    post(eva, f"hold/{hold.pk}/lift/")
    hold.refresh_from_db()
    assert hold.lifted_by == eva


def test_only_duty_managers_and_administrators_may_open_it(contact):
    allowed = {"administrator": 200, "accountant": 403, "technician": 403}
    persons: dict[str, Staff | Technician] = {
        "administrator": people.administrator(),
        "accountant": people.accountant(),
        "technician": people.technician("Bernd Wolf"),
    }
    for name, status in allowed.items():
        client = people.signed_in(persons[name])
        assert client.get("/desk/privacy/").status_code == status
        export = client.post("/desk/privacy/export/", {"subject": PAT})
        assert export.status_code == status
    assert people.stranger().get("/desk/privacy/").status_code == 302


def test_the_command_writes_what_the_page_hands_out(contact):
    ended()
    out = StringIO()
    call_command("export_person", NUMBER, stdout=out)
    assert json.loads(out.getvalue())["data"]["Report"]
    html = StringIO()
    call_command("export_person", NUMBER, "--html", stdout=html)
    assert "502" in html.getvalue()
    assert PrivacyRequest.objects.filter(staff=None).count() == 2
    with pytest.raises(CommandError):
        call_command("export_person", "nobody")


def test_a_page_with_text_of_a_customer_runs_none_of_it(eva, contact):
    people.report(now=NIGHT, problem="<script>alert(1)</script>")
    page = post(eva, "export/", subject=NUMBER, format="html").content.decode()
    assert "<script>" not in page


def test_what_was_asked_long_ago_is_forgotten_itself(eva, contact):
    post(eva, "export/", subject=PAT, format="json")
    PrivacyRequest.objects.update(at=NIGHT - timedelta(days=1097))
    call_command("purge", stdout=StringIO())
    assert PrivacyRequest.objects.get().subject == ""
