"""After the customer was reached: silence asks the owner, then the duty manager."""

import pytest

from emergency.actions.acknowledge import acknowledge
from emergency.actions.answer import answer_by_key
from emergency.actions.callback import record_attempt
from emergency.actions.closing import add_note, resolve
from emergency.models import DueRow, Incident, Page
from tests.night import Night


@pytest.fixture
def night(quiet_night: Night) -> Night:
    return quiet_night


@pytest.fixture
def incident(night: Night) -> Incident:
    """Anna reached the customer at 02:11."""
    made = night.report()
    anna = night.people["Anna"]
    acknowledge(incident_id=made.pk, technician=anna, now=night.now, via="desk")
    record_attempt(
        incident_id=made.pk, staff=anna.staff, outcome="reached", now=night.now
    )
    return made


def asked(night, incident):
    return [
        [person.first_name for person in night.people.values() if person.pk in keys]
        for fact in night.facts(incident, "idle_asked")
        for keys in [fact["technicians"]]
    ]


def test_after_an_hour_the_owner_is_asked_and_then_the_duty_manager(night, incident):
    night.pass_time(minutes=59)
    assert asked(night, incident) == []
    night.pass_time(minutes=1)
    assert asked(night, incident) == [["Anna"]]
    night.phone("Anna").text("nothing was written for a while")
    night.pass_time(minutes=15)
    assert asked(night, incident) == [["Anna"], ["Eva"]]


def test_a_note_is_activity(night, incident):
    night.pass_time(minutes=40)
    staff = night.people["Anna"].staff
    add_note(incident_id=incident.pk, staff=staff, text="Reading logs.", now=night.now)
    night.pass_time(minutes=59)
    assert asked(night, incident) == []
    assert night.facts(incident, "not_asked") == [{"reason": "recent_activity"}]
    night.pass_time(minutes=1)
    assert asked(night, incident) == [["Anna"]]


def test_an_owner_who_says_so_is_still_at_it(night, incident):
    night.pass_time(minutes=60)
    page = Page.objects.get(incident=incident, purpose="idle", kind="voice")
    token = page.attempts.get().token
    answered = answer_by_key(token=token, digit=page.digit, now=night.now)
    assert answered is not None
    assert answered.code == "still_at_it"
    night.pass_time(minutes=15)
    assert asked(night, incident) == [["Anna"]]
    night.pass_time(minutes=45)
    assert asked(night, incident) == [["Anna"], ["Anna"]]


def test_resolving_ends_the_questions(night, incident):
    staff = night.people["Anna"].staff
    resolve(
        incident_id=incident.pk,
        staff=staff,
        cause="other",
        resolution="",
        now=night.now,
    )
    assert not DueRow.objects.filter(done_at__isnull=True).exists()
    night.pass_time(hours=3)
    assert asked(night, incident) == []
