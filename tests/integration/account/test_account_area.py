"""What a customer sees is their account's, and nobody else's."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import URLPattern, reverse

from emergency import account_urls, billable
from emergency.actions.caller import confirm_caller
from emergency.actions.contacts import retire_contact
from emergency.models import Incident
from emergency.queries.order_record import OrderRecord
from tests import people
from tests.integration.account.conftest import Clock, links_sent, signed_in
from tests.people import NIGHT

PUBLIC = {"sign_in", "sign_in_pin", "sign_in_sent", "sign_in_link", "sign_out"}
INVOICE = "RE-2026-00001"


@pytest.fixture
def pat(theirs, mailoutbox, clock: Clock):
    return signed_in(links_sent(mailoutbox, to="pat@example.com", clock=clock)[0])


@pytest.fixture
def anna():
    anna = people.technician()
    people.on_call(anna)
    return anna


@pytest.fixture
def case(theirs, anna) -> Incident:
    """A closed incident of the account, confirmed and invoiced."""
    made = people.report(server="web01.example")
    confirm_caller(
        incident_id=made.pk, account_number="10042", staff=anna.staff, now=NIGHT
    )
    Incident.objects.filter(pk=made.pk).update(
        status="closed", cause="other", closed_at=NIGHT + timedelta(hours=1)
    )
    billable.record_document(
        reference=made.reference,
        kind="invoice",
        number=INVOICE,
        gross=Decimal("240.00"),
        issued_at=NIGHT + timedelta(hours=8),
        url_name="billing:document_pdf",
    )
    return made


def printed(record: OrderRecord) -> bytes:
    """In place of the PDF, which takes its time."""
    return f"record of {record.reference}".encode()


@pytest.fixture(autouse=True)
def _quick_record(settings) -> None:
    settings.ORDER_RECORD = f"{__name__}.printed"


def paths_of(case: Incident) -> list[str]:
    return [
        reverse("emergency:account_incident", args=[case.reference]),
        reverse("emergency:account_order_record", args=[case.reference]),
    ]


def test_a_contact_sees_incidents_orders_and_invoices_of_the_account(pat, case):
    home = pat.get("/account/").content.decode()
    assert case.reference in home
    assert f"/billing/pdf/{INVOICE}.pdf" in home
    for path in paths_of(case):
        answer = pat.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
    record = pat.get(paths_of(case)[1])
    assert record.headers["Content-Type"] == "application/pdf"
    assert record.content == f"record of {case.reference}".encode()


def test_a_stranger_is_led_to_the_sign_in(case):
    for path in ["/account/", *paths_of(case)]:
        answer = people.stranger().get(path)
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            "/account/sign-in/",
        )


def test_another_account_finds_nothing_of_it(case, mailoutbox, clock: Clock):
    other = people.customer("10043", "Andere GmbH", "db01.example")
    other.contact.email = "ana@example.com"
    other.contact.save()
    client = signed_in(links_sent(mailoutbox, to="ana@example.com", clock=clock)[0])
    assert case.reference not in client.get("/account/").content.decode()
    for path in paths_of(case):
        assert client.get(path).status_code == 404
    # Neither here nor there: billing leads to the sign-in of the staff.
    answer = client.get(f"/billing/pdf/{INVOICE}.pdf")
    assert answer.headers["Location"].startswith("/desk/login/")


def test_a_retired_contact_finds_nothing_any_more(pat, case, theirs, clock: Clock):
    retire_contact(contact_id=theirs.contact.pk, now=clock.now)
    for path in ["/account/", *paths_of(case), f"/billing/pdf/{INVOICE}.pdf"]:
        assert pat.get(path).status_code == 302


def test_what_a_stranger_reported_is_not_shown_before_it_is_confirmed(
    pat, theirs, anna
):
    made = people.report(server="web01.example", problem="Secret of a stranger")
    assert made.account == theirs.account
    assert made.reference not in pat.get("/account/").content.decode()
    for path in paths_of(made):
        assert pat.get(path).status_code == 404


def test_an_invoice_opens_for_its_account_only(pat, case):
    # No such document stands in billing here: 404 is behind the door, 302 before it.
    path = f"/billing/pdf/{INVOICE}.pdf"
    assert pat.get(path).status_code == 404
    assert people.stranger().get(path).status_code == 302
    assert pat.get("/billing/pdf/RE-2026-00002.pdf").status_code == 302


def test_every_address_is_closed_unless_it_says_otherwise():
    for pattern in account_urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        closed = getattr(pattern.callback, "for_customers", False)
        assert closed is (pattern.name not in PUBLIC), pattern.name
