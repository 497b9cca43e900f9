"""The order record, and documents that open to whoever has the tracking page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.models import Document, DocumentFile
from emergency import billable
from emergency.models import Incident, Report, RevokedLink
from emergency.models.report import hash_token
from emergency.queries.order_record import OrderRecord
from tests import people
from tests.people import NIGHT

TOKEN = "a-secret-of-this-test"


def printed(record: OrderRecord) -> bytes:
    """Stands in for the printer: the words alone."""
    rows = [f"{k}: {v}" for part in record.sections for k, v in part.rows]
    texts = [text for part in record.sections for text in part.texts]
    return "\n".join([record.title, *rows, *texts]).encode()


def torn(record: OrderRecord) -> bytes:
    raise RuntimeError("no paper")


@pytest.fixture
def incident(settings) -> Incident:
    settings.ORDER_RECORD = "tests.integration.public.test_evidence.printed"
    made = people.report(now=NIGHT)
    made.reports.update(token_hash=hash_token(TOKEN))
    return made


@pytest.fixture
def invoice(incident: Incident) -> str:
    document = Document.objects.create(
        incident_reference=incident.reference, created_at=NIGHT, computed_at=NIGHT
    )
    DocumentFile.objects.create(document=document, content=b"%PDF-x", created_at=NIGHT)
    day = NIGHT.date()
    Document.objects.filter(pk=document.pk).update(
        status=Document.Status.ISSUED,
        approved_at=NIGHT,
        approved_by=people.accountant(),
        number="2026-7",
        issued_at=NIGHT,
        issue_date=day,
        supply_from=day,
        supply_to=day,
    )
    billable.record_document(
        reference=incident.reference,
        kind="invoice",
        number="2026-7",
        gross=people.terms().initial_fee_gross,
        issued_at=NIGHT,
        url_name="billing:document_pdf",
        public_url_name="billing:customer_pdf",
    )
    return "2026-7"


def test_the_record_holds_texts_amounts_times_and_the_promise(customer, incident):
    answer = customer.get(f"/t/{TOKEN}/order-record.pdf")
    text = answer.content.decode()
    report = incident.reports.get()
    assert answer["Content-Type"] == "application/pdf"
    for proof in (
        "Bestellnachweis",
        report.order_key,
        "2026-03-10 01:11:00 UTC",
        "2026-03-10 01:41:00 UTC",
        "Zahlungspflichtig bestellen",
        "200 EUR plus VAT.",
        "240,00\xa0EUR",
        "test-1",
    ):
        assert proof in text
    assert report.problem_description not in text


def test_the_desk_reads_the_same_record(incident):
    address = reverse("emergency:incident_order_record", args=[incident.reference])
    page = people.signed_in(people.duty_manager()).get(address)
    assert incident.reports.get().order_key in page.content.decode()
    assert people.stranger().get(address).status_code == 302


def test_without_a_printer_the_facts_stand_on_a_page(customer, incident, settings):
    settings.ORDER_RECORD = "tests.integration.public.test_evidence.torn"
    answer = customer.get(f"/t/{TOKEN}/order-record.pdf")
    assert answer.status_code == 503
    assert incident.reports.get().order_key in answer.content.decode()


def test_the_invoice_opens_by_the_secret_of_the_page_alone(customer, incident, invoice):
    page = customer.get(f"/t/{TOKEN}/").content.decode()
    address = reverse("billing:customer_pdf", args=[TOKEN, invoice])
    assert f'href="{address}"' in page
    answer = people.stranger().get(address)
    assert answer.content == b"%PDF-x"
    assert "no-store" in answer["Cache-Control"]


def test_no_other_secret_opens_it_and_the_secret_opens_no_other_document(
    incident, invoice
):
    def opens(token: str, number: str = invoice) -> bool:
        address = reverse("billing:customer_pdf", args=[token, number])
        return people.stranger().get(address).status_code == 200

    other = people.report(server="mail.example", now=NIGHT + timedelta(minutes=1))
    other.reports.update(token_hash=hash_token("other"))
    assert not opens("other")
    assert not opens("nobodys")
    assert not opens(TOKEN, "2026-8")
    Report.objects.filter(incident=incident).update(joined=True)
    assert not opens(TOKEN)
    Report.objects.filter(incident=incident).update(joined=False)
    assert opens(TOKEN)
    RevokedLink.objects.create(
        report=incident.reports.get(), at=NIGHT, staff=people.duty_manager()
    )
    assert not opens(TOKEN)
