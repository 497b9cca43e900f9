"""What a line, or the lack of one, says to the customer under every policy."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from billing.actions.collect import collect
from billing.actions.credit import credit_invoice
from billing.line_words import line_explanation
from billing.models import Document
from billing.rules.policy import STANDARD, Increment, RatingPolicy
from billing.rules.readings import read_policy
from billing.terms import price_explanation
from tests.integration.billing.door import NIGHT, accepted, an_incident, worked
from tests.integration.billing.stories import issued
from tests.integration.billing.test_pages import signed_in, text, url

MONTH_END = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


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
        "Nobody found the cause: 20:00 of analysis is not charged. "
        "Per emergency, with up to 30 minutes of support. Used: 20:30"
    ]
    stopped = explained(
        read_policy({"into_free_hours": "stop"}),
        entries=(worked(9, 60),),
        free_from=NIGHT + timedelta(minutes=45),
    )
    assert stopped[0].startswith(
        "24:00 of work after our free support had opened is not charged. Per emergency"
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


@pytest.mark.parametrize(
    ("policy", "entry", "said"),
    [
        (
            {},
            worked(9, 31),
            "The time beyond what is included is rounded up once to 1 started minute."
            " 1 × 200.00 / 60 = 3.3333…, to the cent 3.33 EUR.",
        ),
        (
            {"increment": "quarter"},
            worked(9, 40),
            "is rounded up once to started quarters of an hour: 15 minutes."
            " 15 × 200.00 / 60 = 50.00, to the cent 50.00 EUR.",
        ),
        (
            {"increment": "hour"},
            worked(9, 95),
            "is rounded up once to started hours: 120 minutes.",
        ),
        (
            {"minimum_minutes": "30"},
            worked(9, 31),
            "is charged with the least of 30 minutes.",
        ),
        (
            {},
            worked(9, 20, "application_analysis"),
            "The whole time is rounded up once to 20 started minutes.",
        ),
        (
            {"included_cover": "any"},
            worked(9, 50, "application_analysis"),
            "The time beyond what is included is rounded up once to 20 started minutes",
        ),
    ],
)
def test_the_page_says_by_which_increment_it_was_rounded(
    door, profile, accountant, policy, entry, said
):
    terms = accepted(read_policy(policy))
    door.add(an_incident(terms=terms, entries=(entry,), cause="application"))
    collect(now=MONTH_END)
    shown = signed_in(accountant).get(url("document", Document.objects.get().pk))
    assert said in text(shown).replace("\N{NO-BREAK SPACE}", " ")
