"""Setting up schedules, rotations and escalation policies."""

import re
from datetime import date, time, timedelta

import pytest
from django.test import Client

from emergency import roster_urls
from emergency.models import (
    EscalationPolicy,
    Override,
    RosterEntry,
    Rotation,
    Schedule,
)
from tests import people
from tests.integration.desk.conftest import Desk

FOR_PLANNERS = {
    *("override_add", "override_cancel", "schedule_add", "schedule_change"),
    *("rotation_add", "rotation_change", "rotation_remove"),
    *("policies", "policy_add", "policy_change", "schedule_feed_renew"),
    "readiness",
}
NO_TIMES = {
    "times-TOTAL_FORMS": "0",
    "times-INITIAL_FORMS": "0",
}


@pytest.fixture
def eva(desk: Desk) -> Client:
    return people.signed_in(desk.eva)


@pytest.fixture
def schedule(desk: Desk) -> Schedule:
    return Schedule.objects.get()


def test_every_address_names_its_roles() -> None:
    planners = {"duty_manager", "administrator"}
    for pattern in roster_urls.urlpatterns:
        roles: set[str] = getattr(pattern.callback, "roles", set())
        extra: set[str] = set() if pattern.name in FOR_PLANNERS else {"technician"}
        assert roles == planners | extra, pattern.name


@pytest.mark.parametrize("pattern", roster_urls.urlpatterns, ids=lambda p: p.name)
def test_nobody_without_business_gets_in(pattern, desk: Desk, schedule) -> None:
    values = dict.fromkeys(pattern.pattern.converters, 1)
    path = "/desk/" + str(pattern.pattern._route)
    for name in values:
        path = path.replace(f"<int:{name}>", str(schedule.pk))
    before = RosterEntry.objects.count()
    for method in ("get", "post"):
        answer = getattr(people.stranger(), method)(path)
        assert answer.headers["Location"].startswith("/desk/login/")
        client = people.signed_in(people.accountant(email=f"{method}@example.com"))
        assert getattr(client, method)(path).status_code == 403
    if pattern.name in FOR_PLANNERS:
        assert people.signed_in(desk.anna).post(path).status_code == 403
    assert RosterEntry.objects.count() == before


def test_a_schedule_is_set_up_and_asks_for_a_rotation(eva) -> None:
    typed = {
        "name": "Network",
        "time_zone": "Europe/Zurich",
        "coverage": "times",
        "shift_reminders": "720, 30",
        "answer_within": "20",
        "times-TOTAL_FORMS": "2",
        "times-INITIAL_FORMS": "0",
        "times-0-days": ["0", "4"],
        "times-0-begins": "18:00",
        "times-0-ends": "06:00",
    }
    answer = eva.post("/desk/roster/new/", typed)
    made = Schedule.objects.get(name="Network")
    assert answer.headers["Location"] == f"/desk/roster/{made.pk}/rotation/"
    assert made.coverage_times == [{"days": [0, 4], "from": "18:00", "until": "06:00"}]
    assert made.shift_reminders == [43_200, 1800]
    assert made.handoff_answer_within == timedelta(minutes=20)
    again = eva.get(f"/desk/roster/{made.pk}/").content.decode()
    assert 'value="720, 30"' in again
    assert 'value="18:00"' in again


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "Emergency support", "Another schedule has this name."),
        ("time_zone", "Vienna", "Write a time zone like Europe/Vienna."),
        ("shift_reminders", "a day", "Write minutes like this: 1440, 60."),
        ("answer_within", "0", "greater than or equal to 1"),
        ("coverage", "times", "Give at least one range of hours below."),
    ],
)
def test_a_bad_schedule_keeps_what_was_typed(eva, field, typed, said) -> None:
    values = {
        "name": "Network",
        "time_zone": "Europe/Zurich",
        "coverage": "always",
        "shift_reminders": "60",
        "answer_within": "20",
        **NO_TIMES,
    }
    answer = eva.post("/desk/roster/new/", values | {field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert typed in page
    assert Schedule.objects.count() == 1


def rotation(desk: Desk, **fields: object) -> dict[str, object]:
    return {
        "place_0": str(desk.bernd.pk),
        "place_2": str(desk.anna.pk),
        "starts_on": "2026-03-16",
        "handoff_time": "09:00",
        "length": "weekly",
        "layer": "1",
        "limited_to": "always",
        **NO_TIMES,
        **fields,
    }


def seen_and_saved(client: Client, path: str, typed: dict[str, object]):
    """The preview is looked at and confirmed."""
    preview = client.post(path, typed)
    assert preview.status_code == 200
    found = re.search(r'name="seen" value="(\w+)"', preview.content.decode())
    assert found
    return client.post(path, typed | {"seen": found[1]})


def test_a_rotation_is_set_up_and_removed(eva, desk, schedule) -> None:
    path = f"/desk/roster/{schedule.pk}/rotation/"
    assert seen_and_saved(eva, path, rotation(desk)).status_code == 302
    made = Rotation.objects.get(layer=1)
    assert made.starts_on == date(2026, 3, 16)
    assert made.handoff_time == time(9)
    members = made.members.order_by("position").values_list("technician_id", flat=True)
    assert list(members) == [desk.bernd.pk, desk.anna.pk]
    page = eva.get(f"{path}{made.pk}/").content.decode()
    assert "weekly hand-offs are on Monday at 09:00" in page

    changed = rotation(desk, length="custom", shift_days="2", shift_hours="12")
    assert seen_and_saved(eva, f"{path}{made.pk}/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.shift_days, made.shift_hours) == (2, 12)

    eva.get(f"{path}{made.pk}/remove/")
    assert Rotation.objects.filter(pk=made.pk).exists()
    eva.post(f"{path}{made.pk}/remove/")
    assert not Rotation.objects.filter(pk=made.pk).exists()
    codes = list(RosterEntry.objects.values_list("code", flat=True))
    assert codes == ["rotation_added", "rotation_changed", "rotation_removed"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"place_0": "", "place_2": ""}, "Choose a person."),
        ({"length": "custom"}, "Say how long a shift lasts."),
        ({"ends_on": "2026-03-01"}, "The end must be later than the start."),
        ({"limited_to": "times"}, "Give at least one range of hours below."),
    ],
)
def test_a_bad_rotation_is_not_saved(eva, desk, schedule, fields, said) -> None:
    answer = eva.post(f"/desk/roster/{schedule.pk}/rotation/", rotation(desk, **fields))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Rotation.objects.count() == 1


def test_a_rotation_of_another_schedule_is_not_found(eva, schedule) -> None:
    other = Schedule.objects.create(name="Other", time_zone="UTC")
    mine = Rotation.objects.get()
    path = f"/desk/roster/{other.pk}/rotation/{mine.pk}/"
    assert eva.get(path).status_code == 404


def policy(**fields: object) -> dict[str, object]:
    return {
        "name": "Night",
        "rounds": "3",
        "silence": "60",
        "reminders": "8, 12",
        "attempts_needed": "2",
        "quiet_after_acknowledgement": "4",
        "repage_after": "17",
        "late_reminder_every": "9",
        "idle_after": "45",
        "steps-TOTAL_FORMS": "3",
        "steps-INITIAL_FORMS": "0",
        "steps-0-order": "2",
        "steps-0-target": "everyone",
        "steps-0-delay": "5",
        "steps-1-order": "1",
        "steps-1-target": "duty_manager",
        "steps-1-delay": "3",
        "steps-1-channels": ["voice"],
        **fields,
    }


def test_a_policy_is_set_up_with_its_steps_in_order(eva, desk) -> None:
    typed = policy(is_default="on", duty_manager=str(desk.anna.pk))
    assert eva.post("/desk/policies/new/", typed).status_code == 302
    made = EscalationPolicy.objects.get(is_default=True)
    assert made.name == "Night"
    assert made.duty_manager == desk.anna
    assert made.reminders == [480, 720]
    assert made.idle_after == timedelta(minutes=45)
    steps = list(made.steps.order_by("position").values_list("target", "channels"))
    assert steps == [("duty_manager", ["voice"]), ("everyone", [])]
    page = eva.get("/desk/policies/").content.decode()
    assert "used for new incidents" in page
    shown = eva.get(f"/desk/policies/{made.pk}/").content.decode()
    assert 'value="8, 12"' in shown
    assert "keep the steps they began with" in shown


def test_a_running_incident_keeps_its_snapshot(eva, desk) -> None:
    incident = people.report(now=desk.clock.now)
    before = incident.policy_snapshot
    default = EscalationPolicy.objects.get(is_default=True)
    eva.post(f"/desk/policies/{default.pk}/", policy(is_default="on"))
    incident.refresh_from_db()
    assert incident.policy_snapshot == before
    assert people.report(now=desk.clock.now).policy_snapshot != before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"steps-0-target": "schedule"}, "Choose a schedule."),
        ({"steps-0-target": "technician"}, "Choose a person."),
        ({"steps-0-delay": ""}, "Say how many minutes."),
        ({"steps-TOTAL_FORMS": "0"}, "Give at least one step."),
        ({"reminders": "soon"}, "Write minutes like this: 10, 15."),
        ({"name": "Emergency support"}, "Another policy has this name."),
    ],
)
def test_a_bad_policy_is_not_saved(eva, fields, said) -> None:
    answer = eva.post("/desk/policies/new/", policy(**fields))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert EscalationPolicy.objects.count() == 1


def test_the_policy_in_use_cannot_be_put_out_of_use(eva) -> None:
    default = EscalationPolicy.objects.get(is_default=True)
    answer = eva.post(f"/desk/policies/{default.pk}/", policy())
    assert answer.status_code == 422
    assert "One policy must be used." in answer.content.decode()


def test_an_override_of_nobody_is_not_found(eva) -> None:
    assert eva.post("/desk/roster/override/99/cancel/").status_code == 404
    assert not Override.objects.exists()
