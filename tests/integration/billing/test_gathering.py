"""Collective invoices: one document for the emergencies of an account and month."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from billing.actions.collect import collect
from billing.actions.credit import credit_invoice
from billing.actions.issue import issue_document
from billing.actions.profile import save_profile
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, request_issue
from billing.computing import emergency_of
from billing.models import BillingProfile, Document, DocumentLine
from billing.queries.lists import listed
from billing.queries.todo import to_do
from billing.rules.rating import rate_together
from tests.integration.billing.door import an_incident, worked
from tests.integration.billing.stories import (
    APRIL,
    MARCH,
    all_approved,
    approved,
    later,
)
from tests.judging import archive, arithmetic, rules

pytestmark = pytest.mark.paper


@pytest.fixture
def collective(profile):
    BillingProfile.objects.update(
        collective=True,
        einvoice_kinds=["peppol", "xrechnung", "ebinterface"],
        electronic_address="9914:ATU12345675",
        buyer_reference="EK-7",
    )
    return profile


@pytest.fixture
def works():
    """Forty minutes, ten minutes, and analysis: thirty minutes included each time."""
    return (
        an_incident("NF-TEST-1"),
        later(an_incident("NF-TEST-2", entries=(worked(9, 10),)), 5),
        later(
            an_incident("NF-TEST-3", entries=(worked(9, 7, "application_analysis"),)),
            9,
        ),
    )


@pytest.fixture
def drafted(door, collective, works, accountant):
    all_approved(door, works, accountant.pk)
    collect(now=APRIL)
    return Document.objects.get(gathers_month=MARCH)


@pytest.fixture
def issued(drafted, accountant):
    approve(document_id=drafted.pk, staff_id=accountant.pk, now=APRIL)
    return issue_document(document_id=drafted.pk, now=APRIL)


def test_included_minutes_are_not_pooled_and_the_tax_is_on_the_sum(drafted, works):
    """Ten unused minutes of the second emergency do not pay for the first."""
    together = rate_together(
        [(emergency_of(work), work.terms.vat_rate) for work in works],
        BillingProfile.objects.get().recipient,
    )
    assert (drafted.net, drafted.gross) == (together.net, together.gross)
    lines = drafted.lines.values_list("incident_reference", "code", "net")
    assert list(lines) == [
        ("NF-TEST-1", "emergency_response_fee", Decimal("200.00")),
        ("NF-TEST-1", "support_beyond_included", Decimal("33.33")),
        ("NF-TEST-2", "emergency_response_fee", Decimal("200.00")),
        ("NF-TEST-3", "emergency_response_fee", Decimal("200.00")),
        ("NF-TEST-3", "application_analysis", Decimal("23.33")),
    ]
    (tax,) = drafted.taxes.all()
    assert (tax.base, tax.amount) == (Decimal("656.66"), Decimal("131.33"))
    assert (drafted.supply_from, drafted.supply_to) == (
        date(2026, 3, 3),
        date(2026, 3, 12),
    )


def test_nothing_is_gathered_before_the_month_is_over(
    door, collective, works, accountant
):
    all_approved(door, works, accountant.pk)
    collect(now=datetime(2026, 3, 31, 21, 59, tzinfo=UTC))
    assert not Document.objects.filter(gathers_month__isnull=False).exists()
    collect(now=datetime(2026, 3, 31, 22, 1, tzinfo=UTC))
    assert Document.objects.get(gathers_month=MARCH).members.count() == 3


def test_gathering_twice_adds_nothing_and_a_late_approval_joins_the_draft(
    door, collective, works, accountant
):
    door.add(*works)
    door.change("NF-TEST-3", cause="undetermined")
    collect(now=APRIL)
    for reference in ("NF-TEST-1", "NF-TEST-2"):
        one = Document.objects.get(incident_reference=reference)
        approve(document_id=one.pk, staff_id=accountant.pk, now=APRIL)
    collect(now=APRIL)
    collect(now=APRIL)
    draft = Document.objects.get(gathers_month=MARCH)
    assert draft.members.count() == 2
    door.change("NF-TEST-3", cause="other")
    collect(now=APRIL)
    third = Document.objects.get(incident_reference="NF-TEST-3")
    approve(document_id=third.pk, staff_id=accountant.pk, now=APRIL)
    collect(now=APRIL)
    draft.refresh_from_db()
    assert draft.members.count() == 3
    assert draft.net == Decimal("656.66")


def test_an_issued_collective_invoice_ends_every_incident_and_is_announced_once(
    door, issued
):
    assert issued.number == "RE-2026-00001"
    assert list(door.open_work()) == []
    assert [t["reference"] for t in door.told] == [
        "NF-TEST-1",
        "NF-TEST-2",
        "NF-TEST-3",
    ]
    assert [t.get("announce", True) for t in door.told] == [True, False, False]
    assert {t["public_url_name"] for t in door.told} == {""}
    collect(now=APRIL + timedelta(days=40))
    assert Document.objects.filter(number__isnull=False).count() == 1


def test_the_pdf_groups_the_lines_by_emergency(issued):
    pages = PdfReader(io.BytesIO(bytes(issued.file.content))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    order = [text.index(f"Notfall NF-TEST-{n}") for n in (1, 2, 3)]
    assert order == sorted(order)
    assert text.count("Ausgelöst: ") == 3
    assert "Monat März 2026" in text
    for amount in ("33,33", "23,33", "656,66", "131,33", "787,99"):
        assert amount in text, amount


def test_every_form_names_the_emergency_of_every_line_and_is_valid(issued):
    kinds = set()
    for form in issued.electronic_forms.all():
        content = bytes(form.content)
        text = content.decode()
        assert text.count("NF-TEST-1: ") == text.count("NF-TEST-3: ") == 2, form.kind
        verdict = rules.judge(form.kind, content)
        assert (verdict.xsd, verdict.schematron) == ([], []), form.kind
        assert not arithmetic.wrong_sums(form.kind, content)
        assert arithmetic.figures(form.kind, content).gross == issued.gross
        kinds.add(form.kind)
    assert kinds == {"factur_x", "peppol", "xrechnung", "ebinterface"}
    assert archive.faults(bytes(issued.file.content)) == []


def test_what_is_gathered_cannot_change_once_it_is_issued(issued):
    member = issued.members.first()
    for change in (
        lambda: Document.objects.filter(pk=member.pk).update(net=0, gross=0),
        lambda: Document.objects.filter(pk=member.pk).update(gathered_into=None),
        lambda: Document.objects.filter(pk=member.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_lines_of_one_emergency_are_credited_and_only_it_is_told(
    door, issued, accountant
):
    door.told.clear()
    lines = issued.lines.filter(incident_reference="NF-TEST-3")
    note = credit_invoice(
        document_id=issued.pk,
        line_ids=[line.pk for line in lines],
        why="Not agreed.",
        staff_id=accountant.pk,
        now=APRIL,
    )
    note = issue_document(document_id=note.pk, now=APRIL)
    assert (note.number, note.net) == ("RK-2026-00001", Decimal("223.33"))
    assert note.references == ["NF-TEST-3"]
    assert [t["reference"] for t in door.told] == ["NF-TEST-3"]
    rest = credit_invoice(
        document_id=issued.pk,
        line_ids=None,
        why="All of it.",
        staff_id=accountant.pk,
        now=APRIL,
    )
    assert note.vat_total + rest.vat_total == issued.vat_total
    assert rest.net + note.net == issued.net


def test_an_emergency_that_needs_a_person_leaves_and_the_others_wait_in_the_draft(
    door, drafted, accountant
):
    approve(document_id=drafted.pk, staff_id=accountant.pk, now=APRIL)
    door.known["NF-TEST-2"] = replace(door.known["NF-TEST-2"], objections=("time",))
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=drafted.pk, now=APRIL)
    assert refused.value.code == "held"
    drafted.refresh_from_db()
    assert (drafted.status, drafted.number) == ("draft", None)
    assert drafted.references == ["NF-TEST-1", "NF-TEST-3"]
    second = Document.objects.get(incident_reference="NF-TEST-2")
    assert (second.status, second.gathered_into) == ("draft", None)
    assert second.holds.get().reason == "customer_objects"


def test_an_objection_to_one_emergency_holds_the_issued_collective_invoice(
    door, issued
):
    door.known["NF-TEST-2"] = replace(door.known["NF-TEST-2"], objections=("time",))
    collect(now=APRIL)
    assert issued.holds.get().reason == "customer_objects"


def test_above_ten_thousand_together_the_vat_id_is_needed(
    door, collective, accountant, settings
):
    settings.BILLING_HOLD_ABOVE = 0
    BillingProfile.objects.update(vat_id="", vat_id_valid=None)
    entries = (worked(9, 25 * 60),)
    all_approved(
        door,
        [
            an_incident("NF-TEST-1", entries=entries),
            later(an_incident("NF-TEST-2", entries=entries), 3),
        ],
        accountant.pk,
    )
    collect(now=APRIL)
    draft = Document.objects.get(gathers_month=MARCH)
    assert draft.gross > 10_000
    with pytest.raises(BillingRefusal) as refused:
        approve(document_id=draft.pk, staff_id=accountant.pk, now=APRIL)
    assert refused.value.code == "held"


def test_an_emergency_of_a_collective_account_is_not_issued_alone(
    door, collective, accountant
):
    document = approved(door, accountant.pk)
    with pytest.raises(BillingRefusal) as refused:
        request_issue(document_id=document.pk, staff_id=accountant.pk, now=APRIL)
    assert refused.value.code == "gathered"
    collect(now=APRIL)
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=document.pk, now=APRIL)
    assert refused.value.code == "gathered"
    assert not Document.objects.filter(number__isnull=False).exists()


def test_a_new_address_reaches_the_draft_and_leaving_the_setting_takes_it_apart(
    drafted, accountant
):
    save_profile(
        account_number="K-1",
        values={"city": "Linz"},
        vat_id_confirmed=True,
        staff_id=accountant.pk,
        now=APRIL,
    )
    drafted.refresh_from_db()
    assert drafted.recipient["city"] == "Linz"
    BillingProfile.objects.update(collective=False)
    collect(now=APRIL)
    assert not Document.objects.filter(gathers_month__isnull=False).exists()
    alone = Document.objects.filter(gathered_into=None, status="approved")
    assert alone.count() == 3


def test_the_lists_count_a_gathered_emergency_once(drafted):
    assert to_do().in_total.count == 1
    assert to_do().in_total.gross == drafted.gross
    assert list(listed()) == [drafted]


def test_the_pages_show_the_emergencies_and_a_secret_of_one_opens_nothing(
    client, accountant, issued, monkeypatch
):
    client.force_login(accountant)
    page = client.get(reverse("billing:document", args=[issued.pk])).content.decode()
    for reference in ("NF-TEST-1", "NF-TEST-2", "NF-TEST-3"):
        assert reference in page
    member = issued.members.first()
    page = client.get(reverse("billing:document", args=[member.pk])).content.decode()
    assert "RE-2026-00001" in page
    monkeypatch.setattr(
        "billing.views.documents.billable.may_read_document", lambda **_: True
    )
    client.logout()
    answer = client.get(
        reverse("billing:customer_pdf", args=["secret", "RE-2026-00001"])
    )
    assert answer.status_code == 404


def test_every_line_of_an_issued_collective_invoice_is_kept(issued):
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentLine.objects.filter(document=issued).update(incident_reference="")
