"""What does not fit into one collective invoice waits for the next one."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.actions.approval import take_back_approval
from billing.actions.collect import collect
from billing.actions.issue import issue_document
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve
from billing.models import BillingProfile, Document, VatRate
from tests.integration.billing.door import an_incident, worked
from tests.integration.billing.stories import APRIL, MARCH, all_approved, later


@pytest.fixture
def collective(profile):
    BillingProfile.objects.update(collective=True)
    return profile


def collectives():
    return Document.objects.filter(gathers_month=MARCH).order_by("pk")


def test_emergencies_before_and_after_a_new_tax_rate_are_two_documents(
    door, collective, accountant
):
    VatRate.objects.create(valid_from=date(2026, 3, 10), rate=Decimal("21.00"))
    works = [an_incident("NF-TEST-1"), later(an_incident("NF-TEST-2"), 10)]
    all_approved(door, works, accountant.pk)
    collect(now=APRIL)
    first = collectives().get()
    assert first.references == ["NF-TEST-1"]
    collect(now=APRIL)
    assert collectives().count() == 1, "the second waits until the first is approved"
    approve(document_id=first.pk, staff_id=accountant.pk, now=APRIL)
    collect(now=APRIL)
    second = collectives().last()
    assert second.references == ["NF-TEST-2"]
    approve(document_id=second.pk, staff_id=accountant.pk, now=APRIL)
    for document in (first, second):
        issue_document(document_id=document.pk, now=APRIL)
    rates = [document.taxes.get().rate for document in collectives()]
    assert rates == [Decimal("20.00"), Decimal("21.00")]


def test_each_month_and_each_account_has_its_own(door, collective, accountant):
    BillingProfile.objects.create(
        account_number="K-2",
        **{
            name: getattr(collective, name)
            for name in (
                *("kind", "legal_name", "address", "postcode", "city", "country"),
                *("vat_id", "vat_id_valid", "vat_id_checked_at", "collective"),
            )
        },
    )
    BillingProfile.objects.update(collective=True)
    works = [
        an_incident("NF-TEST-1"),
        later(an_incident("NF-TEST-2"), 31),
        an_incident("NF-TEST-3", account_number="K-2"),
    ]
    may = APRIL + timedelta(days=31)
    all_approved(door, works, accountant.pk, now=may)
    collect(now=may)
    found = Document.objects.filter(gathers_month__isnull=False)
    assert {(d.account_number, d.gathers_month, *d.references) for d in found} == {
        ("K-1", MARCH, "NF-TEST-1"),
        ("K-1", date(2026, 4, 1), "NF-TEST-2"),
        ("K-2", MARCH, "NF-TEST-3"),
    }


def test_what_comes_back_from_issuing_joins_the_draft_that_was_made_meanwhile(
    door, collective, accountant
):
    works = [an_incident("NF-TEST-1"), later(an_incident("NF-TEST-2"), 3)]
    all_approved(door, works, accountant.pk)
    collect(now=APRIL)
    first = collectives().get()
    approve(document_id=first.pk, staff_id=accountant.pk, now=APRIL)
    door.add(later(an_incident("NF-TEST-3"), 6))
    collect(now=APRIL)
    third = Document.objects.get(incident_reference="NF-TEST-3")
    approve(document_id=third.pk, staff_id=accountant.pk, now=APRIL)
    collect(now=APRIL)
    assert collectives().count() == 2
    door.known["NF-TEST-1"] = replace(door.known["NF-TEST-1"], objections=("time",))
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=first.pk, now=APRIL)
    assert refused.value.code == "held"
    draft = collectives().get()
    assert draft.pk != first.pk
    assert draft.references == ["NF-TEST-2", "NF-TEST-3"]
    assert Document.objects.get(incident_reference="NF-TEST-1").status == "draft"


def test_one_whose_lines_are_no_longer_those_approved_leaves_the_document(
    door, collective, accountant
):
    works = [an_incident("NF-TEST-1"), later(an_incident("NF-TEST-2"), 3)]
    all_approved(door, works, accountant.pk)
    collect(now=APRIL)
    month = collectives().get()
    approve(document_id=month.pk, staff_id=accountant.pk, now=APRIL)
    first = Document.objects.get(incident_reference="NF-TEST-1")
    first.lines.filter(minutes=10).update(minutes=9, net=Decimal("30.00"))
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=month.pk, now=APRIL)
    assert refused.value.code == "lines_changed"
    first.refresh_from_db()
    assert (first.status, first.gathered_into) == ("draft", None)
    assert collectives().get().references == ["NF-TEST-2"]


def test_an_approval_that_is_taken_back_leaves_the_invoice_of_the_month(
    door, collective, accountant
):
    works = [an_incident("NF-TEST-1"), later(an_incident("NF-TEST-2"), 3)]
    all_approved(door, works, accountant.pk)
    collect(now=APRIL)
    month = collectives().get()
    approve(document_id=month.pk, staff_id=accountant.pk, now=APRIL)
    for reference, left in (("NF-TEST-1", [["NF-TEST-2"]]), ("NF-TEST-2", [])):
        document = Document.objects.get(incident_reference=reference)
        take_back_approval(
            document_id=document.pk, why="Wrong.", staff_id=accountant.pk, now=APRIL
        )
        document.refresh_from_db()
        assert (document.status, document.gathered_into) == ("draft", None)
        assert [one.references for one in collectives()] == left
        assert {one.status for one in collectives()} <= {"draft"}


def test_when_every_emergency_needs_a_person_nothing_is_left_of_the_document(
    door, collective, accountant
):
    large = an_incident("NF-TEST-1", entries=(worked(9, 90),))
    all_approved(door, [large], accountant.pk)
    collect(now=APRIL)
    document = collectives().get()
    approve(document_id=document.pk, staff_id=accountant.pk, now=APRIL)
    BillingProfile.objects.update(postcode="")
    with pytest.raises(BillingRefusal):
        issue_document(document_id=document.pk, now=APRIL)
    assert not collectives().exists()
    alone = Document.objects.get()
    assert (alone.status, alone.gathered_into) == ("draft", None)
    assert alone.holds.get().detail == "postcode"
