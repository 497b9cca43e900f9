"""Cancelling, withdrawing, objecting and confirming on the tracking page."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from emergency import billable
from emergency.actions.cancellation import cancel
from emergency.models import (
    Account,
    Cancellation,
    DocumentFact,
    Incident,
    Objection,
    Report,
    SolutionAnswer,
    Withdrawal,
)
from emergency.models.report import hash_token
from tests import people
from tests.people import NIGHT

TOKEN = "a-secret-of-this-test"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def incident() -> Incident:
    made = people.report(now=NIGHT)
    made.reports.update(token_hash=hash_token(TOKEN))
    return made


@pytest.fixture
def clock(monkeypatch):
    def move(minutes: int) -> datetime:
        now = NIGHT + minutes * MINUTE
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        return now

    return move


def look(client: Client, part: str = "") -> str:
    page: str = client.get(f"/t/{TOKEN}/{part}").content.decode()
    return page


def send(client: Client, part: str, **typed: str):
    return client.post(f"/t/{TOKEN}/{part}/", typed)


def taken(incident: Incident, minute: int = 3) -> None:
    Incident.objects.filter(pk=incident.pk).update(
        status="acknowledged",
        owner=people.technician(),
        acknowledged_at=NIGHT + minute * MINUTE,
    )


def notices(incident: Incident) -> list[str]:
    rows = incident.pages.filter(purpose="notice")
    return [page.values["code"] for page in rows]


def solved(incident: Incident, status: str = "resolved") -> None:
    Incident.objects.filter(pk=incident.pk).update(
        status=status,
        cause="application",
        resolution="Restarted the pool.",
        reached_at=NIGHT + 9 * MINUTE,
        resolved_at=NIGHT + 40 * MINUTE,
        closed_at=NIGHT + 41 * MINUTE if status == "closed" else None,
    )


def test_cancelling_is_free_while_nobody_has_taken_it(customer, incident, clock):
    clock(6)
    assert "Kostenlos stornieren" in look(customer)
    answer = send(customer, "cancel", stated="free")
    assert (answer.status_code, answer["Location"]) == (303, f"/t/{TOKEN}/")
    assert "Es kostet nichts" in look(customer)
    assert billable.work(incident.reference).cancelled_free is True
    send(customer, "cancel", stated="free")
    assert Cancellation.objects.count() == 1
    assert incident.timeline.filter(code="cancelled").count() == 1


def test_once_taken_cancelling_states_its_cost_and_is_held_for_review(
    customer, incident, clock
):
    taken(incident)
    clock(6)
    page = look(customer)
    assert "Für 240,00\xa0EUR stornieren" in page
    send(customer, "cancel", stated="fee")
    assert "fällt an" in look(customer)
    assert notices(incident) == ["customer_cancelled"] * 2  # telephone and SMS
    assert billable.work(incident.reference).cancelled_free is False


def test_whoever_is_told_free_is_not_charged_because_somebody_was_quicker(
    customer, incident, clock
):
    taken(incident)
    clock(6)
    answer = send(customer, "cancel", stated="free")
    assert answer.status_code == 422
    assert "nicht mehr kostenlos" in answer.content.decode()
    assert not Cancellation.objects.exists()


def test_after_we_have_spoken_nothing_can_be_cancelled_here(customer, incident):
    solved(incident)
    answer = send(customer, "cancel", stated="fee")
    assert answer.status_code == 422
    assert not Cancellation.objects.exists()


def test_the_desk_cancels_with_the_same_rule(incident):
    taken(incident)
    cancel(
        incident_id=incident.pk,
        staff=people.duty_manager(),
        now=NIGHT + 20 * MINUTE,
    )
    assert Cancellation.objects.get().free is False


def test_withdrawing_takes_two_steps_and_is_acknowledged(customer, incident, clock):
    clock(10)
    assert "Vertrag hier widerrufen" in look(customer)
    assert "Vertrag widerrufen" in look(customer, "withdraw/")
    typed = {"name": "Pat Muster", "email": "pat@example.com"}
    declared = send(customer, "withdraw", **typed)
    assert "Widerruf bestätigen" in declared.content.decode()
    assert not Withdrawal.objects.exists()
    send(customer, "withdraw", confirm="1", **typed)
    kept = Withdrawal.objects.get()
    assert "Pat Muster" in kept.acknowledgement
    assert incident.reference in kept.acknowledgement
    assert "10. März 2026, 02:21:00 (UTC+0100)" in kept.acknowledgement
    assert "Ich widerrufe diesen Vertrag" in look(customer)
    saved = customer.get(f"/t/{TOKEN}/withdrawal.txt")
    assert saved.content.decode() == kept.acknowledgement
    assert billable.work(incident.reference).withdrawn_at == kept.at
    send(customer, "withdraw", confirm="1", **typed)
    assert incident.timeline.filter(code="withdrawn").count() == 1


def test_a_withdrawal_without_a_name_comes_back_with_what_was_typed(customer, incident):
    answer = send(customer, "withdraw", name=" ", email="pat@example.com", confirm="1")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert "pat@example.com" in page
    assert not Withdrawal.objects.exists()


def test_a_confirmed_business_cannot_withdraw(customer, incident):
    account = Account.objects.create(number="1", name="Shop", kind="business")
    Incident.objects.filter(pk=incident.pk).update(account=account)
    assert "hier widerrufen" in look(customer)
    Incident.objects.filter(pk=incident.pk).update(caller_confirmed_at=NIGHT)
    assert "hier widerrufen" not in look(customer)
    assert send(customer, "withdraw", name="Pat", confirm="1").status_code == 422
    assert not Withdrawal.objects.exists()


def test_not_solved_opens_the_incident_again_before_it_is_closed(customer, incident):
    taken(incident)
    solved(incident)
    page = look(customer)
    assert "Restarted the pool." in page
    assert "Ist es gelöst?" in page
    assert send(customer, "solved", answer="no").status_code == 303
    incident.refresh_from_db()
    assert incident.status == "reached"
    assert incident.timeline.filter(code="reopened", staff=None).exists()
    assert set(notices(incident)) == {"customer_unsolved"}


def test_not_solved_after_closing_leads_to_a_new_report_with_the_facts(
    customer, incident
):
    solved(incident, status="closed")
    answer = send(customer, "solved", answer="no")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The shop answers with 502." in page
    assert "web01.example" in page
    assert "Noch ist nichts bestellt" in page
    assert Report.objects.count() == 1
    incident.refresh_from_db()
    assert incident.status == "closed"


def test_solved_is_confirmed_once_and_asked_no_more(customer, incident):
    solved(incident)
    for _twice in range(2):
        send(customer, "solved", answer="yes")
    assert SolutionAnswer.objects.get().solved
    assert "Ja, es ist gelöst. Danke." in look(customer)


def test_an_objection_stands_once_and_reaches_accounting(customer, incident, clock):
    solved(incident, status="closed")
    clock(60)
    assert "Einwand erheben" in look(customer)
    for _twice in range(2):
        send(customer, "object", about="time", text="We spoke for ten minutes.")
    assert Objection.objects.get().text == "We spoke for ten minutes."
    assert billable.work(incident.reference).objections == ("time",)
    assert send(customer, "object", about="invoice").status_code == 422
    DocumentFact.objects.create(
        incident=incident, kind="invoice", number="1", gross=240, issued_at=NIGHT
    )
    Incident.objects.filter(pk=incident.pk).update(billed_at=NIGHT)
    assert list(billable.objected()) == [incident.reference]
    billable.objections_seen(reference=incident.reference, about=("time",), now=NIGHT)
    assert list(billable.objected()) == []
    send(customer, "object", about="invoice")
    assert list(billable.objected()) == [incident.reference]
    assert Objection.objects.count() == 2
    clock(60 + 15 * 24 * 60)
    assert "Einwand erheben" not in look(customer)


def test_a_report_that_joined_has_no_rights_over_the_order(customer, incident):
    Report.objects.filter(incident=incident).update(joined=True)
    assert "stornieren" not in look(customer)
    for part in ("cancel", "withdraw", "solved", "object"):
        assert send(customer, part, stated="free", answer="no").status_code == 404
    assert customer.get(f"/t/{TOKEN}/again/").status_code == 404
    incident.refresh_from_db()
    assert incident.status == "paging"
