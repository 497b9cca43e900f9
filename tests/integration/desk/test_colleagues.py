"""Handing over, calling in and waiting for the customer, as the desk shows it."""

import pytest

from emergency.models import Incident, Message, Page
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.incident_page import path, post, shown
from tests.integration.desk.test_board import words


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """Anna has it."""
    made = people.report(now=desk.clock.now)
    post(desk.anna, made, "take/")
    return made


def test_the_colleague_is_paged_and_takes_it_at_the_desk(
    desk: Desk, incident: Incident
) -> None:
    said = post(desk.anna, incident, "hand-over/", colleague=str(desk.bernd.pk))
    assert "Bernd Kofler is paged." in said
    assert Page.objects.filter(purpose="join", technician=desk.bernd).exists()
    page = shown(people.signed_in(desk.bernd), incident)
    assert "Take it from Anna Berger" in words(page)
    assert page.count("button primary") == 1
    assert "You have it now." in post(desk.bernd, incident, "accept/")
    incident.refresh_from_db()
    assert incident.owner == desk.bernd


def test_helpers_are_named_beside_the_owner(desk: Desk, incident: Incident) -> None:
    post(desk.anna, incident, "call-in/", colleague=str(desk.bernd.pk))
    post(desk.bernd, incident, "accept/")
    text = words(shown(people.signed_in(desk.anna), incident))
    assert "Anna Berger has it with Bernd Kofler" in text


def test_a_request_without_a_name_keeps_the_page(
    desk: Desk, incident: Incident
) -> None:
    client = people.signed_in(desk.anna)
    answer = client.post(path(incident, "call-in/"), {"colleague": ""})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_nobody_asked_and_nobody_takes(desk: Desk, incident: Incident) -> None:
    said = post(desk.bernd, incident, "accept/")
    assert "Nobody has asked you about this incident." in said


def try_three_times(desk: Desk, incident: Incident) -> str:
    said = ""
    for _ in range(3):
        desk.clock.pass_time(minutes=3)
        said = post(desk.anna, incident, "attempt/", outcome="no_answer")
    return said


def test_the_desk_waits_for_the_customer(desk: Desk, incident: Incident) -> None:
    said = try_three_times(desk, incident)
    assert "Noted. We wait for the customer now; nobody is paged any more." in said
    assert "Waiting for the customer" in said
    assert "Called in time, customer not reached" in said
    board = people.signed_in(desk.anna).get("/desk/").content.decode()
    assert "Waiting for the customer" in words(board)
    assert "tried in time" in words(board)


def test_a_text_that_did_not_arrive_asks_for_the_telephone(
    desk: Desk, incident: Incident
) -> None:
    incident.reports.update(callback_number="+436641234567")
    try_three_times(desk, incident)
    Message.objects.update(status="failed", error_code="30006")
    text = words(shown(people.signed_in(desk.anna), incident))
    assert "Tell the customer by telephone." in text


def test_with_several_numbers_the_dialled_one_is_asked_for(
    desk: Desk, incident: Incident
) -> None:
    first = incident.reports.get()
    first.pk, first.order_key, first.token_hash = None, "other", "other"
    first.callback_number = "+431234567891"
    first.save()
    client = people.signed_in(desk.anna)
    answer = client.post(path(incident, "attempt/"), {"outcome": "busy"})
    assert answer.status_code == 422
    post(client, incident, "attempt/", outcome="busy", number="+431234567891")
    assert incident.callback_attempts.get().number == "+431234567891"
