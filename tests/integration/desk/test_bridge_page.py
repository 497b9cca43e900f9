"""The incident's page: calling over the bridge, or from one's own telephone."""

import pytest

from emergency.models import (
    Bridge,
    CallbackAttempt,
    Contact,
    ContactMethod,
    Incident,
)
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.incident_page import path, post, shown
from tests.integration.desk.test_board import words


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """Anna has taken it."""
    made = people.report(now=desk.clock.now)
    desk.clock.pass_time(minutes=2)
    post(desk.anna, made, "take/")
    return made


def end(bridge: Bridge, desk: Desk, **facts: object) -> Bridge:
    """The bridge is over; these were its facts."""
    for name, value in facts.items():
        setattr(bridge, name, value)
    bridge.stage, bridge.ended_at = "ended", desk.clock.now
    bridge.save()
    return bridge


def test_the_one_main_button_calls_over_the_bridge(
    desk: Desk, incident: Incident
) -> None:
    page = shown(people.signed_in(desk.anna), incident)
    assert page.count("button primary") == 1
    own = desk.anna.contact_methods.get(kind="voice").address
    text = words(page)
    assert "Call +431234567890 over the bridge" in text
    assert f"Your telephone {own} rings first." in text


def test_after_the_button_the_page_says_which_key_to_press(
    desk: Desk, incident: Incident
) -> None:
    text = post(desk.anna, incident, "bridge/")
    assert "Your telephone rings in a moment." in text
    bridge = Bridge.objects.get()
    assert bridge.customers_number == "+431234567890"
    Bridge.objects.update(stage="sent")
    text = words(shown(people.signed_in(desk.anna), incident))
    assert f"Answer, press {bridge.digit}, and the customer is called." in text
    assert "Call +431234567890 over the bridge" not in text
    # A second tap is the same call.
    post(desk.anna, incident, "bridge/")
    assert Bridge.objects.count() == 1


def test_a_colleague_sees_who_is_calling_and_cannot_call_beside_them(
    desk: Desk, incident: Incident
) -> None:
    post(desk.anna, incident, "bridge/")
    text = post(desk.bernd, incident, "bridge/")
    assert "Anna Berger is calling the customer over the bridge right now." in text
    key = Bridge.objects.get().digit
    assert f"press {key}" not in text
    assert Bridge.objects.count() == 1


def test_one_of_several_telephones_and_numbers_is_chosen(
    desk: Desk, incident: Incident
) -> None:
    other = ContactMethod.objects.create(
        technician=desk.anna,
        kind="voice",
        address="+436641112223",
        position=9,
        verified_at=desk.clock.now,
    )
    unproven = ContactMethod.objects.create(
        technician=desk.anna, kind="voice", address="+436649998887", position=10
    )
    page = shown(people.signed_in(desk.anna), incident)
    assert "+436641112223" in page
    assert "+436649998887" not in page
    client = people.signed_in(desk.anna)
    for wrong in (unproven.pk, desk.bernd.contact_methods.get(kind="voice").pk):
        answer = client.post(path(incident, "bridge/"), {"method": wrong})
        assert answer.status_code == 422
    post(desk.anna, incident, "bridge/", method=str(other.pk))
    assert Bridge.objects.get().technicians_number == "+436641112223"


def test_without_a_verified_telephone_ones_own_is_the_main_way(
    desk: Desk, incident: Incident
) -> None:
    desk.anna.contact_methods.all().delete()
    page = shown(people.signed_in(desk.anna), incident)
    assert page.count("button primary") == 1
    assert 'href="tel:+431234567890"' in page
    text = post(desk.anna, incident, "bridge/")
    assert "You have no verified telephone that the bridge could ring." in text
    assert not Bridge.objects.exists()


def test_a_duty_manager_who_is_no_technician_calls_by_telephone(
    desk: Desk, incident: Incident
) -> None:
    text = post(people.signed_in(desk.eva), incident, "bridge/")
    assert "Only a technician can do this." in text


def test_ones_own_telephone_is_said_once_and_its_outcome_is_self_declared(
    desk: Desk, incident: Incident
) -> None:
    for _ in range(2):
        post(desk.anna, incident, "own-phone/")
    assert incident.timeline.filter(code="own_phone").count() == 1
    text = post(desk.anna, incident, "attempt/", outcome="reached")
    assert "Self-declared" in text
    assert CallbackAttempt.objects.get().proof == "declared"


def test_a_call_that_came_to_nothing_says_why(desk: Desk, incident: Incident) -> None:
    post(desk.anna, incident, "bridge/")
    end(Bridge.objects.get(), desk, end_code="busy")
    text = words(shown(people.signed_in(desk.anna), incident))
    assert "came to nothing: the line was busy." in text
    assert "Call +431234567890 over the bridge" in text
    desk.clock.pass_time(minutes=11)
    assert "came to nothing:" not in words(
        shown(people.signed_in(desk.anna), incident).split('id="report"')[0]
    )


def test_the_desk_asks_how_a_call_ended_and_the_answer_carries_its_proof(
    desk: Desk, incident: Incident
) -> None:
    post(desk.anna, incident, "bridge/")
    at = desk.clock.now
    bridge = end(
        Bridge.objects.get(),
        desk,
        pressed_at=at,
        answered_at=at,
        leg_status="completed",
        talked_seconds=95,
    )
    text = words(shown(people.signed_in(desk.anna), incident))
    assert "How did the call over the bridge end?" in text
    assert "picked up at 02:13:00" in text
    desk.clock.pass_time(minutes=4)
    post(desk.anna, incident, "attempt/", outcome="reached", bridge=str(bridge.pk))
    attempt = CallbackAttempt.objects.get()
    assert (attempt.bridge, attempt.proof, attempt.at) == (bridge, "bridge", at)
    incident.refresh_from_db()
    assert incident.reached_at == at
    text = words(shown(people.signed_in(desk.anna), incident))
    assert "Proven by the telephone network" in text
    assert "95 seconds" in text
    # The same answer again is the same attempt.
    post(desk.anna, incident, "attempt/", outcome="reached", bridge=str(bridge.pk))
    assert CallbackAttempt.objects.count() == 1


def test_an_outcome_chosen_during_the_call_belongs_to_it(
    desk: Desk, incident: Incident
) -> None:
    post(desk.anna, incident, "bridge/")
    at = desk.clock.now
    Bridge.objects.update(stage="dialling", pressed_at=at, answered_at=at)
    bridge = Bridge.objects.get()
    hidden = f'name="bridge" value="{bridge.pk}"'
    assert hidden in shown(people.signed_in(desk.anna), incident)
    assert hidden not in shown(people.signed_in(desk.bernd), incident)
    post(desk.anna, incident, "attempt/", outcome="reached", bridge=str(bridge.pk))
    assert CallbackAttempt.objects.get().proof == "bridge"


def test_where_every_number_is_wrong_nothing_offers_to_call_it(
    desk: Desk, incident: Incident
) -> None:
    Contact.objects.all().delete()
    post(desk.anna, incident, "attempt/", outcome="wrong_number")
    text = words(shown(people.signed_in(desk.anna), incident))
    assert "No other number is on file for this account." in text
    assert "over the bridge" not in text.split("Notes")[0].split("Timeline")[0]
    assert "There is no number left to call." in post(desk.anna, incident, "bridge/")


def test_nobody_gives_the_answer_for_a_call_of_somebody_else(
    desk: Desk, incident: Incident
) -> None:
    post(desk.anna, incident, "bridge/")
    bridge = end(Bridge.objects.get(), desk, pressed_at=desk.clock.now)
    answer = people.signed_in(desk.bernd).post(
        path(incident, "attempt/"), {"outcome": "reached", "bridge": bridge.pk}
    )
    assert answer.status_code == 404
    assert not CallbackAttempt.objects.exists()


def test_a_wrong_number_offers_what_is_on_file_and_the_bridge_calls_it(
    desk: Desk, incident: Incident
) -> None:
    Contact.objects.update(phone_number="+431999999999")
    post(desk.anna, incident, "attempt/", outcome="wrong_number")
    text = words(shown(people.signed_in(desk.anna), incident))
    assert "A number turned out to be wrong." in text
    assert "Call +431999999999 over the bridge" in text
    post(desk.anna, incident, "bridge/")
    assert Bridge.objects.get().customers_number == "+431999999999"


def test_a_wrong_person_is_an_outcome_of_its_own(
    desk: Desk, incident: Incident
) -> None:
    text = post(desk.anna, incident, "attempt/", outcome="wrong_person")
    assert "Wrong person" in text
    assert CallbackAttempt.objects.get().outcome == "wrong_person"


def test_an_open_page_hears_how_the_call_stands_and_loads_itself_at_its_end(
    desk: Desk, incident: Incident
) -> None:
    post(desk.anna, incident, "bridge/")
    client = people.signed_in(desk.anna)
    where = path(incident, "bridge/now/") + "?stage=queued"
    first = client.get(where)
    assert "rings in a moment" in first.content.decode()
    again = client.get(where, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    end(Bridge.objects.get(), desk, end_code="no-answer")
    over = client.get(where).content.decode()
    assert "data-reload" in over
    # A page that shows the end already does not load itself for ever.
    assert (
        "data-reload" not in client.get(path(incident, "bridge/now/")).content.decode()
    )
