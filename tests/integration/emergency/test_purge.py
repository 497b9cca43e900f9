"""The nightly purge: texts go when their time has come, the case stays whole."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from emergency import billable
from emergency.actions import holds
from emergency.actions.erasing import purge
from emergency.actions.refusal import Refused
from emergency.models import (
    AddedFact,
    AddedNumber,
    Contact,
    Incident,
    Message,
    NetworkTouch,
    Note,
    ReceivedMail,
    Report,
    SignInRequest,
    TimelineEntry,
    Withdrawal,
)
from tests import people
from tests.people import NIGHT

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)
TOKEN = "tracking-secret"


@pytest.fixture
def anna():
    anna = people.technician("Anna Berger", language="en")
    people.on_call(anna)
    return anna


@pytest.fixture
def incident(anna) -> Incident:
    """A closed case with everything that a person can leave behind."""
    people.customer()
    made = people.report(now=NIGHT, server="web01.example")
    report = made.reports.get()
    AddedFact.objects.create(report=report, at=NIGHT, text="The key is under the mat.")
    AddedNumber.objects.create(
        report=report, at=NIGHT, number="+4366012345678", typed="0660 12345678"
    )
    AddedNumber.objects.create(
        report=report, at=NIGHT, number="+4366012345679", typed="0660 12345679"
    )
    Note.objects.create(incident=made, staff=anna.staff, at=NIGHT, text="He is upset.")
    Withdrawal.objects.create(
        report=report, at=NIGHT, name="Pat Muster", language="de", acknowledgement="Ok"
    )
    Incident.objects.filter(pk=made.pk).update(
        status="closed",
        cause="infrastructure",
        resolution="Called Pat.",
        closed_at=NIGHT,
    )
    made.refresh_from_db()
    return made


def told(incident: Incident, *, gross: str, kind: str = "invoice") -> None:
    billable.record_document(
        reference=incident.reference,
        kind=kind,
        number="" if kind == "none" else f"2026-{kind}",
        gross=Decimal(gross),
        issued_at=NIGHT,
        url_name="",
    )


def texts(incident: Incident) -> str:
    """Every word that is left of the person."""
    report = incident.reports.get()
    incident.refresh_from_db()
    return " ".join(
        [
            *(report.problem_description, report.reporter_name, incident.resolution),
            *(str(report.callback_number), report.callback_number_typed),
            *AddedFact.objects.values_list("text", flat=True),
            *Note.objects.values_list("text", flat=True),
            *AddedNumber.objects.values_list("typed", flat=True),
            *Message.objects.values_list("text", flat=True),
            *Message.objects.values_list("address", flat=True),
        ]
    ).strip()


def test_what_explains_a_case_goes_a_year_after_it_is_paid(incident):
    told(incident, gross="240.00")
    purge(now=NIGHT + 2 * YEAR)
    assert "502" in texts(incident)

    billable.record_settled(
        reference=incident.reference, settled_at=NIGHT + timedelta(days=20)
    )
    before = list(
        incident.timeline.values_list("code", flat=True),
    )
    purge(now=NIGHT + YEAR + timedelta(days=19))
    assert "502" in texts(incident)
    done = purge(now=NIGHT + YEAR + timedelta(days=20))
    assert texts(incident) == ""
    assert (done["incidents_case"], done["Note"], done["AddedNumber"]) == (1, 1, 2)

    # Incident, timeline, documents, consent and evidence are whole.
    codes = list(incident.timeline.values_list("code", flat=True))
    assert codes == [*before, "data_erased"]
    report = incident.reports.get()
    assert report.servers.get().typed == "web01.example"
    assert report.consent.terms["initial_fee_net"] == "200.00"
    assert report.withdrawal.name == "Pat Muster"
    assert billable.work(incident.reference).server_names == ("web01.example",)


def test_the_same_again_erases_nothing(incident):
    told(incident, gross="0", kind="none")
    assert purge(now=NIGHT + YEAR)
    assert not purge(now=NIGHT + YEAR)
    assert TimelineEntry.objects.filter(code="data_erased").count() == 1


def test_evidence_goes_after_three_years_also_where_nobody_told_of_a_payment(incident):
    told(incident, gross="240.00")
    done = purge(now=NIGHT + 3 * YEAR + timedelta(days=1))
    assert texts(incident) == ""
    assert (done["incidents_case"], done["incidents_evidence"]) == (1, 1)
    withdrawal = incident.reports.get().withdrawal
    assert (withdrawal.name, withdrawal.acknowledgement) == ("", "")
    assert not purge(now=NIGHT + 5 * YEAR)


def test_an_open_case_is_left_alone(incident):
    Incident.objects.filter(pk=incident.pk).update(
        status="resolved", closed_at=None, resolved_at=NIGHT
    )
    purge(now=NIGHT + 9 * YEAR)
    assert "502" in texts(incident)


def test_a_merged_case_goes_with_the_one_it_went_into(incident):
    other = people.report(now=NIGHT, server="db01.example")
    Incident.objects.filter(pk=other.pk).update(
        status="merged", merged_into=incident, closed_at=NIGHT
    )
    told(incident, gross="0", kind="none")
    purge(now=NIGHT + YEAR)
    assert other.reports.get().problem_description == ""


def test_nothing_of_a_held_case_goes_until_the_hold_is_lifted(incident, anna):
    told(incident, gross="0", kind="none")
    NetworkTouch.objects.create(
        purpose="order", address="192.0.2.1", at=NIGHT, report=incident.reports.get()
    )
    hold = holds.set_hold(
        reference=incident.reference.lower(), why="Court", staff=anna.staff, now=NIGHT
    )
    assert not purge(now=NIGHT + 9 * YEAR)
    assert "502" in texts(incident)
    assert NetworkTouch.objects.exists()

    assert holds.lift_hold(hold_id=hold.pk, staff=anna.staff, now=NIGHT + 9 * YEAR)
    assert not holds.lift_hold(hold_id=hold.pk, staff=anna.staff, now=NIGHT)
    purge(now=NIGHT + 9 * YEAR)
    assert texts(incident) == ""
    assert not NetworkTouch.objects.exists()
    codes = list(incident.timeline.values_list("code", flat=True))
    assert {"legal_hold_set", "legal_hold_lifted"} <= set(codes)


def test_a_hold_wants_a_reason_and_an_incident_and_stands_once(incident, anna):
    given = {"staff": anna.staff, "now": NIGHT}
    with pytest.raises(Refused) as refused:
        holds.set_hold(reference=incident.reference, why=" ", **given)
    assert refused.value.field == "why"
    with pytest.raises(Refused) as refused:
        holds.set_hold(reference="NOPE", why="Court", **given)
    assert refused.value.field == "reference"
    first = holds.set_hold(reference=incident.reference, why="Court", **given)
    assert holds.set_hold(reference=incident.reference, why="x", **given) == first


def test_network_addresses_and_requests_go_after_90_days(db):
    day = timedelta(days=1)
    for age in (89, 90):
        NetworkTouch.objects.create(
            purpose="order", address="192.0.2.1", at=NIGHT - age * day
        )
        SignInRequest.objects.create(
            email="pat@example.com", requested_at=NIGHT - age * day, due_at=NIGHT
        )
    purge(now=NIGHT)
    assert NetworkTouch.objects.get().at == NIGHT - 89 * day
    assert SignInRequest.objects.get().requested_at == NIGHT - 89 * day


def test_a_contact_who_left_is_forgotten_after_a_year(db):
    pat = people.customer().contact
    Contact.objects.filter(pk=pat.pk).update(retired_at=NIGHT - YEAR)
    assert purge(now=NIGHT)["Contact"] == 1
    pat.refresh_from_db()
    assert (pat.name, pat.email, pat.phone_number) == ("", "", "")
    assert not purge(now=NIGHT)


def test_the_command_counts_before_it_erases(incident):
    long_ago = NIGHT - 9 * YEAR
    Incident.objects.filter(pk=incident.pk).update(closed_at=long_ago)

    def said(*options: str) -> Any:
        out = StringIO()
        call_command("purge", "--json", *options, stdout=out)
        return json.loads(out.getvalue())

    counted = said("--dry-run")
    assert counted["dry_run"]
    assert counted["erased"]["incidents_case"] == 1
    assert "502" in texts(incident)
    assert said()["erased"]["incidents_case"] == 1
    assert texts(incident) == ""
    assert said()["erased"] == {}


def test_the_pages_of_an_erased_case_still_open(incident, anna, client):
    told(incident, gross="0", kind="none")
    purge(now=NIGHT + YEAR)
    token = Report.objects.get(incident=incident).order_key
    tracking = client.get(f"/t/token-of-{token}/")
    assert tracking.status_code == 200
    desk = people.signed_in(anna)
    assert desk.get(f"/desk/i/{incident.reference}/").status_code == 200
    assert desk.get("/desk/ended/").status_code == 200


def mail(uid: str, incident: Incident | None = None) -> ReceivedMail:
    return ReceivedMail.objects.create(
        mailbox="m",
        uid=uid,
        received_at=NIGHT,
        sender="Pat@example.com",
        text="Hello",
        incident=incident,
        state="attached" if incident else "waiting",
    )


def test_a_mail_goes_with_its_incident_and_by_its_age_where_it_has_none(incident):
    waiting, attached = mail("1"), mail("2", incident)
    purge(now=NIGHT + YEAR)
    assert list(ReceivedMail.objects.all()) == [attached]
    assert waiting.pk
    told(incident, gross="0", kind="none")
    purge(now=NIGHT + YEAR)
    assert not ReceivedMail.objects.exists()
