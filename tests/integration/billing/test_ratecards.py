"""Rate cards: made for the future only, never edited, read by what was accepted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from billing.actions.collect import collect
from billing.actions.credit import credit_invoice
from billing.actions.ratecards import next_version, publish_card
from billing.actions.refusal import BillingRefusal
from billing.comparing import month_by_card
from billing.models import Document, RateCard
from billing.rules.policy import STANDARD, FeeRule, Increment, RatingPolicy
from billing.rules.readings import read_policy
from billing.terms import fee_terms, price_explanation
from billing.wording import line_explanation
from emergency import billable
from emergency.terms import FeeTerms
from tests.integration.billing.door import NIGHT, TERMS, an_incident, worked
from tests.integration.billing.stories import issued

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


def accepted(policy=STANDARD, **changes):
    """Terms as an order keeps them: through JSON."""
    terms = replace(
        TERMS,
        rating_policy=policy.to_values(),
        increment_minutes=policy.increment.minutes,
        **changes,
    )
    return FeeTerms.from_json(terms.to_json())


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


@pytest.mark.parametrize(
    ("facts", "policy", "said"),
    [
        ({"disposition": "drill"}, STANDARD, "It was a drill."),
        (
            {"cause": "infrastructure"},
            read_policy({"infrastructure": "nothing"}),
            "The cause was the infrastructure: then nothing is charged.",
        ),
        (
            {"cancelled_at": NIGHT, "cancelled_free": True}
            | {"callback_reached_at": None},
            STANDARD,
            "The order was cancelled free of charge.",
        ),
        (
            {"entries": ()},
            RatingPolicy(least_amount=Decimal("500.00")),
            "It comes to less than we invoice.",
        ),
        (
            {"entries": (), "maintenance": "matching"},
            read_policy({"maintenance": "waive"}),
            "A maintenance window was about this server.",
        ),
    ],
)
def test_nothing_to_charge_says_why_and_leaves_no_draft(
    door, profile, facts, policy, said
):
    work = an_incident(terms=accepted(policy), **facts)
    door.add(work)
    collect(now=MONTH_END)
    assert not Document.objects.exists()
    assert [fact["kind"] for fact in door.told] == ["none"]
    with translation.override("en"):
        price = price_explanation(work)
    assert price.reasons == ("Nothing is charged as things stand.", said)


def explained(policy, **facts):
    with translation.override("en"):
        price = price_explanation(an_incident(terms=accepted(policy), **facts))
    return [line.text.partition(": ")[2] for line in price.lines]


PRICE = "200.00\N{NO-BREAK SPACE}EUR / 60"


def test_lines_are_explained_as_the_policy_reads_them(profile):
    work = {"entries": (worked(9, 40),)}
    quarter, hour = Increment.QUARTER, Increment.HOUR
    assert explained(RatingPolicy(increment=quarter), **work)[1] == (
        "40:00 work, 30:00 included, "
        f"15 minutes in started quarters of an hour × {PRICE}"
    )
    assert explained(RatingPolicy(increment=hour), **work)[1] == (
        f"40:00 work, 30:00 included, 60 minutes in started hours × {PRICE}"
    )
    assert explained(RatingPolicy(minimum_minutes=20), **work)[1] == (
        f"40:00 work, 30:00 included, at least 20 minutes × {PRICE}"
    )


def test_the_fee_says_what_it_covers_and_what_costs_nothing(profile):
    mixed = (worked(9, 20.5), worked(40, 20, "application_analysis"))
    any_work = explained(
        read_policy({"included_cover": "any"}), entries=mixed, cause="application"
    )
    assert any_work == [
        "Per emergency, with up to 30 minutes of work. Used: 30:00",
        f"20:00 work, 9:30 included, 11 started minutes × {PRICE}",
    ]
    free = explained(
        read_policy({"undetermined": "no_analysis"}),
        entries=mixed,
        cause="undetermined",
    )
    assert free == [
        "Per emergency, with up to 30 minutes of support. Used: 20:30 "
        "Nobody found the cause: 20:00 of analysis is not charged."
    ]
    stopped = explained(
        read_policy({"into_free_hours": "stop"}),
        entries=(worked(9, 60),),
        free_from=NIGHT + timedelta(minutes=45),
    )
    assert stopped[0].endswith(
        "24:00 of work after our free support had opened is not charged."
    )
    assert stopped[1].startswith("36:00 work, 30:00 included, 6 started minutes")
    late = explained(
        read_policy({"late_callback": "waive"}),
        callback_reached_at=NIGHT + timedelta(minutes=31),
        entries=(worked(31, 40),),
    )
    assert late[0].startswith(
        "The initial fee is not charged. The callback came after the deadline."
    )


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


def test_a_waived_fee_stands_on_the_invoice_and_on_its_credit_note(
    door, profile, accountant
):
    """The line is there with its reason and costs nothing; every form adds up."""
    document = issued(
        door,
        accountant.pk,
        terms=accepted(read_policy({"late_callback": "waive"})),
        callback_reached_at=NIGHT + timedelta(minutes=31),
        entries=(worked(31, 41, "support"),),
    )
    fee, support = document.lines.all()
    assert (fee.net, support.net) == (Decimal("0.00"), Decimal("36.67"))
    assert fee.details == {"waived": "callback_missed"}
    assert document.number
    with translation.override("en"):
        assert line_explanation(fee, "EUR").startswith("The initial fee is not charged")
    note = credit_invoice(
        document_id=document.pk,
        line_ids=[fee.pk, support.pk],
        why="Kulanz",
        staff_id=accountant.pk,
        now=MONTH_END,
    )
    assert [line.details for line in note.lines.all()] == [fee.details, {}]
    assert note.gross == document.gross
