"""Where the operator's own billing system issues, no page speaks of issuing here."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from billing.actions.batch import run_batch
from billing.actions.collect import collect
from billing.actions.finish import finish
from billing.actions.gathering import gather
from billing.actions.hand_over_answer import type_in
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, request_issue
from billing.models import Batch, BillingProfile, Document
from billing.queries.figures import year_of_figures, years
from tests.integration.billing.door import an_incident
from tests.integration.billing.stories import (
    APRIL,
    MARCH,
    MORNING,
    all_approved,
    approved,
    later,
)
from tests.integration.billing.test_access import BOTH, READING, WIZARD
from tests.integration.billing.test_access import address as address
from tests.integration.billing.test_pages import draft, signed_in, text, url

BUTTON = re.compile(r"<button[^>]*>(.*?)</button>", re.DOTALL)


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


def buttons(response):
    found = BUTTON.findall(response.content.decode())
    return [" ".join(re.sub("<[^>]+>", "", one).split()) for one in found]


def booked(document, accountant, number="R-4711"):
    type_in(
        document_id=document.pk,
        status="booked",
        number=number,
        staff_id=accountant.pk,
        now=MORNING,
    )


def test_the_page_of_what_is_to_do_names_what_its_buttons_do(
    mode, door, profile, accountant, page
):
    approved(door, accountant.pk, "NF-APPROVED")
    door.add(an_incident("NF-DRAFT"))
    collect(now=MORNING)
    shown = page.get(url("index"))
    assert {
        "Approve and hand over the chosen ones",
        "Approve and hand over 1 draft, 280.00 EUR",
        "Hand over the chosen ones",
    } <= set(buttons(shown))
    assert "Approved, not yet handed over (1)" in text(shown)
    mode.BILLING_MODE = "issue"
    assert "Approve and issue the chosen ones" in buttons(page.get(url("index")))


def test_no_button_anywhere_issues(address, page, settings):
    """Also not on the pages of what was issued here before."""
    settings.BILLING_MODE = "hand_over"
    settings.HAND_OVER = {**settings.HAND_OVER, "URL": ""}
    for name in sorted(READING | BOTH | WIZARD):
        response = page.get(address(name))
        if response["Content-Type"].startswith("text/html"):
            said = [one for one in buttons(response) if "ssue" in one]
            assert said == [], name


def test_a_batch_says_that_it_handed_over_whatever_the_mode_is_later(
    mode, door, profile, accountant, page
):
    document = draft(door)
    chosen = {"document": [document.pk], "act": "approve_issue"}
    page.post(url("batch_start"), chosen)
    batch = Batch.objects.get()
    run_batch(batch_id=batch.pk, now=MORNING)
    document.refresh_from_db()
    assert document.status == "handed_over"
    mode.BILLING_MODE = "issue"
    assert "Approve and hand over" in text(page.get(url("batch", batch.pk)))


def test_accounts_that_want_one_invoice_a_month_are_handed_over_one_by_one(
    mode, door, profile, accountant, page
):
    """The month is the other system's; each emergency keeps its included minutes."""
    BillingProfile.objects.update(collective=True)
    works = [later(an_incident(f"NF-{n}"), days=n) for n in (1, 2)]
    all_approved(door, works, accountant.pk)
    collect(now=APRIL)
    assert not Document.objects.filter(gathers_month__isnull=False).exists()
    for document in Document.objects.all():
        request_issue(document_id=document.pk, staff_id=accountant.pk, now=APRIL)
        finish(document_id=document.pk, now=APRIL)
    assert {d.status for d in Document.objects.all()} == {"handed_over"}
    assert {d.net for d in Document.objects.all()} == {Decimal("233.33")}


@pytest.mark.parametrize("state", ["draft", "approved"])
def test_a_collective_invoice_from_before_is_taken_apart_and_handed_over(
    mode, door, profile, accountant, page, state
):
    """Whoever comes before the next look is told; nothing is handed over twice, and
    nothing of it is issued when the mode changes back."""
    mode.BILLING_MODE = "issue"
    BillingProfile.objects.update(collective=True)
    works = [later(an_incident(f"NF-{n}"), days=n) for n in (1, 2)]
    all_approved(door, works, accountant.pk)
    month = gather(account_number="K-1", month=MARCH, now=APRIL)
    assert month is not None
    if state == "approved":
        approve(document_id=month.pk, staff_id=accountant.pk, now=APRIL)
        request_issue(document_id=month.pk, staff_id=accountant.pk, now=APRIL)
    mode.BILLING_MODE = "hand_over"
    said = text(page.get(url("document", month.pk)))
    assert "handed over" in said if state == "approved" else "taken apart" in said
    with pytest.raises(BillingRefusal):
        finish(document_id=month.pk, now=APRIL)
    assert "Approve and" not in said
    collect(now=APRIL)
    with pytest.raises(ObjectDoesNotExist):
        month.refresh_from_db()
    singles = list(Document.objects.all())
    assert [one.status for one in singles] == ["approved", "approved"]
    for one in singles:
        request_issue(document_id=one.pk, staff_id=accountant.pk, now=APRIL)
        finish(document_id=one.pk, now=APRIL)
    mode.BILLING_MODE = "issue"
    collect(now=APRIL + timedelta(days=40))
    assert {d.status for d in Document.objects.all()} == {"handed_over"}
    assert Document.objects.count() == 2


def test_what_was_invoiced_there_is_neither_open_here_nor_on_the_way(
    handed, accountant, page, door
):
    before = text(page.get(url("account", "K-1")))
    assert 'Not invoiced yet</dt><dd class="num">280.00' in before
    booked(handed, accountant)
    shown = text(page.get(url("account", "K-1")))
    assert 'Invoiced by the billing system</dt><dd class="num">280.00' in shown
    assert 'Not invoiced yet</dt><dd class="num">0.00' in shown
    assert "On the way" not in shown
    assert "R-4711" in shown
    assert [fact["announce"] for fact in door.told] == [False]


def test_figures_count_what_the_billing_system_has_invoiced(handed, accountant, page):
    assert year_of_figures(2026).total.invoices == 0
    booked(handed, accountant)
    march = year_of_figures(2026).months[2]
    assert (march.invoices, march.invoiced) == (1, Decimal("233.33"))
    assert (march.reached, march.median_minutes) == (1, 9)
    assert years() == [2026]
    said = text(page.get(url("figures"), {"year": 2026}))
    assert "With what the billing system has invoiced" in said
    type_in(
        document_id=handed.pk,
        status="cancelled",
        number="",
        staff_id=accountant.pk,
        now=timezone.now(),
    )
    assert year_of_figures(2026).total.invoices == 0


def test_the_procedure_document_describes_the_way_in_force(mode, profile, page):
    said = text(page.get(url("procedure")))
    assert "go to the operator" in said
    assert "Collective: of an account" not in said
    mode.BILLING_MODE = "issue"
    assert "Collective: of an account" in text(page.get(url("procedure")))
