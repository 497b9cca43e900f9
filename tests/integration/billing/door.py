"""An in-memory stand-in for the door to emergency, with cases that are easy to change.

The real door is driven in `test_real_incidents.py`; here each test says its own facts.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.rules.policy import STANDARD, RatingPolicy
from emergency.billable import BillableEntry, BillableWork, UnknownReference
from emergency.terms import FeeTerms

NIGHT = datetime(2026, 3, 3, 21, 40, tzinfo=UTC)

TERMS = FeeTerms(
    version="card-1/vat-20.00/wording-1",
    language="de",
    currency="EUR",
    initial_fee_net=Decimal("200.00"),
    initial_fee_gross=Decimal("240.00"),
    included_minutes=30,
    support_hourly_net=Decimal("200.00"),
    support_hourly_gross=Decimal("240.00"),
    application_analysis_hourly_net=Decimal("200.00"),
    application_analysis_hourly_gross=Decimal("240.00"),
    vat_rate=Decimal("20.00"),
    callback_within=timedelta(minutes=30),
    covered=(),
    not_covered=(),
    price_sentence="",
)


def accepted(policy: RatingPolicy = STANDARD) -> FeeTerms:
    """Terms with this policy as an order keeps them: through JSON."""
    terms = replace(
        TERMS,
        rating_policy=policy.to_values(),
        increment_minutes=policy.increment.minutes,
    )
    return FeeTerms.from_json(terms.to_json())


def worked(
    start: float, minutes: float, kind: str = "support", **more: Any
) -> BillableEntry:
    """Work that began so many minutes after the order."""
    begun = NIGHT + timedelta(minutes=start)
    facts: dict[str, Any] = {
        "entry_id": int(start * 10) + 1,
        "technician": "Ada Lang",
        "kind": kind,
        "started_at": begun,
        "ended_at": begun + timedelta(minutes=minutes),
        "billable": True,
        "waiver_reason": "",
    }
    return BillableEntry(**{**facts, **more})


def an_incident(reference: str = "NF-TEST-1", **changes: Any) -> BillableWork:
    """Forty minutes of support, called back in time, an Austrian business."""
    facts: dict[str, Any] = {
        "reference": reference,
        "account_number": "K-1",
        "account_name": "Bäckerei Sonne GmbH",
        "account_kind": "business",
        "account_language": "de",
        "caller_confirmed": True,
        "server_names": ("web-1.sonne.example",),
        "triggered_at": NIGHT,
        "callback_deadline_at": NIGHT + timedelta(minutes=30),
        "callback_reached_at": NIGHT + timedelta(minutes=9),
        "callback_outcome": "met",
        "callback_attempts": (NIGHT + timedelta(minutes=9),),
        "merged_reports": 1,
        "cause": "other",
        "cancelled_at": None,
        "cancelled_free": None,
        "withdrawn_at": None,
        "objections": (),
        "analysis_agreed": True,
        "acknowledged_at": NIGHT + timedelta(minutes=2),
        "closed_at": NIGHT + timedelta(minutes=70),
        "entries": (worked(9, 40),),
        "terms": TERMS,
        "terms_fresh": True,
        "frozen_at": None,
    }
    return BillableWork(**{**facts, **changes})


class Door:
    """Answers like `emergency.billable` and remembers what it was told."""

    def __init__(self) -> None:
        self.known: dict[str, BillableWork] = {}
        self.told: list[dict[str, Any]] = []
        self.seen: set[tuple[str, str]] = set()
        self.settled: dict[str, datetime] = {}

    def add(self, *works: BillableWork) -> None:
        for work in works:
            self.known[work.reference] = work

    def change(self, reference: str, **changes: Any) -> None:
        if self.known[reference].frozen_at is None:
            self.known[reference] = replace(self.known[reference], **changes)

    def open_work(self) -> Iterator[str]:
        ended = {t["reference"] for t in self.told if t["kind"] in ("invoice", "none")}
        return iter([r for r in self.known if r not in ended])

    def objected(self) -> Iterator[str]:
        done = {t["reference"] for t in self.told if t["kind"] in ("invoice", "none")}
        return iter(
            [
                name
                for name, work in self.known.items()
                if name in done
                and any((name, one) not in self.seen for one in work.objections)
            ]
        )

    def objections_seen(
        self, *, reference: str, about: Sequence[str], now: datetime
    ) -> None:
        self.seen |= {(reference, one) for one in about}

    def closed_between(self, start: datetime, end: datetime) -> Iterator[BillableWork]:
        works = sorted(self.known.values(), key=lambda work: work.closed_at)
        return iter([work for work in works if start <= work.closed_at < end])

    def work(self, reference: str) -> BillableWork:
        if reference not in self.known:
            raise UnknownReference(reference)
        return self.known[reference]

    def works(self, references: Collection[str]) -> dict[str, BillableWork]:
        return {name: self.work(name) for name in references if name in self.known}

    def freeze(self, *, reference: str, now: datetime) -> BillableWork:
        work = self.work(reference)
        if work.frozen_at is None:
            self.known[reference] = work = replace(work, frozen_at=now)
        return work

    def thaw(self, *, reference: str, now: datetime) -> None:
        self.known[reference] = replace(self.work(reference), frozen_at=None)

    def record_document(self, **fact: Any) -> None:
        if fact not in self.told:
            self.told.append(fact)

    def record_settled(self, *, reference: str, settled_at: datetime) -> None:
        self.work(reference)
        self.settled.setdefault(reference, settled_at)

    def record_settlement_undone(self, *, reference: str, now: datetime) -> None:
        self.work(reference)
        self.settled.pop(reference, None)
