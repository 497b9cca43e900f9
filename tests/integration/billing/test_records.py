"""The order record and the callback record: beside the invoice and with its e-mail."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from billing.actions.collect import collect
from billing.actions.issue import issue_document
from billing.actions.review import approve
from billing.actions.transmit import send_due
from billing.models import BillingProfile, Document
from emergency import billable
from emergency.actions.callback import record_attempt
from emergency.models import Incident
from emergency.queries.callback_document import callback_document
from tests import people
from tests.integration.billing.test_real_incidents import live_through
from tests.people import NIGHT

pytestmark = pytest.mark.paper

LATER = NIGHT + timedelta(hours=8)


@pytest.fixture
def invoice(issuer, accountant):
    """Reached at the second attempt, forty minutes of support, issued."""
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
        language="en",
        invoice_email="office@muster.example",
        enclosed_records=["order_record", "callback_record"],
    )
    incident = people.report()
    record_attempt(
        incident_id=incident.pk,
        staff=anna.staff,
        outcome="busy",
        now=NIGHT + timedelta(minutes=4),
    )
    live_through(incident, anna)
    collect(now=LATER)
    document = Document.objects.get()
    approve(document_id=document.pk, staff_id=accountant.pk, now=LATER)
    return issue_document(document_id=document.pk, now=LATER)


def text_of(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_both_records_go_with_the_mail_in_the_language_of_the_document(invoice):
    assert send_due(now=LATER) == 1
    attached = {name: content for name, content, _ in mail.outbox[-1].attachments}
    reference = invoice.incident_reference
    assert list(attached) == [
        f"{invoice.number}.pdf",
        f"{reference}-order-record.pdf",
        f"{reference}-callback-record.pdf",
    ]
    order = text_of(attached[f"{reference}-order-record.pdf"])
    assert "Order record" in order
    callback = text_of(attached[f"{reference}-callback-record.pdf"])
    for said in ("Attempt 1", "Busy", "Attempt 2", "Customer reached", "9 minutes"):
        assert said in callback, said


def test_only_what_the_account_wants_is_attached(invoice, accountant):
    wanted = Document.objects.get(pk=invoice.pk).recipient["enclosed_records"]
    assert wanted == ["order_record", "callback_record"]
    BillingProfile.objects.update(enclosed_records=[])
    assert send_due(now=LATER) == 1
    # What was decided when it was issued stands; the next invoice follows the change.
    assert len(mail.outbox[-1].attachments) == 3


def test_the_callback_record_says_how_each_attempt_is_proven(invoice):
    with override("en"):
        record = billable.callback_document(
            reference=invoice.incident_reference, language="en", now=LATER
        )
    incident = Incident.objects.get(reference=invoice.incident_reference)
    entries = incident.timeline.filter(code="callback_attempt").order_by("at")
    attempts = [s for s in record.sections if s.title.startswith("Attempt")]
    assert len(attempts) == len(entries) == 2
    for attempt, entry in zip(attempts, entries, strict=True):
        facts = dict(attempt.rows)
        assert facts["At"] == f"{entry.at:%Y-%m-%d %H:%M:%S} UTC"
        assert facts["Proof"].endswith(f"timeline entry {entry.pk}")
    *_, (_, kept) = record.sections[-1].rows
    assert kept == "Called back in time"


def test_an_attempt_without_its_timeline_entry_claims_no_more_than_it_can(invoice):
    incident = Incident.objects.get(reference=invoice.incident_reference)
    attempt = incident.callback_attempts.earliest("at")
    attempt.at += timedelta(seconds=1)
    attempt.save()
    with override("en"):
        record = callback_document(incident, language="en", made_at="now")
    proof = dict(record.sections[1].rows)["Proof"]
    assert "timeline" not in proof


def test_a_record_that_is_gone_keeps_no_invoice_from_being_sent(invoice, monkeypatch):
    def gone(**_):
        raise billable.UnknownReference

    monkeypatch.setattr(billable, "callback_document", gone)
    assert send_due(now=LATER) == 1
    names = [name for name, _, _ in mail.outbox[-1].attachments]
    assert names == [
        f"{invoice.number}.pdf",
        f"{invoice.incident_reference}-order-record.pdf",
    ]


def test_both_are_downloaded_beside_the_document_by_whoever_may_read_it(
    client, invoice, accountant
):
    client.force_login(accountant)
    page = client.get(reverse("billing:document", args=[invoice.pk])).content.decode()
    for kind in ("order_record", "callback_record"):
        where = reverse(
            "billing:record", args=[invoice.pk, invoice.incident_reference, kind]
        )
        assert where in page
        answer = client.get(where)
        assert answer.content.startswith(b"%PDF-1.7")
        assert "no-store" in answer.headers["Cache-Control"]
    for reference, kind in (
        (invoice.incident_reference, "diary"),
        ("NF-2222-2222", "order_record"),
    ):
        where = reverse("billing:record", args=[invoice.pk, reference, kind])
        assert client.get(where).status_code == 404
    client.logout()
    assert client.get(where).status_code == 302
