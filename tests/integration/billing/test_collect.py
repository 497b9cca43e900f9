"""Ended incidents become drafts, once, and the doubts about them become holds."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import cast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.actions.collect import Outcome, collect
from billing.actions.refusal import BillingRefusal
from billing.actions.review import release_hold
from billing.models import BillingProfile, Document, Hold
from billing.queries.todo import to_do
from emergency import billable
from emergency.terms import FeeTerms
from tests.integration.billing.door import NIGHT, an_incident, worked
from tests.integration.billing.stories import MORNING, issued

LATER = NIGHT + timedelta(hours=2)


def draft():
    return Document.objects.get(kind="invoice")


def reasons(document=None):
    return sorted((document or draft()).holds.values_list("reason", flat=True))


def test_an_ended_incident_has_one_draft_with_its_explained_lines(door, profile):
    door.add(an_incident())
    collect(now=LATER)
    document = draft()
    assert (document.status, document.gross) == ("draft", Decimal("280.00"))
    line = document.lines.get(code="support_beyond_included")
    assert (line.minutes, line.worked_seconds, line.included_minutes) == (10, 2400, 30)
    assert reasons() == []


def test_collecting_twice_adds_nothing(door, profile):
    door.add(an_incident())
    collect(now=LATER)
    before = draft()
    done = collect(now=LATER + timedelta(minutes=1))
    assert done == {Outcome.SAME: 1}
    after = draft()
    assert (after.pk, after.computed_at) == (before.pk, before.computed_at)
    assert after.lines.count() == 2
    assert after.steps.count() == 1


def test_a_draft_follows_its_incident(door, profile):
    door.add(an_incident())
    collect(now=LATER)
    door.change("NF-TEST-1", entries=(worked(9, 50),))
    collect(now=LATER)
    assert draft().net == Decimal("266.67")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"objections": ("time",)}, "customer_objects"),
        ({"withdrawn_at": NIGHT}, "contract_withdrawn"),
        (
            {
                "analysis_agreed": False,
                "entries": (worked(9, 40, "application_analysis"),),
            },
            "analysis_not_agreed",
        ),
        ({"account_number": None}, "account_unknown"),
        ({"may_cost": Decimal("279.99")}, "beyond_cost_limit"),
        ({"caller_confirmed": False}, "caller_unconfirmed"),
        ({"cause": "undetermined"}, "cause_undetermined"),
        ({"callback_reached_at": NIGHT + timedelta(minutes=31)}, "callback_missed"),
        ({"callback_reached_at": None}, "callback_never_made"),
        ({"merged_reports": 2}, "merged_reports"),
        ({"terms_fresh": False}, "terms_not_fresh"),
        ({"no_fee_day": True}, "no_fee_day"),
        ({"entries": (worked(9, 5, billable=False),)}, "waiver_used"),
        ({"entries": (worked(9, 40), worked(20, 5))}, "work_contradicts"),
    ],
)
def test_a_doubt_holds_the_draft(door, profile, changes, reason):
    door.add(an_incident(**changes))
    collect(now=LATER)
    assert reasons() == [reason]


def test_only_a_technician_ends_the_doubt_about_the_caller(door, profile, accountant):
    door.add(an_incident(caller_confirmed=False))
    collect(now=LATER)
    with pytest.raises(BillingRefusal) as refused:
        release_hold(
            hold_id=Hold.objects.get().pk,
            staff_id=accountant.pk,
            why="The customer wrote to us.",
            now=LATER,
        )
    assert refused.value.code == "hold_not_releasable"
    door.change("NF-TEST-1", caller_confirmed=True)
    collect(now=LATER)
    assert reasons() == []


def test_an_account_seen_for_the_first_time_waits_for_its_address(door, issuer):
    door.add(an_incident(account_number="K-NEW"))
    collect(now=LATER)
    assert reasons() == ["recipient_incomplete"]
    assert BillingProfile.objects.get(account_number="K-NEW").legal_name


def test_a_foreign_business_without_a_confirmed_id_is_taxed_and_held(door, profile):
    BillingProfile.objects.update(country="DE", vat_id="", vat_id_valid=None)
    door.add(an_incident())
    collect(now=LATER)
    assert reasons() == ["recipient_vat_id_invalid"]
    assert draft().vat_total > 0


def test_above_ten_thousand_the_vat_id_is_needed(door, profile, settings):
    settings.BILLING_HOLD_ABOVE = 0
    BillingProfile.objects.update(vat_id="", vat_id_valid=None)
    work = worked(9, 60 * 45, "application_analysis")
    door.add(an_incident(cause="application", entries=(work,)))
    collect(now=LATER)
    assert reasons() == ["recipient_vat_id_required"]
    assert not Hold.objects.get().releasable


def test_no_callback_and_no_work_is_told_as_nothing_to_charge(door, profile):
    door.add(an_incident(callback_reached_at=None, entries=()))
    collect(now=LATER)
    collect(now=LATER)
    assert not Document.objects.exists()
    assert [(fact["kind"], fact["number"]) for fact in door.told] == [("none", "")]


def test_a_draft_with_nothing_left_to_charge_goes_away(door, profile):
    door.add(an_incident(callback_reached_at=None))
    collect(now=LATER)
    door.change("NF-TEST-1", entries=())
    collect(now=LATER)
    assert not Document.objects.exists()


def test_a_hold_ends_when_its_cause_ends(door, profile):
    door.add(an_incident(cause="undetermined"))
    collect(now=LATER)
    door.change("NF-TEST-1", cause="other")
    collect(now=LATER)
    assert reasons() == []
    assert "hold_ended" in draft().steps.values_list("code", flat=True)


def test_a_released_hold_says_who_and_why_and_stays_released(door, profile, accountant):
    door.add(an_incident(cause="undetermined"))
    collect(now=LATER)
    hold = Hold.objects.get()
    release_hold(hold_id=hold.pk, staff_id=accountant.pk, why="Asked Ada.", now=LATER)
    collect(now=LATER)
    hold.refresh_from_db()
    assert (hold.why, hold.released_by) == ("Asked Ada.", accountant)


def test_a_released_hold_opens_again_when_the_amount_changes(door, profile, accountant):
    door.add(an_incident(cause="undetermined"))
    collect(now=LATER)
    hold = Hold.objects.get()
    release_hold(hold_id=hold.pk, staff_id=accountant.pk, why="Asked Ada.", now=LATER)
    door.change("NF-TEST-1", entries=(worked(9, 90),))
    collect(now=LATER)
    hold.refresh_from_db()
    assert hold.released_at is None


def test_a_released_hold_opens_again_when_it_is_about_more_than_was_looked_at(
    door, profile, accountant
):
    door.add(an_incident(objections=("time",)))
    collect(now=LATER)
    hold = Hold.objects.get()
    release_hold(hold_id=hold.pk, staff_id=accountant.pk, why="Asked Ada.", now=LATER)
    collect(now=LATER)
    assert Hold.objects.get().released_at is not None
    door.change("NF-TEST-1", objections=("time", "price"))
    collect(now=LATER)
    hold.refresh_from_db()
    assert (hold.released_at, hold.detail) == (None, "time, price")


def test_a_hold_is_not_released_without_a_reason(door, profile, accountant):
    door.add(an_incident(cause="undetermined"))
    collect(now=LATER)
    with pytest.raises(BillingRefusal) as refused:
        release_hold(
            hold_id=Hold.objects.get().pk, staff_id=accountant.pk, why=" ", now=LATER
        )
    assert refused.value.code == "why_missing"
    assert Hold.objects.get().released_at is None


def test_missing_facts_cannot_be_released(door, issuer, accountant):
    door.add(an_incident(account_number=None))
    collect(now=LATER)
    with pytest.raises(BillingRefusal) as refused:
        release_hold(
            hold_id=Hold.objects.get().pk, staff_id=accountant.pk, why="x", now=LATER
        )
    assert refused.value.code == "hold_not_releasable"


def test_one_incident_that_fails_stops_no_other(door, profile, caplog):
    broken = replace(an_incident("NF-BAD"), terms=cast(FeeTerms, None))
    door.add(broken, an_incident("NF-GOOD"))
    done = collect(now=LATER)
    assert done == {Outcome.FAILED: 1, Outcome.MADE: 1}
    assert draft().incident_reference == "NF-GOOD"


def test_the_accepted_terms_price_the_work_whatever_the_card_says_today(door, profile):
    terms = replace(an_incident().terms, support_hourly_net=Decimal("60.00"))
    door.add(an_incident(terms=terms))
    collect(now=LATER)
    assert draft().net == Decimal("210.00")


def test_the_supply_period_is_counted_in_local_days_over_midnight(door, profile):
    door.add(an_incident(entries=(worked(9, 90),)))
    collect(now=LATER)
    document = draft()
    # 22:49 to 00:19 in Vienna.
    assert (document.supply_from.day, document.supply_to.day) == (3, 4)


def test_what_the_customer_was_told_about_cancelling_stands(door, profile):
    cancelled = {
        "cancelled_at": NIGHT + timedelta(minutes=9),
        "acknowledged_at": NIGHT + timedelta(minutes=2),
        "callback_reached_at": None,
        "callback_attempts": (),
        "callback_outcome": "pending",
        "entries": (),
    }
    door.add(an_incident("NF-FREE", cancelled_free=True, **cancelled))
    door.add(an_incident("NF-FEE", cancelled_free=False, **cancelled))
    collect(now=LATER)
    assert draft().incident_reference == "NF-FEE"
    assert reasons() == ["cancelled_before_callback"]


def test_an_issued_invoice_that_is_objected_to_waits_for_a_person(
    door, profile, accountant
):
    document = issued(door, accountant.pk, now=MORNING)
    door.known["NF-TEST-1"] = replace(door.work("NF-TEST-1"), objections=("invoice",))
    for _twice in range(2):
        collect(now=MORNING)
    hold = document.holds.get()
    assert (hold.reason, hold.detail) == ("customer_objects", "invoice")
    assert [one.document for one in to_do().objections.holds] == [document]
    assert list(door.objected()) == []
    release_hold(hold_id=hold.pk, staff_id=accountant.pk, why="We spoke.", now=MORNING)
    assert to_do().objections.count == 0
    collect(now=MORNING)
    assert to_do().objections.count == 0
    document.refresh_from_db()
    assert document.is_issued


def test_works_that_cannot_be_read_together_are_read_one_by_one(
    door, profile, monkeypatch
):
    def unreadable(references):
        raise ValueError("one of them is broken")

    monkeypatch.setattr(billable, "works", unreadable)
    door.add(an_incident("NF-ONE"), an_incident("NF-TWO"))
    assert collect(now=LATER) == {Outcome.MADE: 2}


def test_one_more_incident_costs_few_questions(door, profile):
    """Whatever can be asked once for many is; a month of thousands stays minutes."""

    def asked():
        with CaptureQueriesContext(connection) as found:
            collect(now=LATER)
        return len(found)

    def add(count, name):
        door.add(*(an_incident(f"NF-{name}-{n}") for n in range(count)))

    add(1, "A")
    few = asked()
    add(10, "B")
    assert asked() - few <= 10 * 14
    unchanged = asked()
    assert unchanged <= 11 * 12


def test_a_limit_that_is_kept_and_an_amount_that_is_usual_hold_nothing(door, profile):
    door.add(an_incident(may_cost=Decimal("280.00")))
    collect(now=LATER)
    assert reasons() == []


def test_an_amount_above_the_set_limit_waits_for_a_person(door, profile, settings):
    """A slip of the pen in a time entry is no invoice yet."""
    settings.BILLING_HOLD_ABOVE = 279
    door.add(an_incident())
    collect(now=LATER)
    assert reasons() == ["amount_large"]
    settings.BILLING_HOLD_ABOVE = 280
    collect(now=LATER)
    assert not draft().holds.exists()
