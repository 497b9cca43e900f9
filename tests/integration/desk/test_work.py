"""Time, cause, resolution, closing; and the whole way from taking to closing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from emergency.models import Incident, TimeEntry
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.incident_page import path, post, reached, shown
from tests.integration.desk.test_board import words


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """Reached at 02:20; it is 03:00."""
    return reached(desk)


@pytest.fixture
def client(desk: Desk) -> Client:
    return people.signed_in(desk.anna)


def time(start: str, end: str, **more: str) -> dict[str, str]:
    """A form as a browser sends it, times on the wall in Vienna."""
    day = more.pop("day", "2026-03-10")
    return {
        "kind": "support",
        "started_at": f"{day}T{start}",
        "ended_at": f"{day}T{end}",
        "billable": "on",
        "waiver_reason": "",
        **more,
    }


def test_from_taking_to_closing(desk: Desk, client: Client) -> None:
    incident = people.report(now=desk.clock.now)
    desk.clock.pass_time(minutes=3)
    assert "Take it" in words(shown(client, incident))
    assert "Call +431234567890" in post(client, incident, "take/")
    desk.clock.pass_time(minutes=2)
    assert "Mailbox" in post(client, incident, "attempt/", outcome="mailbox")
    desk.clock.pass_time(minutes=4)
    text = post(client, incident, "attempt/", outcome="reached")
    assert "Log your time" in text
    desk.clock.pass_time(minutes=41)
    text = post(client, incident, "time/", **time("02:20", "03:01"))
    assert "Name the cause" in text
    assert "02:20–03:01 41 Support Anna Berger" in text
    text = post(
        client, incident, "resolve/", cause="infrastructure", resolution="New disk."
    )
    assert "Look through and close" in text
    assert "New disk." in text
    post(client, incident, "account/", account_number="10042")
    people.findings(incident, desk.anna, at=desk.clock.now)
    text = post(client, incident, "close/")
    assert "Closed. Accounting sees it within seconds." in text
    incident.refresh_from_db()
    assert (incident.status, incident.cause) == ("closed", "infrastructure")
    assert incident.callback_outcome == "met"
    entry = TimeEntry.objects.get()
    assert entry.started_at == datetime(2026, 3, 10, 1, 20, tzinfo=UTC)
    assert entry.technician == desk.anna


def test_the_form_proposes_the_time_since_the_customer_was_reached(
    client: Client, incident: Incident, desk: Desk
) -> None:
    page = shown(client, incident)
    assert 'value="2026-03-10T02:20"' in page
    assert 'value="2026-03-10T03:00"' in page
    post(client, incident, "time/", **time("02:20", "02:40"))
    assert 'value="2026-03-10T02:40"' in shown(client, incident)


@pytest.mark.parametrize(
    ("changed", "said", "field"),
    [
        (time("02:40", "02:20"), "The end must be later than the start.", "ended_at"),
        (time("02:20", "03:30"), "only be logged after it was worked.", "ended_at"),
        (time("02:20", "02:40", billable=""), "Say why this time", "waiver_reason"),
        (time("", "02:40"), "Write date and time like this", "started_at"),
        (time("02:20", "02:40", ended_at=""), "This field is required", "ended_at"),
        (time("02:20", "02:40", kind="sleep"), "Select a valid choice", "kind"),
        (
            time("02:20", "02:40", started_at="2026-03-10T02:20Z"),
            "Write date and time like this",
            "started_at",
        ),
    ],
)
def test_a_refused_time_says_why_beside_the_input_and_keeps_the_rest(
    client: Client, incident: Incident, changed, said, field
) -> None:
    changed = {k: v for k, v in changed.items() if v or k != "billable"}
    answer = client.post(
        path(incident, "time/"), {"waiver_reason": "Kept words", **changed} | changed
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f'id="time_{field}_error"' in page
    assert f'value="{changed["started_at"]}"' in page
    assert TimeEntry.objects.count() == 0


def test_one_person_works_on_one_thing_at_a_time(
    client: Client, incident: Incident, desk: Desk
) -> None:
    post(client, incident, "time/", **time("02:20", "02:40"))
    answer = client.post(path(incident, "time/"), time("02:30", "02:50"))
    assert answer.status_code == 422
    assert (
        f"Anna Berger has another time entry in this interval ({incident.reference})."
        in answer.content.decode()
    )
    post(desk.bernd, incident, "time/", **time("02:30", "02:50"))
    assert TimeEntry.objects.count() == 2


def test_saving_the_same_time_twice_makes_one_entry(
    client: Client, incident: Incident
) -> None:
    post(client, incident, "time/", **time("02:20", "02:40"))
    assert (
        client.post(path(incident, "time/"), time("02:20", "02:40")).status_code == 422
    )
    assert TimeEntry.objects.count() == 1


def test_whoever_is_no_technician_says_whose_time_it_is(
    desk: Desk, incident: Incident
) -> None:
    client = people.signed_in(desk.eva)
    assert "Bernd Kofler</option>" in shown(client, incident)
    refused = client.post(path(incident, "time/"), time("02:20", "02:40"))
    assert refused.status_code == 422
    whose = str(desk.bernd.pk)
    post(client, incident, "time/", **time("02:20", "02:40", technician=whose))
    entry = TimeEntry.objects.get()
    assert (entry.technician, entry.logged_by) == (desk.bernd, desk.eva)


def test_a_technician_cannot_log_the_time_of_another(
    desk: Desk, client: Client, incident: Incident
) -> None:
    whose = str(desk.bernd.pk)
    post(client, incident, "time/", **time("02:20", "02:40", technician=whose))
    assert TimeEntry.objects.get().technician == desk.anna


def test_a_time_that_the_clock_skips_is_refused(incident: Incident, desk: Desk) -> None:
    desk.clock.now = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    answer = people.signed_in(desk.anna).post(
        path(incident, "time/"), time("02:30", "03:30", day="2026-03-29")
    )
    assert answer.status_code == 422
    assert "The clock skips this time in that night." in answer.content.decode()


def test_a_time_shown_twice_asks_which_one_is_meant(
    incident: Incident, desk: Desk
) -> None:
    desk.clock.now = datetime(2026, 10, 25, 6, 0, tzinfo=UTC)
    client = people.signed_in(desk.anna)
    data = time("02:30", "03:10", day="2026-10-25")
    answer = client.post(path(incident, "time/"), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The clock shows this time twice in that night." in page
    assert 'name="started_at_occurrence"' in page
    assert 'name="ended_at_occurrence"' not in page
    post(client, incident, "time/", **data, started_at_occurrence="1")
    entry = TimeEntry.objects.get()
    assert entry.started_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert entry.ended_at - entry.started_at == timedelta(minutes=40)


def test_an_amendment_is_a_new_version_with_its_reason(
    client: Client, incident: Incident
) -> None:
    post(client, incident, "time/", **time("02:20", "02:50"))
    first = TimeEntry.objects.get()
    address = path(incident, f"time/{first.pk}/")
    assert 'value="2026-03-10T02:50"' in client.get(address).content.decode()
    refused = client.post(address, time("02:20", "02:45", reason=""))
    assert refused.status_code == 422
    answer = client.post(address, time("02:20", "02:45", reason="Break"), follow=True)
    text = words(answer.content.decode())
    assert "Amended. The earlier version is kept." in text
    assert "02:20–02:45 25 Support amended: Break" in text
    assert "Earlier versions 02:20 – 02:50" in text
    again = client.post(address, time("02:20", "02:40", reason="Again"))
    assert again.status_code == 422
    assert "has been amended already" in again.content.decode()
    assert TimeEntry.objects.count() == 2


def test_time_that_accounting_has_approved_stays(
    client: Client, incident: Incident, desk: Desk
) -> None:
    post(client, incident, "time/", **time("02:20", "02:50"))
    Incident.objects.filter(pk=incident.pk).update(billing_frozen_at=desk.clock.now)
    entry = TimeEntry.objects.get()
    answer = client.post(
        path(incident, f"time/{entry.pk}/"), time("02:20", "02:45", reason="Late")
    )
    assert answer.status_code == 422
    assert "Accounting has approved this incident." in answer.content.decode()
    assert f"time/{entry.pk}/" not in shown(client, incident)


def test_the_cause_must_be_named(client: Client, incident: Incident) -> None:
    answer = client.post(path(incident, "resolve/"), {"resolution": "Kept words."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Name the cause before closing." in page
    assert "Kept words." in page


def test_resolving_closing_and_reopening_are_safe_to_repeat(
    desk: Desk, client: Client, incident: Incident
) -> None:
    people.findings(incident, desk.anna, at=desk.clock.now)
    data = {"cause": "application", "resolution": "Cache cleared."}
    post(client, incident, "resolve/", **data)
    assert "It is resolved already." in post(client, incident, "resolve/", **data)
    assert "Nothing is lost." in post(client, incident, "reopen/")
    assert "Read it again, then decide." in post(client, incident, "reopen/")
    post(client, incident, "resolve/", **data)
    post(client, incident, "close/")
    assert "It is closed already." in post(client, incident, "close/")


def test_two_resolutions_never_overwrite_each_other(
    desk: Desk, client: Client, incident: Incident
) -> None:
    post(client, incident, "resolve/", cause="infrastructure", resolution="Disk.")
    answer = people.signed_in(desk.bernd).post(
        path(incident, "resolve/"), {"cause": "other", "resolution": "My words."}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody changed this incident meanwhile." in page
    assert "My words." in page
    incident.refresh_from_db()
    assert (incident.cause, incident.resolution) == ("infrastructure", "Disk.")


def test_closing_before_resolving_is_refused_calmly(
    client: Client, incident: Incident
) -> None:
    assert "Read it again, then decide." in post(client, incident, "close/")


def test_before_closing_the_charge_is_explained(
    client: Client, incident: Incident, settings
) -> None:
    settings.PRICE_EXPLANATION = "tests.integration.desk.prices.two_hundred"
    post(client, incident, "resolve/", cause="infrastructure")
    text = words(shown(client, incident))
    assert f"Initial fee for {incident.reference} 200.00 EUR" in text
    assert "Gross 240.00 EUR" in text
    assert "The infrastructure was the cause." in text
    assert "Nobody has confirmed the caller yet." in text


@pytest.mark.parametrize("callable_name", ["broken", "missing"])
def test_a_price_nobody_can_explain_does_not_keep_anybody_from_closing(
    desk: Desk, client: Client, incident: Incident, settings, callable_name
) -> None:
    people.findings(incident, desk.anna, at=desk.clock.now)
    settings.PRICE_EXPLANATION = f"tests.integration.desk.prices.{callable_name}"
    post(client, incident, "resolve/", cause="infrastructure")
    assert "The charge cannot be shown right now." in words(shown(client, incident))
    post(client, incident, "close/")
    incident.refresh_from_db()
    assert incident.status == "closed"
