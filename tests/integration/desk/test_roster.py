"""The roster at the desk: what each person sees, and what one tap does."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from emergency.actions.drop_out import drop_out
from emergency.actions.hand_off_plan import plan_hand_offs
from emergency.models import (
    DropOut,
    HandOff,
    Override,
    Page,
    Rotation,
    RotationMember,
    Schedule,
    Swap,
)
from emergency.operator_facts import kept
from tests import people
from tests.integration.desk.conftest import Desk


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def roster(client: Client) -> str:
    answer = client.get("/desk/roster/")
    assert answer.status_code == 200
    return words(answer.content.decode())


@pytest.fixture
def schedule(desk: Desk) -> Schedule:
    schedule = Schedule.objects.get()
    with transaction.atomic():
        plan_hand_offs(schedule, now=desk.clock.now)
    return schedule


@pytest.fixture
def anna(desk: Desk) -> Client:
    return people.signed_in(desk.anna)


@pytest.fixture
def eva(desk: Desk) -> Client:
    return people.signed_in(desk.eva)


def test_the_page_says_who_is_on_call_now_and_next(anna, schedule) -> None:
    page = roster(anna)
    assert "On call now Anna Berger" in page
    assert "Next hand-off Mon 16 Mar, 08:00 Bernd Kofler not confirmed yet" in page
    assert "No gap" in page
    assert "Anna Berger you" in page


def test_everybody_of_the_desk_reads_it_and_only_planners_change_it(
    anna, eva, schedule
) -> None:
    assert "Change the schedule" not in roster(anna)
    assert "I drop out now" in roster(anna)
    for client in (eva, people.signed_in(people.administrator())):
        page = roster(client)
        assert "Change the schedule" in page
        assert "Escalation policies" in page
        assert "I drop out now" not in page


def test_a_gap_is_said_and_can_be_filled(eva, desk, schedule) -> None:
    Rotation.objects.update(ends_on="2026-03-12")
    page = roster(eva)
    assert "1 gap Thu 12 Mar, 08:00" in page
    assert "Put somebody there" in page


def test_without_a_schedule_the_page_says_what_would_appear(anna, eva, desk) -> None:
    Rotation.objects.all().delete()
    assert "No shift so far" in roster(anna)


def test_one_tap_leads_to_a_question_and_one_more_drops_out(
    anna, desk, schedule
) -> None:
    path = f"/desk/roster/{schedule.pk}/out/"
    asked = words(anna.get(path).content.decode())
    assert "Nobody has to agree." in asked
    assert not DropOut.objects.exists()
    assert anna.post(path).status_code == 302
    page = roster(anna)
    assert "Bernd Kofler is asked to take over." in page
    assert "drops out" in page
    assert "I am back" in page

    bernd = people.signed_in(desk.bernd)
    row = DropOut.objects.get()
    assert "Anna Berger has dropped out: can you take over" in roster(bernd)
    desk.clock.pass_time(minutes=2)
    bernd.post(f"/desk/roster/succeed/{row.pk}/", {"answer": "confirm"})
    page = roster(bernd)
    assert "You have taken over." in page
    assert "On call now Bernd Kofler" in page


def test_whoever_cannot_take_over_says_so(desk, schedule) -> None:
    carla = people.technician("Carla Fuchs")
    RotationMember.objects.create(
        rotation=Rotation.objects.get(), technician=carla, position=2
    )
    row = drop_out(
        schedule_id=schedule.pk, technician=desk.anna, now=desk.clock.now, via="desk"
    )
    assert row.successor is not None
    asked = people.signed_in(row.successor)
    asked.post(f"/desk/roster/succeed/{row.pk}/", {"answer": "decline"})
    row.refresh_from_db()
    assert row.successor != row.technician
    assert (
        Page.objects.filter(purpose="successor").values("technician").distinct().count()
        == 2
    )


def test_whoever_feels_better_takes_it_back(anna, desk, schedule) -> None:
    anna.post(f"/desk/roster/{schedule.pk}/out/")
    desk.clock.pass_time(minutes=1)
    anna.post(f"/desk/roster/back/{DropOut.objects.get().pk}/")
    assert "You are on call as planned." in roster(anna)
    assert "I drop out now" in roster(anna)


def test_the_incoming_person_confirms_with_a_tap(desk, schedule, anna) -> None:
    row = HandOff.objects.get(incoming=desk.bernd)
    path = f"/desk/roster/confirm/{row.pk}/"
    assert anna.post(path).status_code == 404
    bernd = people.signed_in(desk.bernd)
    assert bernd.post(path).status_code == 302
    assert "Bernd Kofler confirmed" in roster(bernd)
    row.refresh_from_db()
    assert row.confirmed_via == "desk"


def override(eva: Client, schedule: Schedule, **fields: str):
    given = {
        "kind": "replace",
        "technician": "",
        "replaced": "",
        "starts_at": "2026-03-10T20:00",
        "ends_at": "2026-03-11T06:00",
    }
    return eva.post(f"/desk/roster/{schedule.pk}/override/", given | fields)


def test_a_change_of_a_shift_is_written_and_cancelled(eva, desk, schedule) -> None:
    made = override(
        eva, schedule, technician=str(desk.bernd.pk), replaced=str(desk.anna.pk)
    )
    assert made.status_code == 302
    row = Override.objects.get()
    assert row.starts_at == datetime(2026, 3, 10, 19, tzinfo=UTC)
    page = roster(eva)
    assert "Bernd Kofler instead of Anna Berger" in page
    eva.post(f"/desk/roster/override/{row.pk}/cancel/")
    row.refresh_from_db()
    assert row.cancelled_at == desk.clock.now
    assert "Cancelled. Whoever it concerns is told." in roster(eva)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        (
            {"ends_at": "2026-03-10T19:00"},
            "ends_at",
            "The end must be later than the start.",
        ),
        (
            {"starts_at": "2026-03-01T19:00", "ends_at": "2026-03-01T20:00"},
            "ends_at",
            "This time is over.",
        ),
        ({"technician": ""}, "technician", "Choose a person."),
        ({"starts_at": "tomorrow"}, "starts_at", "Write date and time like this"),
        ({"starts_at": "2026-03-29T02:30"}, "starts_at", "The clock skips this time"),
    ],
)
def test_bad_input_is_kept_with_the_error_beside_it(
    eva, desk, schedule, fields, field, said
) -> None:
    answer = override(eva, schedule, **{"technician": str(desk.bernd.pk), **fields})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Error:" in page
    start = page.index(f'name="{field}"')
    assert said in words(page[start : start + 1500])
    assert f'value="{desk.bernd.pk}" selected' in page or "technician" in fields
    assert not Override.objects.exists()


def test_the_link_from_a_shift_fills_the_form(eva, desk, schedule) -> None:
    page = eva.get("/desk/roster/").content.decode()
    link = re.findall(rf'href="(/desk/roster/{schedule.pk}/override/\?[^"]+)"', page)[1]
    form = eva.get(link.replace("&amp;", "&")).content.decode()
    assert 'value="2026-03-16T08:00"' in form
    assert f'value="{desk.bernd.pk}" selected' in form


def test_a_swap_from_the_offer_to_the_consent(anna, desk, schedule) -> None:
    path = f"/desk/roster/{schedule.pk}/swap/"
    typed = {
        "partner": str(desk.bernd.pk),
        "given_from": "2026-03-11T18:00",
        "given_until": "2026-03-12T08:00",
        "taken_from": "2026-03-17T18:00",
        "taken_until": "",
    }
    refused = anna.post(path, typed)
    assert refused.status_code == 422
    assert "Give both times or none." in refused.content.decode()
    assert 'value="2026-03-17T18:00"' in refused.content.decode()
    assert (
        anna.post(path, typed | {"taken_until": "2026-03-18T08:00"}).status_code == 302
    )
    bernd = people.signed_in(desk.bernd)
    swap = Swap.objects.get()
    assert "Anna Berger asks Bernd Kofler" in roster(bernd)
    bernd.post(f"/desk/roster/swap/{swap.pk}/", {"answer": "accept"})
    assert "Agreed. Both shifts are changed." in roster(bernd)
    assert Override.objects.filter(reason="swap").count() == 2


def test_a_swap_between_others_is_nobody_elses_business(anna, desk, schedule) -> None:
    carla = people.technician("Carla Fuchs")
    swap = Swap.objects.create(
        schedule=schedule,
        proposer=desk.bernd,
        partner=carla,
        given_from=desk.clock.now + timedelta(days=8),
        given_until=desk.clock.now + timedelta(days=9),
        proposed_at=desk.clock.now,
    )
    answer = anna.post(f"/desk/roster/swap/{swap.pk}/", {"answer": "accept"})
    assert answer.status_code == 404
    assert "Swaps that wait" not in roster(anna)


@pytest.mark.parametrize("who", ["anna", "eva"])
def test_the_page_asks_a_constant_number_of_questions(
    who, desk, schedule, connection_of_tests
) -> None:
    client = people.signed_in(getattr(desk, who))

    def asked() -> int:
        kept.forget()
        with CaptureQueriesContext(connection_of_tests) as captured:
            client.get("/desk/roster/")
        return len(captured)

    client.get("/desk/roster/")
    few = asked()
    Rotation.objects.update(shift_days=0, shift_hours=6)
    for day in range(10):
        Override.objects.create(
            schedule=schedule,
            kind="add",
            technician=people.technician(f"Extra{day} Person"),
            starts_at=desk.clock.now + timedelta(days=day, hours=1),
            ends_at=desk.clock.now + timedelta(days=day, hours=3),
        )
    with transaction.atomic():
        plan_hand_offs(schedule, now=desk.clock.now)
    assert asked() == few
    assert few <= 34
