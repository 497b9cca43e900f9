"""Nobody overwrites what they have not seen; what was typed is kept."""

import re

import pytest
from django.test import Client

from emergency.models import Feedback, Incident, TimeEntry
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.incident_page import path, post, reached, shown
from tests.integration.desk.test_feedback import FINDINGS
from tests.integration.desk.test_work import time


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """Reached at 02:20 by Anna; it is 03:00."""
    return reached(desk)


def seen(client: Client, incident: Incident, action: str) -> str:
    """What the form of this action posts along."""
    return seen_in(shown(client, incident), action)


def seen_in(page: str, action: str) -> str:
    form = page.partition(f'{action}"')[2]
    found = re.search(r'name="seen" value="(\w+)"', form)
    assert found is not None
    return found[1]


def test_an_end_that_came_and_went_meanwhile_is_not_overwritten_unseen(
    desk: Desk, incident: Incident
) -> None:
    anna, bernd = people.signed_in(desk.anna), people.signed_in(desk.bernd)
    old = seen(anna, incident, "resolve/")
    post(bernd, incident, "resolve/", cause="infrastructure", resolution="Disk.")
    post(bernd, incident, "reopen/")
    typed = {"cause": "other", "resolution": "My words.", "disposition": "prank"}
    answer = anna.post(path(incident, "resolve/"), typed | {"seen": old})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody changed cause, result or state meanwhile." in page
    assert "My words." in page
    assert "Disk." in page
    new = seen_in(page, "resolve/")
    assert new != old
    post(anna, incident, "resolve/", **typed, seen=new)
    incident.refresh_from_db()
    assert (incident.cause, incident.disposition) == ("other", "prank")


def test_a_charge_that_changed_is_looked_at_before_closing(
    desk: Desk, incident: Incident
) -> None:
    anna, bernd = people.signed_in(desk.anna), people.signed_in(desk.bernd)
    post(anna, incident, "time/", **time("02:20", "02:50"))
    people.findings(incident, desk.anna, at=desk.clock.now)
    post(anna, incident, "resolve/", cause="other")
    old = seen(anna, incident, "close/")
    entry = TimeEntry.objects.get()
    amended = time("02:20", "02:45", reason="Break")
    assert bernd.post(path(incident, f"time/{entry.pk}/"), amended).status_code == 302
    refused = post(anna, incident, "close/", seen=old)
    assert "Look at the charge again, then close." in refused
    post(anna, incident, "close/", seen=seen(anna, incident, "close/"))
    incident.refresh_from_db()
    assert incident.status == "closed"


def test_findings_of_a_colleague_are_read_before_others_are_told(
    desk: Desk, incident: Incident
) -> None:
    anna = people.signed_in(desk.anna)
    old = seen(anna, incident, "feedback/")
    people.findings(incident, desk.bernd, at=desk.clock.now)
    answer = anna.post(path(incident, "feedback/"), FINDINGS | {"seen": old})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody told the customer other findings meanwhile." in page
    assert FINDINGS["next_step"] in page
    assert "We look on." in page
    new = seen_in(page, "feedback/")
    for _twice in range(2):
        anna.post(path(incident, "feedback/"), FINDINGS | {"seen": new})
    assert Feedback.objects.count() == 2


def test_two_amendments_of_one_entry_leave_the_first_and_show_it(
    desk: Desk, incident: Incident
) -> None:
    anna = people.signed_in(desk.anna)
    post(anna, incident, "time/", **time("02:20", "02:50"))
    entry = TimeEntry.objects.get()
    address = path(incident, f"time/{entry.pk}/")
    anna.post(address, time("02:20", "02:45", reason="Break"))
    answer = people.signed_in(desk.bernd).post(
        address, time("02:20", "02:30", reason="Kept words")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Kept words" in page
    newer = TimeEntry.objects.current().get()
    assert f"time/{newer.pk}/" in page
