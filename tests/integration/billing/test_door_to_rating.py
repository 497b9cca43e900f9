"""What emergency tells of an order's circumstances, and how it is rated."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from billing.actions.collect import collect
from billing.actions.ratecards import publish_card
from billing.models import Document
from billing.rules.policy import Increment, RatingPolicy
from billing.terms import fee_terms
from emergency import billable
from emergency.actions.timelog import log_time
from emergency.models import Circumstances, Incident, Report, Staff
from tests import people
from tests.integration.billing.test_real_incidents import live_through
from tests.people import NIGHT


@pytest.fixture
def closed(issuer):
    """Forty minutes of support from nine minutes after the order on, closed."""
    anna = people.technician()
    people.on_call(anna)
    people.customer()
    incident = people.report()
    live_through(incident, anna)
    return Incident.objects.get(pk=incident.pk)


def holds():
    collect(now=NIGHT + timedelta(hours=8))
    return {hold.reason for hold in Document.objects.get().holds.all()}


def window(ends_at):
    return {"id": "1", "name": "Core", "ends_at": ends_at and ends_at.isoformat()}


@pytest.mark.parametrize(
    ("result", "windows", "told", "reason"),
    [
        ("none", [], "none", None),
        ("unknown", [], "none", None),
        ("active", [NIGHT + timedelta(hours=1)], "matching", "maintenance_window"),
        ("due", [NIGHT + timedelta(hours=1)], "matching", "maintenance_window"),
        ("active", [None], "matching", "maintenance_window"),
        ("active", [NIGHT - timedelta(hours=1)], "overrun", "maintenance_overrun"),
        (
            "active",
            [NIGHT - timedelta(hours=1), NIGHT + timedelta(hours=1)],
            "matching",
            "maintenance_window",
        ),
    ],
)
def test_a_maintenance_window_at_the_order_holds(closed, result, windows, told, reason):
    Report.objects.update(
        maintenance_result=result,
        maintenance_evidence={"windows": [window(end) for end in windows]},
    )
    assert billable.work(closed.reference).maintenance == told
    found = holds() & {"maintenance_window", "maintenance_overrun"}
    assert found == ({reason} if reason else set())


@pytest.mark.parametrize(
    ("minutes", "held"), [(None, False), (20, True), (45, True), (49, False)]
)
def test_work_past_the_opening_that_was_announced_holds(closed, minutes, held):
    opens_at = None if minutes is None else NIGHT + timedelta(minutes=minutes)
    Circumstances.objects.create(
        report=Report.objects.get(),
        tariff_case="fee",
        tariff_reason="after_closing",
        values={"day": "", "opens_at": opens_at and opens_at.isoformat()},
    )
    assert billable.work(closed.reference).free_from == opens_at
    assert ("into_free_hours" in holds()) is held


def test_an_opening_before_the_incident_says_nothing_of_it(closed):
    Circumstances.objects.create(
        report=Report.objects.get(),
        tariff_case="fee",
        tariff_reason="before_opening",
        values={"opens_at": (closed.opened_at - timedelta(minutes=5)).isoformat()},
    )
    assert billable.work(closed.reference).free_from is None
    assert "work_contradicts" not in holds()


def test_an_order_is_rated_by_the_card_it_was_made_under(
    issuer, accountant, monkeypatch
):
    """Through the stored consent: under quarters, before a card that starts hours."""
    card = {
        "initial_fee": Decimal("150.00"),
        "included_minutes": 30,
        "support_hourly": Decimal("120.00"),
        "application_analysis_hourly": Decimal("120.00"),
    }
    for begins, increment in (
        (NIGHT - timedelta(hours=1), Increment.QUARTER),
        (NIGHT + timedelta(hours=1), Increment.HOUR),
    ):
        publish_card(
            values={**card, "valid_from": begins},
            policy=RatingPolicy(increment=increment),
            staff_id=accountant.pk,
            now=NIGHT - timedelta(hours=2),
        )
    monkeypatch.setattr(people, "terms", lambda: fee_terms(None, NIGHT, "de"))
    anna = people.technician()
    people.on_call(anna)
    people.customer()
    live_through(people.report(), anna)
    collect(now=NIGHT + timedelta(hours=8))
    document = Document.objects.get()
    assert [(line.minutes, line.net) for line in document.lines.all()] == [
        (None, Decimal("150.00")),
        (15, Decimal("30.00")),
    ]
    assert document.terms["rating_policy"]["version"] == "2"


def test_namesakes_may_work_at_the_same_time(issuer):
    anna, namesake = people.technician(), people.technician("Berta Huber")
    people.on_call(anna)
    people.customer()
    incident = people.report()
    log_time(
        incident_id=incident.pk,
        technician=namesake,
        staff=namesake.staff,
        kind="support",
        started_at=NIGHT + timedelta(minutes=15),
        ended_at=NIGHT + timedelta(minutes=35),
        now=NIGHT + timedelta(minutes=35),
    )
    live_through(incident, anna)
    Staff.objects.filter(pk=namesake.staff_id).update(full_name=anna.staff.full_name)
    assert "work_contradicts" not in holds()
    assert Document.objects.get().net == Decimal("300.00")


def test_without_circumstances_nothing_is_assumed(closed):
    work = billable.work(closed.reference)
    assert (work.free_from, work.maintenance, work.disposition) == (None, "none", "")
    assert not holds() & {"into_free_hours", "maintenance_window"}


def test_the_closed_of_a_time_are_told_once_and_whole(closed):
    ended = closed.closed_at
    second = timedelta(seconds=1)

    def told(start, end):
        return [work.reference for work in billable.closed_between(start, end)]

    assert told(ended, ended + second) == [closed.reference]
    assert told(ended - second, ended) == []
    assert told(ended + second, datetime(2100, 1, 1, tzinfo=UTC)) == []
    (work,) = billable.closed_between(ended, ended + second)
    assert work == billable.work(closed.reference)
