"""Confirming a caller, and merging two incidents that are one."""

from datetime import timedelta
from typing import Any

import pytest

from emergency import billable
from emergency.actions.acknowledge import acknowledge
from emergency.actions.callback import record_attempt
from emergency.actions.caller import confirm_caller
from emergency.actions.closing import add_note, close, resolve
from emergency.actions.merging import merge
from emergency.actions.refusal import Refused
from emergency.actions.timelog import log_time
from emergency.models import DueRow, Incident, Page
from tests import people
from tests.people import NIGHT


def after(minutes):
    return NIGHT + timedelta(minutes=minutes)


@pytest.fixture
def anna(db):
    anna = people.technician()
    people.on_call(anna)
    return anna


@pytest.fixture
def theirs(anna):
    made = people.customer()
    made.account.servers.create(name="web02.example")
    return made


@pytest.fixture
def pair(theirs):
    """Two servers of one account, three minutes apart."""
    return (
        people.report(server="web01.example"),
        people.report(
            server="web02.example", number="+4312345678", now=after(3), problem="Too."
        ),
    )


def merged(pair, anna, *, now):
    older, younger = pair
    stays, goes = merge(
        incident_id=younger.pk, other_id=older.pk, staff=anna.staff, now=now
    )
    stays.refresh_from_db()
    goes.refresh_from_db()
    return stays, goes


def test_the_older_goes_on_with_all_callers_and_its_own_deadline(pair, anna):
    stays, goes = merged(pair, anna, now=after(5))
    assert (stays, goes) == pair
    assert stays.callback_deadline_at == after(30)
    assert [report.joined for report in stays.reports.all()] == [False, True]
    assert (goes.status, goes.merged_into) == ("merged", stays)
    assert stays.timeline.filter(code="took_over_reports").exists()
    assert goes.timeline.filter(code="merged").exists()


def test_nobody_is_paged_for_the_younger_any_more(pair, anna):
    _, goes = merged(pair, anna, now=after(5))
    assert not Page.objects.filter(
        incident=goes, purpose="emergency", status="queued"
    ).exists()
    assert not DueRow.objects.filter(incident=goes, done_at__isnull=True).exists()


def test_the_one_fee_is_that_of_the_older(pair, anna):
    stays, goes = merged(pair, anna, now=after(5))
    record_attempt(
        incident_id=stays.pk,
        staff=anna.staff,
        outcome="reached",
        number="+4312345678",
        now=after(6),
    )
    resolve(
        incident_id=stays.pk,
        staff=anna.staff,
        cause="other",
        resolution="",
        now=after(9),
    )
    people.findings(stays, anna, at=after(9))
    close(incident_id=stays.pk, staff=anna.staff, now=after(9))
    assert list(billable.open_work()) == [stays.reference]
    assert billable.work(stays.reference).merged_reports == 2
    with pytest.raises(billable.UnknownReference):
        billable.freeze(reference=goes.reference, now=after(9))


def test_work_that_was_under_way_is_under_way_for_both(pair, anna):
    _, younger = pair
    acknowledge(incident_id=younger.pk, technician=anna, via="desk", now=after(4))
    record_attempt(
        incident_id=younger.pk, staff=anna.staff, outcome="reached", now=after(6)
    )
    add_note(incident_id=younger.pk, staff=anna.staff, text="Both.", now=after(7))
    log_time(
        incident_id=younger.pk,
        technician=anna,
        staff=anna.staff,
        kind="support",
        started_at=after(6),
        ended_at=after(9),
        now=after(10),
    )
    stays, goes = merged(pair, anna, now=after(40))
    assert (stays.status, stays.owner) == ("reached", anna)
    assert (stays.reached_at, stays.callback_outcome) == (after(6), "met")
    assert stays.notes.count() == stays.time_entries.count() == 1
    assert not goes.time_entries.exists()


def test_different_accounts_are_never_merged(pair, anna):
    people.customer("10043", "Andere GmbH", "db01.example")
    other = people.report(server="db01.example")
    with pytest.raises(Refused) as refused:
        merge(incident_id=pair[0].pk, other_id=other.pk, staff=anna.staff, now=after(5))
    assert refused.value.code == "other_account"


def test_merging_again_and_merging_with_itself_change_nothing(pair, anna):
    merged(pair, anna, now=after(5))
    for other in pair:
        with pytest.raises(Refused) as refused:
            merge(
                incident_id=pair[0].pk,
                other_id=other.pk,
                staff=anna.staff,
                now=after(6),
            )
        assert refused.value.code == "wrong_state"


def test_a_merged_report_no_longer_sees_everything(pair, anna):
    _, younger = pair
    report = younger.reports.get()
    assert report.sees_everything
    merged(pair, anna, now=after(5))
    report.refresh_from_db()
    assert not report.sees_everything
    confirm_caller(
        incident_id=report.incident_id,
        account_number="10042",
        report_id=report.pk,
        staff=anna.staff,
        now=after(6),
    )
    report.refresh_from_db()
    assert report.sees_everything


def test_one_step_confirms_the_caller_for_account_and_server(theirs, anna):
    incident = people.report(server="der Webserver")
    confirm_caller(
        incident_id=incident.pk,
        account_number="10042",
        server_name="WEB02.example",
        staff=anna.staff,
        now=after(5),
    )
    incident.refresh_from_db()
    assert (incident.account, incident.caller_confirmed_at) == (
        theirs.account,
        after(5),
    )
    report = incident.reports.get()
    assert report.verification == "technician"
    named = report.servers.get().server
    assert named is not None
    assert named.name == "web02.example"


def test_a_server_of_another_account_is_refused_and_does_not_stay(theirs, anna):
    people.customer("10043", "Andere GmbH", "db01.example")
    incident = people.report(server="web01.example")
    doing: dict[str, Any] = {
        "incident_id": incident.pk,
        "staff": anna.staff,
        "now": after(5),
    }
    with pytest.raises(Refused) as refused:
        confirm_caller(account_number="10043", server_name="web01.example", **doing)
    assert refused.value.field == "server_name"
    assert Incident.objects.get(pk=incident.pk).caller_confirmed_at is None
    confirm_caller(account_number="10043", **doing)
    assert incident.reports.get().servers.get().server is None
