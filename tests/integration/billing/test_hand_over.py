"""The operator's own billing system issues: what is handed over to it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.actions.collect import collect
from billing.actions.credit import credit_invoice
from billing.actions.finish import finish
from billing.actions.hand_over import (
    hand_over,
    hand_over_requested,
)
from billing.actions.issue import issue_document, issue_requested
from billing.actions.refusal import BillingRefusal
from billing.actions.review import request_issue
from billing.models import (
    BillingProfile,
    Document,
    HandOver,
    Transmission,
)
from billing.tasks import transmit_due
from emergency import billable
from tests.integration.billing.billing_system import body_of
from tests.integration.billing.door import worked
from tests.integration.billing.stories import MORNING, approved, issued

# What is handed over


def test_nothing_is_issued_where_documents_are_handed_over(
    mode, door, profile, accountant
):
    document = approved(door, accountant.pk)
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=document.pk, now=MORNING)
    assert refused.value.code == "mode_hand_over"
    request_issue(document_id=document.pk, staff_id=accountant.pk, now=MORNING)
    assert issue_requested(now=MORNING) == 0
    document.refresh_from_db()
    assert (document.status, document.issue_problem) == ("approved", "")
    transmit_due()
    document.refresh_from_db()
    assert (document.status, document.number) == ("handed_over", None)
    assert not Transmission.objects.exists()
    assert door.told == [], "there is no document to tell of yet"


def test_nothing_is_handed_over_where_documents_are_issued(door, profile, accountant):
    document = approved(door, accountant.pk)
    with pytest.raises(BillingRefusal) as refused:
        hand_over(document_id=document.pk, now=MORNING)
    assert refused.value.code == "mode_issue"
    assert finish(document_id=document.pk, now=MORNING).number == "RE-2026-00001"


def test_the_other_system_gets_all_it_needs_for_its_invoice(handed):
    said = body_of(handed)
    assert said["account_number"] == "K-1"
    assert said["external_account_number"] == "D-77"
    assert said["reference"] == "NF-TEST-1"
    assert (said["tax_category"], said["tax_rate"], said["tax_code"]) == (
        *("S", "20.00", "U20"),
    )
    assert (said["net"], said["vat"], said["gross"]) == ("233.33", "46.67", "280.00")
    fee, support = said["lines"]
    assert (fee["quantity"], fee["unit"], fee["price"]) == (1, "piece", "200.00")
    assert (support["quantity"], support["unit"]) == (10, "minute")
    assert (support["price"], support["per"], support["net"]) == ("200.00", 60, "33.33")
    assert "30:00 enthalten" in support["explanation"]
    assert said["supply_from"] == "2026-03-03"
    assert said["key"] == HandOver.objects.get().key


def test_quantity_times_price_is_the_net_amount_of_every_line(
    mode, door, profile, accountant
):
    entries = (worked(9, 47), worked(60, 33, "application_analysis"))
    document = approved(door, accountant.pk, entries=entries, cause="application")
    hand_over(document_id=document.pk, now=MORNING)
    lines = body_of(document)["lines"]
    assert len(lines) == 3
    for line in lines:
        exact = Decimal(line["quantity"]) * Decimal(line["price"]) / line["per"]
        assert abs(exact - Decimal(line["net"])) <= Decimal("0.005")


def test_a_reverse_charge_is_said_with_its_sentence(mode, door, profile, accountant):
    BillingProfile.objects.update(country="DE", vat_id="DE136695976", language="en")
    document = approved(door, accountant.pk)
    hand_over(document_id=document.pk, now=MORNING)
    said = body_of(document)
    assert (said["tax_code"], said["vat"], said["vat_id"]) == (
        *("RC", "0.00", "DE136695976"),
    )
    assert "reverse charge" in said["required_text"]
    assert said["lines"][0]["text"] == "Initial emergency response fee"


def test_handing_over_twice_is_once(handed):
    hand_over(document_id=handed.pk, now=MORNING + timedelta(hours=1))
    assert HandOver.objects.count() == 1


def test_a_new_doubt_brings_the_document_back(mode, door, profile, accountant):
    document = approved(door, accountant.pk)
    BillingProfile.objects.update(country="")
    with pytest.raises(BillingRefusal):
        hand_over(document_id=document.pk, now=MORNING)
    document.refresh_from_db()
    assert document.status == "draft"
    assert not HandOver.objects.exists()


def test_one_that_fails_stops_no_other_and_says_so(
    mode, door, profile, accountant, monkeypatch
):
    broken = approved(door, accountant.pk, "NF-BROKEN")
    good = approved(door, accountant.pk, "NF-GOOD")
    for document in (broken, good):
        request_issue(document_id=document.pk, staff_id=accountant.pk, now=MORNING)

    real = billable.freeze

    def freeze(*, reference, now):
        if reference == "NF-BROKEN":
            raise RuntimeError("no such row")
        return real(reference=reference, now=now)

    monkeypatch.setattr(billable, "freeze", freeze)
    assert hand_over_requested(now=MORNING) == 1
    broken.refresh_from_db()
    good.refresh_from_db()
    assert (broken.status, broken.issue_problem) == ("approved", "hand_over_failed")
    assert good.status == "handed_over"


def test_what_was_handed_over_is_frozen_in_the_database(handed):
    line = handed.lines.first()
    hand_overs = HandOver.objects.filter(document=handed)
    changes = [
        lambda: Document.objects.filter(pk=handed.pk).update(net=1, gross=1),
        lambda: Document.objects.filter(pk=handed.pk).update(status="draft"),
        lambda: Document.objects.filter(pk=handed.pk).update(status="approved"),
        lambda: type(line).objects.filter(pk=line.pk).update(net=1),
        line.delete,
        lambda: hand_overs.update(body=b"{}"),
        lambda: hand_overs.update(key="another"),
        hand_overs.delete,
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_draft_of_before_is_not_made_again(handed, door):
    collect(now=MORNING + timedelta(days=1))
    assert Document.objects.count() == 1


def test_a_credit_note_for_an_old_invoice_counts_backwards(
    settings, door, profile, accountant, mode
):
    mode.BILLING_MODE = "issue"
    invoice = issued(door, accountant.pk)
    mode.BILLING_MODE = "hand_over"
    note = credit_invoice(
        document_id=invoice.pk,
        line_ids=[line.pk for line in invoice.lines.all()],
        why="Kulanz",
        staff_id=accountant.pk,
        now=timezone.now(),
    )
    transmit_due()
    note.refresh_from_db()
    assert note.status == "handed_over"
    said = body_of(note)
    assert said["refers_to"] == "RE-2026-00001"
    assert [line["quantity"] for line in said["lines"]] == [-1, -10]
    assert [line["net"] for line in said["lines"]] == ["-200.00", "-33.33"]
    sums = [said[name] for name in ("net", "vat", "gross")]
    assert sums == ["-233.33", "-46.67", "-280.00"]


# The order record


def test_the_link_opens_the_order_record_and_nothing_else(handed, monkeypatch, client):
    asked = []

    def record(**values):
        asked.append(values)
        if values["reference"] != "NF-TEST-1":
            raise billable.UnknownReference(values["reference"])
        return "the record"

    monkeypatch.setattr(billable, "order_record", record)
    monkeypatch.setattr(
        "billing.views.hand_over.order_record_pdf", lambda record: b"%PDF of it"
    )
    link = body_of(handed)["order_record"]["url"]
    path = link.removeprefix("http://127.0.0.1:8000")
    assert path.startswith("/billing/hand-over/record/")
    response = client.get(path)
    assert response.content == b"%PDF of it"
    assert (asked[0]["reference"], asked[0]["language"]) == ("NF-TEST-1", "de")
    assert "no-store" in response["Cache-Control"]
    tampered = path[:-3] + ("AA/" if not path.endswith("AA/") else "BB/")
    assert client.get(tampered).status_code == 404


def test_the_record_may_go_along_as_bytes(mode, door, profile, accountant, monkeypatch):
    mode.HAND_OVER = {**mode.HAND_OVER, "ORDER_RECORD": "bytes"}
    monkeypatch.setattr(billable, "order_record", lambda **values: "the record")
    monkeypatch.setattr(
        "billing.actions.hand_over.order_record_pdf", lambda record: b"%PDF of it"
    )
    document = approved(door, accountant.pk)
    hand_over(document_id=document.pk, now=MORNING)
    assert body_of(document)["order_record"] == {"content_base64": "JVBERiBvZiBpdA=="}
