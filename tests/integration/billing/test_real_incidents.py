"""The chain from a real report to an issued invoice, through the real door."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.actions.booking import mark_paid, undo_booking
from billing.actions.collect import collect
from billing.actions.issue import issue_document
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, release_hold
from billing.computing import emergency_of
from billing.models import BillingProfile, Document
from billing.rules.rating import rate
from billing.rules.tax import Recipient
from emergency import billable
from emergency.actions.acknowledge import acknowledge
from emergency.actions.callback import record_attempt
from emergency.actions.caller import confirm_caller
from emergency.actions.closing import close, resolve
from emergency.actions.refusal import Refused
from emergency.actions.timelog import amend_time, log_time
from emergency.models import (
    DocumentFact,
    EscalationPolicy,
    Incident,
    Settlement,
    TimeEntry,
)
from tests import people
from tests.people import NIGHT

pytestmark = pytest.mark.paper


@pytest.fixture
def closed(issuer):
    """Called back in time, forty minutes of support, closed."""
    anna = people.technician()
    people.on_call(anna)
    people.customer()
    BillingProfile.objects.create(
        account_number="10042",
        kind="business",
        legal_name="Muster Handel GmbH",
        address="Ring 1",
        postcode="1010",
        city="Wien",
        country="AT",
        invoice_email="office@muster.example",
    )
    incident = people.report()
    live_through(incident, anna)
    return Incident.objects.get(pk=incident.pk)


def test_no_invoice_is_issued_before_a_technician_confirmed_the_caller(
    closed, accountant
):
    anna = closed.owner
    Incident.objects.filter(pk=closed.pk).update(caller_confirmed_at=None)
    now = NIGHT + timedelta(hours=8)
    collect(now=now)
    document = Document.objects.get()
    hold = document.holds.get()
    assert hold.reason == "caller_unconfirmed"
    for refused_by in (
        lambda: release_hold(
            hold_id=hold.pk, staff_id=accountant.pk, why="I know them.", now=now
        ),
        lambda: approve(document_id=document.pk, staff_id=accountant.pk, now=now),
    ):
        with pytest.raises(BillingRefusal):
            refused_by()
    confirm_caller(
        incident_id=closed.pk, account_number="10042", staff=anna.staff, now=now
    )
    collect(now=now)
    approve(document_id=document.pk, staff_id=accountant.pk, now=now)
    assert issue_document(document_id=document.pk, now=now).number


def live_through(incident, anna):
    acknowledge(
        incident_id=incident.pk,
        technician=anna,
        via="desk",
        now=NIGHT + timedelta(minutes=2),
    )
    record_attempt(
        incident_id=incident.pk,
        staff=anna.staff,
        outcome="reached",
        now=NIGHT + timedelta(minutes=9),
    )
    log_time(
        incident_id=incident.pk,
        technician=anna,
        staff=anna.staff,
        kind="support",
        started_at=NIGHT + timedelta(minutes=9),
        ended_at=NIGHT + timedelta(minutes=49),
        billable=True,
        waiver_reason="",
        now=NIGHT + timedelta(minutes=50),
    )
    done = NIGHT + timedelta(minutes=55)
    confirm_caller(
        incident_id=incident.pk, account_number="10042", staff=anna.staff, now=done
    )
    resolve(
        incident_id=incident.pk,
        staff=anna.staff,
        cause="other",
        resolution="Restarted.",
        now=done,
    )
    people.findings(incident, anna, at=done)
    close(incident_id=incident.pk, staff=anna.staff, now=done)


def test_a_closed_incident_becomes_an_issued_invoice(closed, accountant):
    now = NIGHT + timedelta(hours=8)
    collect(now=now)
    document = Document.objects.get()
    assert document.gross == Decimal("280.00")
    assert not document.holds.exists()
    approve(document_id=document.pk, staff_id=accountant.pk, now=now)
    document = issue_document(document_id=document.pk, now=now)
    fact = DocumentFact.objects.get(incident=closed)
    assert (fact.kind, fact.number, fact.gross) == (
        "invoice",
        document.number,
        Decimal("280.00"),
    )
    assert list(billable.open_work()) == []


def test_a_paid_invoice_settles_the_incident_and_a_mistake_opens_it(closed, accountant):
    now = NIGHT + timedelta(hours=8)
    collect(now=now)
    approve(document_id=Document.objects.get().pk, staff_id=accountant.pk, now=now)
    document = issue_document(document_id=Document.objects.get().pk, now=now)
    doing: dict[str, Any] = {"staff_id": accountant.pk, "now": now}
    for _again in range(2):
        booking = mark_paid(
            document_id=document.pk, paid_on=now.date(), note="", **doing
        )
        assert Settlement.objects.get(incident=closed).at == now
        undo_booking(booking_id=booking.pk, why="Another customer", **doing)
        assert not Settlement.objects.filter(incident=closed).exists()
    codes = [entry.code for entry in closed.timeline.order_by("pk")]
    assert codes[-4:] == ["settled", "settlement_undone"] * 2


def test_approval_freezes_the_logged_time(closed, accountant):
    now = NIGHT + timedelta(hours=8)
    collect(now=now)
    approve(document_id=Document.objects.get().pk, staff_id=accountant.pk, now=now)
    entry = TimeEntry.objects.get()
    with pytest.raises(Refused) as refused:
        amend_time(
            entry_id=entry.pk,
            staff=entry.technician.staff,
            kind="support",
            started_at=entry.started_at,
            ended_at=entry.ended_at + timedelta(minutes=5),
            billable=True,
            waiver_reason="",
            reason="longer",
            now=now,
        )
    assert refused.value.code == "frozen"


@pytest.mark.parametrize(
    ("rings_back", "review"), [(False, ["customer_not_reached"]), (True, [])]
)
def test_enough_attempts_in_time_are_no_late_callback(
    issuer, accountant, rings_back, review
):
    anna = people.technician()
    people.on_call(anna)
    people.customer()
    EscalationPolicy.objects.update(attempts_needed=2)
    incident = people.report()
    for minute in (9, 14):
        record_attempt(
            incident_id=incident.pk,
            staff=anna.staff,
            outcome="no_answer",
            now=NIGHT + timedelta(minutes=minute),
        )
    later = NIGHT + timedelta(hours=3)
    doing: dict[str, Any] = {
        "incident_id": incident.pk,
        "staff": anna.staff,
        "now": later,
    }
    if rings_back:
        record_attempt(outcome="reached", **doing)
    confirm_caller(account_number="10042", **doing)
    resolve(cause="other", resolution="", **doing)
    people.findings(incident, anna, at=later)
    close(**doing)
    rated = rate_work(billable.work(incident.reference))
    assert rated.outcome == "invoice"
    assert [code for code in rated.review if code.startswith("c")] == review


def rate_work(work):
    recipient = Recipient(country="AT", business=True, vat_id="", vat_id_valid=False)
    return rate(emergency_of(work), recipient, issuer_rate=Decimal(20))


def test_the_problem_text_is_on_no_document(closed, accountant):
    now = NIGHT + timedelta(hours=8)
    collect(now=now)
    document = Document.objects.get()
    assert "502" not in str(document.work)


def test_more_than_the_customers_own_limit_waits_for_a_person(closed):
    """They were promised to be asked first; with the limit gone the hold ends."""
    limits = closed.reports.get().cost_limits
    limits.create(at=NIGHT, gross=Decimal("100.00"), currency="EUR")
    assert billable.work(closed.reference).may_cost == Decimal("100.00")
    collect(now=NIGHT + timedelta(days=1))
    held = Document.objects.get().holds.filter(reason="beyond_cost_limit")
    assert held.get().detail == "100.00 EUR"
    limits.create(at=NIGHT + timedelta(hours=1), gross=None, currency="EUR")
    collect(now=NIGHT + timedelta(days=1))
    assert not held.exists()
