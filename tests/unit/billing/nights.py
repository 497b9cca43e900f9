"""Nights of every kind for Hypothesis, and the same nights as rating reads them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from billing.rules.rating import Rating, rate
from billing.rules.readings import CHOICES, read_policy
from billing.rules.tax import Recipient
from billing.rules.work import (
    Cause,
    Disposition,
    Emergency,
    Entry,
    Kind,
    Maintenance,
    Terms,
)
from tests.unit.billing.night_shift import START
from tests.unit.billing.oracle import Night, Piece

CONSUMER = Recipient(country="AT", business=False, vat_id=None, vat_id_valid=False)
TWENTY = Decimal("20.00")
KINDS = ("support", "application_analysis")
NO_DRILL = ("not_an_emergency", "duplicate", "withdrawn", "prank")


def policy_values(**choices):
    """The standard policy in the words of a card, with some readings changed."""
    return read_policy(choices).to_values()


policies = st.fixed_dictionaries(
    {name: st.sampled_from([c.value for c in kind]) for name, kind in CHOICES.items()}
    | {
        "minimum_minutes": st.sampled_from([0, 0, 1, 10, 15, 45]),
        "least_amount": st.sampled_from(["0.00", "0.00", "50.00", "210.00"]),
    }
).map(lambda values: policy_values(**values))

# A technician (by number), a pause before, a length, a kind, and whether it is billed.
works = st.tuples(
    st.integers(0, 2),
    st.integers(0, 1200),
    st.one_of(st.integers(0, 7200), st.sampled_from([0, 1, 59, 60, 61, 900, 1800])),
    st.sampled_from(KINDS),
    st.sampled_from([True, True, True, False]),
)
cents = st.one_of(st.integers(1, 99_999), st.sampled_from([5000, 20_000, 21_000]))


def laid_out(work) -> tuple[Piece, ...]:
    """Each technician's work one piece after the other, technicians side by side."""
    clock = {0: 60, 1: 60, 2: 60}
    pieces = []
    for who, pause, length, kind, billable in work:
        start = clock[who] + pause
        clock[who] = start + length
        pieces.append(Piece(f"T{who}", kind, start, start + length, billable))
    return tuple(pieces)


pieces = st.lists(works, max_size=6).map(laid_out)
# Often on a limit, or beside it: there the rules differ.
EDGES = [0, 119, 120, 121, 600, 1799, 1800, 1801]
seconds = st.one_of(st.sampled_from(EDGES), st.integers(0, 4000))
maybe_second = st.one_of(st.none(), seconds)
nights = st.builds(
    Night,
    pieces=pieces,
    cause=st.sampled_from([cause.value for cause in Cause]),
    reached=maybe_second,
    attempts=st.lists(seconds, max_size=4).map(tuple),
    cancelled=st.one_of(st.none(), seconds),
    taken=maybe_second,
    disposition=st.one_of(
        st.none(), st.none(), st.sampled_from([d.value for d in Disposition])
    ),
    maintenance=st.sampled_from(["none", "none", "matching", "overrun"]),
    free_from=st.one_of(st.none(), st.integers(0, 12_000)),
    fee=cents,
    included=st.sampled_from([0, 1, 15, 30, 60]),
    support=cents,
    analysis=cents,
    policy=policies,
)
# Called back in time and nothing unusual: every line is on the document.
plain_nights = nights.map(
    lambda night: replace(
        night,
        reached=600,
        cancelled=None,
        disposition=None,
        maintenance="none",
        policy={**night.policy, "infrastructure": "fee", "least_amount": "0.00"},
    )
)


def euro(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)


def emergency(night: Night) -> Emergency:
    """The night as the product's rating takes it."""

    def at(second):
        return None if second is None else START + timedelta(seconds=second)

    return Emergency(
        cause=Cause(night.cause),
        triggered_at=START,
        callback_reached_at=at(night.reached),
        callback_attempts=tuple(at(second) for second in night.attempts),
        cancelled_at=at(night.cancelled),
        taken_over_at=at(night.taken),
        disposition=Disposition(night.disposition) if night.disposition else None,
        maintenance=Maintenance(night.maintenance),
        free_from=at(night.free_from),
        policy=read_policy(night.policy),
        entries=tuple(
            Entry(
                technician=piece.who,
                kind=Kind(piece.kind),
                started_at=at(piece.start),
                ended_at=at(piece.end),
                billable=piece.billable,
            )
            for piece in night.pieces
        ),
        terms=Terms(
            initial_fee=euro(night.fee),
            included_minutes=night.included,
            support_hourly=euro(night.support),
            application_analysis_hourly=euro(night.analysis),
            callback_within=timedelta(seconds=night.deadline),
        ),
    )


def rated(night: Night, rate_in_percent: Decimal = TWENTY) -> Rating:
    return rate(emergency(night), CONSUMER, issuer_rate=rate_in_percent)
