"""Rate cards: made for the future only, never edited, read by what was accepted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from billing.actions.collect import collect
from billing.actions.ratecards import next_version, publish_card
from billing.actions.refusal import BillingRefusal
from billing.comparing import month_by_card
from billing.models import Document, RateCard
from billing.rules.policy import STANDARD, FeeRule, Increment
from billing.terms import fee_terms, price_explanation
from emergency import billable
from emergency.terms import FeeTerms
from tests.integration.billing.door import NIGHT, TERMS, accepted, an_incident, worked

MONTH_END = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
QUARTERS = replace(STANDARD, name="Viertelstunden", increment=Increment.QUARTER)


def publish(staff, policy=STANDARD, *, now=NIGHT, valid_from=None, **prices):
    values = {
        "valid_from": valid_from or now + timedelta(days=1),
        "initial_fee": Decimal("200.00"),
        "included_minutes": 30,
        "support_hourly": Decimal("200.00"),
        "application_analysis_hourly": Decimal("200.00"),
        "callback_within": timedelta(minutes=30),
        "currency": "EUR",
        **prices,
    }
    return publish_card(values=values, policy=policy, staff_id=staff.pk, now=now)


def test_a_card_says_who_made_it_when(issuer, accountant):
    card = publish(accountant, QUARTERS)
    card.refresh_from_db()
    assert (card.created_by, card.created_at) == (accountant, NIGHT)
    assert card.rating_policy == QUARTERS


@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=-1)])
def test_no_card_begins_before_now(issuer, accountant, later):
    with pytest.raises(BillingRefusal) as refusal:
        publish(accountant, valid_from=NIGHT + later)
    assert refusal.value.code == "card_not_in_future"
    assert RateCard.objects.count() == 1


def test_two_cards_never_begin_at_once(issuer, accountant):
    publish(accountant)
    with pytest.raises(BillingRefusal) as refusal:
        publish(accountant, initial_fee=Decimal("1.00"))
    assert refusal.value.code == "card_date_taken"
    assert RateCard.objects.count() == 2


def test_other_readings_under_the_same_name_are_its_next_version(issuer, accountant):
    assert next_version(STANDARD) == 1
    waiving = replace(STANDARD, late_callback=FeeRule.WAIVE)
    second = publish(accountant, waiving)
    assert second.rating_policy.version == 2
    again = publish(accountant, STANDARD, valid_from=NIGHT + timedelta(days=2))
    assert again.rating_policy.version == 1
    same = publish(accountant, waiving, valid_from=NIGHT + timedelta(days=3))
    assert same.rating_policy.version == 2
    assert next_version(QUARTERS) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE billing_ratecard SET initial_fee = 1",
        "UPDATE billing_ratecard SET policy = '{}'",
        "UPDATE billing_ratecard SET valid_from = '2001-01-01'",
        "DELETE FROM billing_ratecard",
    ],
)
def test_the_database_refuses_to_change_a_card(issuer, change):
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_the_terms_carry_the_policy_of_the_card_in_force(issuer, accountant):
    card = publish(accountant, QUARTERS)
    before = fee_terms(None, card.valid_from - timedelta(seconds=1), "en")
    after = fee_terms(None, card.valid_from, "en")
    assert before.rating_policy["increment"] == "minute"
    assert after.rating_policy == card.policy
    assert after.increment_minutes == 15
    assert FeeTerms.from_json(after.to_json()) == after


def test_the_accepted_policy_rates_and_not_todays_card(door, profile, accountant):
    publish(
        accountant,
        replace(STANDARD, name="neu", increment=Increment.HOUR),
        now=NIGHT - timedelta(days=3),
        valid_from=NIGHT - timedelta(days=1),
        initial_fee=Decimal("999.00"),
    )
    door.add(an_incident(terms=accepted(QUARTERS), entries=(worked(9, 31),)))
    collect(now=MONTH_END)
    document = Document.objects.get()
    assert [(x.minutes, x.net) for x in document.lines.all()] == [
        (None, Decimal("200.00")),
        (15, Decimal("50.00")),
    ]
    assert document.terms["rating_policy"]["name"] == "Viertelstunden"


def test_orders_from_before_policies_are_read_by_the_standard_one(door, profile):
    old = TERMS.to_json()
    del old["rating_policy"], old["increment_minutes"]
    door.add(an_incident(terms=FeeTerms.from_json(old), entries=(worked(9, 31),)))
    collect(now=MONTH_END)
    assert Document.objects.get().net == Decimal("203.33")


def test_a_policy_that_nobody_understands_holds(door, profile):
    terms = replace(TERMS, rating_policy={"increment": "fortnight"})
    door.add(an_incident(terms=terms))
    collect(now=MONTH_END)
    hold = Document.objects.get().holds.get()
    assert hold.reason == "work_contradicts"
    assert "terms.rating_policy.increment" in hold.detail


HELD = [
    ({"maintenance": "matching"}, "maintenance_window"),
    ({"maintenance": "overrun"}, "maintenance_overrun"),
    ({"free_from": NIGHT + timedelta(minutes=45)}, "into_free_hours"),
    ({"disposition": "prank"}, "disposition_prank"),
    ({"disposition": "not_an_emergency"}, "disposition_not_an_emergency"),
    ({"disposition": "withdrawn"}, "disposition_withdrawn"),
]


@pytest.mark.parametrize(("facts", "reason"), HELD)
def test_what_the_policy_wants_reviewed_is_held_and_worded(
    door, profile, facts, reason
):
    door.add(an_incident(**facts))
    collect(now=MONTH_END)
    hold = Document.objects.get().holds.get()
    assert hold.reason == reason
    assert str(hold.get_reason_display()) != reason
    with translation.override("en"):
        (said,) = price_explanation(an_incident(**facts)).reasons
    assert said.endswith(".")


def test_a_month_is_compared_incident_by_incident(door, profile, accountant, issuer):
    """One has a document, one has none and was never charged, one is not of the
    month."""
    door.add(
        an_incident("NF-1"),
        an_incident("NF-2", disposition="drill"),
        an_incident("NF-3", closed_at=NIGHT - timedelta(days=10)),
        an_incident("NF-4", entries=(worked(9, -5),)),
    )
    collect(now=MONTH_END)
    Document.objects.filter(incident_reference="NF-1").update(
        net=Decimal("230.00"), vat_total=0, gross=Decimal("230.00")
    )
    card = publish(
        accountant,
        QUARTERS,
        initial_fee=Decimal("250.00"),
        support_hourly=Decimal("100.00"),
    )
    month = month_by_card(card, now=MONTH_END)
    rows = [(row.reference, row.was, row.would_be) for row in month.rows]
    # What a document says counts, not what it would be computed as today.
    assert rows == [
        ("NF-1", Decimal("230.00"), Decimal("275.00")),
        ("NF-2", Decimal("0.00"), Decimal("0.00")),
    ]
    documents = [Document.objects.get(incident_reference="NF-1").pk, None]
    assert [row.document_id for row in month.rows] == documents
    assert month.contradictions == ("NF-4",)
    assert (month.was, month.would_be) == (Decimal("230.00"), Decimal("275.00"))
    assert month.difference == Decimal("45.00")


def test_a_month_is_that_of_the_operators_clock(door, profile, issuer):
    # 31 March 22:00 UTC is midnight of 1 April in Vienna.
    midnight = datetime(2026, 3, 31, 22, 0, tzinfo=UTC)
    second = timedelta(seconds=1)
    door.add(
        an_incident("NF-1", closed_at=midnight - second),
        an_incident("NF-2", closed_at=midnight),
    )
    card = RateCard.objects.get()
    for now, reference in ((midnight - second, "NF-1"), (midnight, "NF-2")):
        month = month_by_card(card, now=now)
        assert [row.reference for row in month.rows] == [reference]
    assert month.month.month == 4
    assert timezone.localtime(midnight).day == 1


def test_comparing_a_month_changes_nothing(door, profile, issuer):
    door.add(an_incident())
    month_by_card(RateCard.objects.get(), now=MONTH_END)
    assert not Document.objects.exists()
    assert door.told == []
    assert billable.work("NF-TEST-1").frozen_at is None
