"""The wizard: choose, look, make; nothing is written before the last step."""

from decimal import Decimal

import pytest

from billing.actions.credit import credit_invoice, plan_credit
from billing.actions.issue import issue_document
from billing.actions.refusal import BillingRefusal
from billing.models import Document, DocumentStep, Hold
from tests.integration.billing.door import worked
from tests.integration.billing.stories import MORNING, approved, issued
from tests.integration.billing.test_pages import signed_in, text, url


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


@pytest.fixture
def invoice(door, profile, accountant):
    """Three lines whose VAT by line would be a cent more than on the sum."""
    entries = (worked(9, 31), worked(45, 1, "application_analysis"))
    return issued(door, accountant.pk, entries=entries)


def choose(page, invoice, *codes, **more):
    lines = invoice.lines.filter(code__in=codes) if codes else invoice.lines.all()
    data = {"lines": [line.pk for line in lines], "why": "Goodwill", **more}
    return page.post(url("credit", invoice.pk), data)


def test_the_first_step_offers_what_is_left(invoice, page):
    shown = text(page.get(url("credit", invoice.pk)))
    assert shown.count('name="lines"') == 3
    assert "Gutschrift" not in shown


def test_the_preview_shows_lines_and_how_the_vat_comes_about(invoice, page, accountant):
    fee, support, analysis = invoice.lines.all()
    for line in (fee, support):
        made = credit_invoice(
            document_id=invoice.pk,
            line_ids=[line.pk],
            why="First",
            staff_id=accountant.pk,
            now=MORNING,
        )
        issue_document(document_id=made.pk, now=MORNING)
    count = Document.objects.count()
    shown = text(choose(page, invoice, analysis.code))
    # Alone the line would carry 0.67; together with the others 0.66 are left.
    assert "41.33" in shown
    assert "40.67" in shown
    assert "0.66" in shown
    assert "3.99" in shown
    assert Document.objects.count() == count


def test_the_last_step_makes_it_and_keeps_the_reason(invoice, page):
    preview = choose(page, invoice)
    assert 'name="gross" value="247.99"' in text(preview)
    response = choose(page, invoice, gross="247.99", confirm="1")
    made = Document.objects.get(kind="credit_note")
    assert response.url == url("document", made.pk)
    assert (made.gross, made.status) == (Decimal("247.99"), "approved")
    issue_document(document_id=made.pk, now=MORNING)
    for document in (invoice, made):
        assert "Goodwill" in text(page.get(url("document", document.pk)))
    assert made.steps.get(code="drafted").by_id == made.approved_by_id


def test_a_second_one_takes_the_rest(invoice, page):
    choose(page, invoice, "emergency_response_fee", confirm="1")
    shown = text(page.get(url("credit", invoice.pk)))
    assert shown.count('name="lines"') == 2
    choose(
        page, invoice, "support_beyond_included", "application_analysis", confirm="1"
    )
    notes = Document.objects.filter(kind="credit_note")
    assert sum(one.gross for one in notes) == invoice.gross
    nothing = page.get(url("credit", invoice.pk), follow=True)
    assert "Nothing is left to be credited" in text(nothing)


def test_what_has_changed_since_the_preview_is_not_made(invoice, page):
    response = choose(page, invoice, gross="1.00", confirm="1")
    assert (response.status_code, "Somebody else was faster" in text(response)) == (
        *(400, True),
    )
    assert 'value="Goodwill"' in text(response), "nobody types it twice"
    assert not Document.objects.filter(kind="credit_note").exists()


@pytest.mark.parametrize("data", [{"lines": []}, {"why": " "}, {"lines": ["0"]}])
def test_what_is_missing_is_said_beside_its_field(invoice, page, data):
    line = invoice.lines.first().pk
    answer = page.post(
        url("credit", invoice.pk), {"lines": [line], "why": "x", "confirm": "1", **data}
    )
    assert answer.status_code == 400
    assert "errorlist" in text(answer)
    assert not Document.objects.filter(kind="credit_note").exists()


def test_going_back_keeps_what_was_typed(invoice, page):
    shown = text(choose(page, invoice, "application_analysis", back="1"))
    assert 'value="Goodwill"' in shown
    assert shown.count("checked") == 1


def test_a_draft_and_a_credit_note_have_no_wizard(door, profile, accountant, page):
    draft = approved(door, accountant.pk)
    assert page.get(url("credit", draft.pk)).status_code == 302
    assert page.get(url("credit", 0)).status_code == 404
    with pytest.raises(BillingRefusal):
        plan_credit(original=draft, line_ids=None)


def test_a_plan_writes_nothing(invoice):
    before = (Document.objects.count(), DocumentStep.objects.count())
    plan = plan_credit(original=invoice, line_ids=None)
    assert (plan.amounts.gross, plan.net_before, plan.net_left) == (
        invoice.gross,
        Decimal("0.00"),
        Decimal("0.00"),
    )
    assert (Document.objects.count(), DocumentStep.objects.count()) == before


def test_an_objection_is_settled_only_where_somebody_objects(invoice, page):
    response = choose(page, invoice, settles="1", confirm="1")
    assert "Nobody objects" in text(response)
    assert not Document.objects.filter(kind="credit_note").exists()
    assert not Hold.objects.exists()
