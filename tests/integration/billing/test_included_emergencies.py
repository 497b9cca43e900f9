"""Emergencies that a contract includes: which one of how many."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from billing.actions.collect import collect
from billing.actions.contract import save_contract
from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve
from billing.models import (
    BillingProfile,
    Document,
    DocumentLine,
    IncludedEmergency,
)
from billing.rules.policy import STANDARD, FeeRule, IncludedPlace
from tests.integration.billing.conftest import make_staff
from tests.integration.billing.contracts import (
    drafted,
    explained,
    nets,
    place,
    triggered,
)
from tests.integration.billing.door import NIGHT, accepted, an_incident, worked
from tests.integration.billing.stories import MORNING, approved, issued

# Included emergencies


def test_a_draft_says_which_one_of_how_many_it_is(door, agree):
    agree(included_emergencies=3, included_period="quarter")
    document = drafted(door)
    assert nets(document) == [
        ("emergency_response_fee", Decimal("0.00")),
        ("support_beyond_included", Decimal("33.33")),
    ]
    assert explained(document) == (
        "Included in the contract: emergency 1 of 3 from 1 Jan 2026 to 31 Mar 2026, "
        "with up to 30 minutes of support. Used: 30:00"
    )


def test_drafts_stand_in_the_order_in_which_they_were_triggered(door, agree):
    agree(included_emergencies=2)
    late = drafted(door, "NF-LATE", **triggered(timedelta(days=1)))
    assert place(late) == 1
    drafted(door, "NF-EARLY")
    collect(now=MORNING)
    third = drafted(door, "NF-THIRD", **triggered(timedelta(days=2)))
    found = Document.objects.order_by("work__triggered_at")
    assert [place(d) for d in found] == [1, 2, None]
    assert nets(third)[0] == ("emergency_response_fee", Decimal("200.00"))


def test_an_approved_one_keeps_its_place_whatever_comes_before_it(
    door, agree, accountant
):
    agree(included_emergencies=1)
    late = approved(door, accountant.pk, "NF-LATE", **triggered(timedelta(days=1)))
    early = drafted(door, "NF-EARLY")
    assert place(early) is None
    issued = issue_document(document_id=late.pk, now=MORNING)
    assert place(issued) == 1
    assert issued.net == Decimal("33.33")


def test_the_next_period_begins_anew(door, agree, accountant):
    agree(included_emergencies=1, included_period="month")
    approved(door, accountant.pk)
    following = drafted(door, "NF-APRIL", **triggered(timedelta(days=40)))
    assert place(following) == 1


def test_a_place_is_free_again_when_the_document_is_a_draft_again(
    door, agree, accountant
):
    agree(included_emergencies=1)
    document = approved(door, accountant.pk)
    assert IncludedEmergency.objects.get().position == 1
    BillingProfile.objects.update(standing="stopped")
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=document.pk, now=MORNING)
    assert refused.value.code == "held"
    assert not IncludedEmergency.objects.exists()


def test_an_invoice_of_nothing_is_issued_and_asks_for_no_payment(
    door, agree, accountant
):
    agree(included_emergencies=1)
    document = approved(door, accountant.pk, entries=())
    issued = issue_document(document_id=document.pk, now=MORNING)
    assert (issued.net, issued.gross) == (0, 0)
    assert issued.number == "RE-2026-00001"


def late(door, reference, policy, **changes):
    """Called back after the deadline, under these accepted readings."""
    reached = NIGHT + timedelta(minutes=45)
    return drafted(
        door,
        reference,
        terms=accepted(policy),
        callback_reached_at=reached,
        callback_outcome="missed",
        callback_attempts=(reached,),
        entries=(worked(45, 40),),
        **changes,
    )


def test_a_fee_that_is_waived_uses_no_place(door, agree, accountant):
    """The emergency after it is the first of the included ones, and stays it."""
    agree(included_emergencies=1)
    first = late(door, "NF-LATE", replace(STANDARD, late_callback=FeeRule.WAIVE))
    assert nets(first)[0] == ("emergency_response_fee", Decimal("0.00"))
    assert place(first) is None
    approve(document_id=first.pk, staff_id=accountant.pk, now=MORNING)
    assert not IncludedEmergency.objects.exists()
    second = approved(door, accountant.pk, "NF-NEXT", **triggered(timedelta(days=1)))
    assert place(second) == 1


def test_what_our_infrastructure_caused_is_included_and_does_not_count(
    door, agree, accountant
):
    agree(included_emergencies=1)
    used = approved(door, accountant.pk)
    ours = approved(
        door,
        accountant.pk,
        "NF-OURS",
        cause="infrastructure",
        **triggered(timedelta(days=1)),
    )
    assert (place(used), place(ours)) == (1, None)
    assert nets(ours) == [("emergency_response_fee", Decimal("0.00"))]
    assert explained(ours) == (
        "Included in the contract. The cause was our infrastructure, so it does not "
        "count among the included emergencies. 10:00 of further work is not charged."
    )
    assert IncludedEmergency.objects.get().incident_reference == "NF-TEST-1"
    assert issue_document(document_id=ours.pk, now=MORNING).gross == 0


def test_a_card_may_count_what_our_infrastructure_caused(door, agree):
    counting = replace(STANDARD, infrastructure_place=IncludedPlace.USE)
    agree(included_emergencies=1)
    ours = drafted(door, cause="infrastructure", terms=accepted(counting))
    assert place(ours) == 1


def test_an_included_emergency_is_counted_also_below_the_least_amount(door, agree):
    """Otherwise it would use no place, and there would be any number of them."""
    agree(included_emergencies=1)
    least = replace(STANDARD, least_amount=Decimal("50.00"))
    document = drafted(door, entries=(), terms=accepted(least))
    assert (place(document), document.gross) == (1, 0)


def test_a_credit_note_for_an_included_fee_gives_its_place_back(
    door, agree, accountant
):
    agree(included_emergencies=1)
    invoice = issued(door, accountant.pk)
    fee, work = invoice.lines.all()
    for line in (work, fee):
        assert IncludedEmergency.objects.exists()
        credit_invoice(
            document_id=invoice.pk,
            line_ids=[line.pk],
            why="Doch ein Fehler von uns.",
            staff_id=accountant.pk,
            now=MORNING,
        )
    assert not IncludedEmergency.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_places_are_given_once_however_many_approve_at_once(door, profile):
    accountant = make_staff("accounting")
    save_contract(
        account_number="K-1",
        valid_from=date(2026, 1, 1),
        own_prices=None,
        callback_within=None,
        included_emergencies=3,
        included_period="year",
        may_order=[],
        why="Rahmenvertrag",
        staff_id=accountant.pk,
        now=NIGHT,
    )
    door.add(*[an_incident(f"NF-{n}") for n in range(8)])
    collect(now=MORNING)
    problems: list[Exception] = []

    def work(pk: int) -> None:
        try:
            approve(document_id=pk, staff_id=accountant.pk, now=MORNING)
        except Exception as error:  # noqa: BLE001 - told to the test
            problems.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(pk,))
        for pk in Document.objects.values_list("pk", flat=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not problems
    assert Document.objects.filter(status="approved").count() == 8
    lines = list(DocumentLine.objects.filter(code="emergency_response_fee"))
    given = Counter(line.place for line in lines)
    assert given == {1: 1, 2: 1, 3: 1, None: 5}
    assert {line.net for line in lines if line.place is None} == {Decimal("200.00")}
    assert sorted(IncludedEmergency.objects.values_list("position", flat=True)) == [
        *(1, 2, 3)
    ]
