"""An account's page: what it owes, what it got, what is on its way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.actions.booking import mark_paid
from billing.actions.collect import collect
from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.models import Document
from billing.queries.accounts import balance_of
from tests.integration.billing.door import an_incident
from tests.integration.billing.stories import MORNING, issued, questions
from tests.integration.billing.test_pages import signed_in, text, url

DAY = date(2026, 3, 4)


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


def credited(invoice, staff_id):
    """The first line of the invoice is taken back."""
    made = credit_invoice(
        document_id=invoice.pk,
        line_ids=[invoice.lines.all()[0].pk],
        why="Goodwill",
        staff_id=staff_id,
        now=MORNING,
    )
    return issue_document(document_id=made.pk, now=MORNING)


@pytest.fixture
def books(door, profile, accountant):
    """Two invoices of 280.00, of one the fee is credited; a held draft."""
    first = issued(door, accountant.pk, "NF-1")
    issued(door, accountant.pk, "NF-2")
    credited(first, accountant.pk)
    door.add(an_incident("NF-3", cause="undetermined"))
    door.add(an_incident("NF-X", account_number="K-9"))
    collect(now=MORNING)


def test_the_balance_is_the_sum_of_what_is_not_settled(books):
    balance = balance_of("K-1", today=DAY)
    assert (balance.invoiced.count, balance.invoiced.gross) == (2, Decimal("560.00"))
    assert (balance.credited.count, balance.credited.gross) == (1, Decimal("-240.00"))
    assert (balance.open, balance.overdue) == (Decimal("320.00"), Decimal(0))
    assert (balance.drafts.count, balance.drafts.gross) == (1, Decimal("280.00"))


def test_past_its_day_it_is_overdue_less_what_is_credited(books):
    assert balance_of("K-1", today=DAY + timedelta(days=14)).overdue == 0
    assert balance_of("K-1", today=DAY + timedelta(days=15)).overdue == 320


def test_what_is_settled_is_open_no_more(books):
    Document.objects.filter(incident_reference="NF-2").update(
        status="settled", settled_at=MORNING
    )
    balance = balance_of("K-1", today=DAY + timedelta(days=15))
    assert (balance.open, balance.overdue) == (Decimal("40.00"), Decimal("40.00"))


def test_a_correction_of_a_settled_invoice_is_owed_to_the_customer(
    door, profile, accountant, page
):
    invoice = issued(door, accountant.pk, "NF-1")
    who = accountant.pk
    mark_paid(document_id=invoice.pk, paid_on=DAY, note="", staff_id=who, now=MORNING)
    credited(invoice, who)
    balance = balance_of("K-1", today=DAY + timedelta(days=15))
    assert (balance.open, balance.overdue) == (Decimal("-240.00"), Decimal(0))
    assert "owed to the customer" in text(page.get(url("account", "K-1")))


def test_the_page_shows_balance_documents_and_drafts(books, page):
    shown = text(page.get(url("account", "K-1")))
    for part in (
        *("560.00", "−240.00", "320.00", "280.00"),
        *("RE-2026-00001", "RE-2026-00002", "RK-2026-00001", "On the way"),
        *("The cause is undetermined", url("documents") + "?account=K-1"),
    ):
        assert part in shown, part
    assert "NF-X" not in shown


def test_an_account_nobody_knows_is_not_found(page, issuer):
    assert page.get(url("account", "K-404")).status_code == 404


def test_more_documents_ask_no_more_questions(books, door, page, accountant):
    few = questions(page, url("account", "K-1"))
    for number in range(3):
        issued(door, accountant.pk, f"NF-MORE-{number}")
        door.add(an_incident(f"NF-OPEN-{number}", cause="undetermined"))
    collect(now=MORNING)
    assert questions(page, url("account", "K-1")) == few
