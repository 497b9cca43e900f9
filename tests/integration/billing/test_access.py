"""Every address of billing times every role: who reads, who changes, who is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from billing import urls
from billing.actions import issue
from billing.actions.batch import start_batch
from billing.actions.booking import mark_paid
from billing.actions.exporting import make_export, request_export
from billing.actions.objections import note_objection
from billing.documents.records import Enclosure
from billing.exports.selection import Wanted
from billing.models import (
    BankEntry,
    BankFile,
    Batch,
    BillingProfile,
    Booking,
    Contract,
    CsvMapping,
    Document,
    DocumentStep,
    ExportRun,
    ExportSettings,
    HandOverBatch,
    Hold,
    PaymentRules,
    RateCard,
    Transmission,
    VatRate,
)
from billing.rules.roles import ACCOUNTING, LOOKERS, READERS, may
from billing.views import delivery
from emergency import billable
from tests.integration.billing.payments import imported, ntry
from tests.integration.billing.stories import MORNING, issued
from tests.integration.billing.test_pages import signed_in

PATTERNS = {str(p.name): p for p in urls.urlpatterns if isinstance(p, URLPattern)}
# Opened by a secret in the address, by nobody's role.
BY_SECRET = {"customer_pdf", "hand_over_answer", "hand_over_record"}
NAMES = sorted(set(PATTERNS) - BY_SECRET)
ROLES = ["technician", "duty_manager", "accounting", "administrator", "auditor"]
# Files for whoever speaks with the customer.
FILES = {"document_pdf", "electronic_form", "record"}
CHANGES = {
    *("approve", "issue", "send", "release", "batch_start", "batch_repeat"),
    *("objection_note", "objection_answer", "bounced", "paid", "undo_booking"),
    "delivered",
    *("use_credit", "payment_upload", "payment_confirm", "payment_book"),
    *("payment_aside", "payment_again", "answered_by_hand", "take_back", "vat_rate"),
    *("ask_authority", "contract", "hand_over_new_file"),
}
ACCOUNTS = {"account", "open_account", "ask_authority", "contract"}
# Reading and changing at one address; a wizard is for whoever may make something.
BOTH = {"account", "issuer", "export_settings", "payment_rules", "csv_mapping"}
WIZARD = {"credit", "new_export", "ratecard_new", "csv_mapping_new"}
READING = set(NAMES) - CHANGES - BOTH - WIZARD - FILES


COUNTED = (
    *(BankFile, Contract, CsvMapping, ExportRun, ExportSettings, HandOverBatch),
    *(PaymentRules, RateCard, VatRate),
)


def somebody(role: str) -> Client:
    """A browser of somebody with this role; an auditor's access ends tomorrow."""
    until = timezone.now() + timedelta(days=1) if role == "auditor" else None
    client: Client = signed_in(
        get_user_model().objects.create_user(
            f"the-{role}@nordlicht.example",
            full_name=role,
            role=role,
            access_until=until,
        )
    )
    return client


@pytest.fixture
def address(door, profile, accountant, monkeypatch, settings) -> Callable[[str], str]:
    """Addresses with an issued invoice that is objected to, a batch, an export, a bank
    entry that seems to pay, and a booking. What the PDF looks like is no matter here,
    so it is not drawn."""
    settings.BILLING_PAYMENTS = True
    monkeypatch.setattr(issue, "render_pdf", lambda *_: b"%PDF-1.7")
    monkeypatch.setattr(
        delivery, "record_pdf", lambda *_, **__: Enclosure("record.pdf", b"%PDF-1.7")
    )
    invoice = issued(door, accountant.pk)
    number = str(invoice.number)
    (entry,) = imported(accountant, ntry("140.00", f"Rechnung {number}"))
    paid = mark_paid(
        document_id=issued(door, accountant.pk, "NF-PAID").pk,
        paid_on=MORNING.date(),
        note="",
        staff_id=accountant.pk,
        now=MORNING,
    )
    hold = note_objection(
        document_id=invoice.pk, what="The time", staff_id=accountant.pk, now=MORNING
    )
    batch = start_batch(
        document_ids=[invoice.pk],
        act=Batch.Act.ISSUE,
        staff_id=accountant.pk,
        now=MORNING,
    )
    export = request_export(
        wanted=Wanted(format=ExportRun.Format.CSV), staff_id=accountant.pk, now=MORNING
    )
    make_export(run_id=export.pk, now=MORNING)
    empty = billable.Dispute(reference="x", matters=(), tries=(), versions=(), texts=())
    record = billable.OrderRecord(
        reference="x", language="en", title="Order record", made_at="", sections=()
    )
    monkeypatch.setattr(billable, "dispute", lambda **_: empty)
    monkeypatch.setattr(billable, "order_record", lambda **_: record)
    rows = {
        "batch": batch.pk,
        "batch_repeat": batch.pk,
        "export": export.pk,
        "export_file": export.pk,
        "hand_over_file": HandOverBatch.objects.create(
            made_at=MORNING, made_by=accountant, count=0, net=0, content=b""
        ).pk,
        "ratecard": RateCard.objects.latest("valid_from").pk,
        "csv_mapping": CsvMapping.objects.create(
            name="A bank", updated_at=MORNING, updated_by=accountant
        ).pk,
        **{name: entry.pk for name in NAMES if name.startswith("payment")},
    }

    def find(name: str) -> str:
        wanted = PATTERNS[name].pattern.converters
        known = {
            "attempt": 1,
            "booking": paid.pk,
            "hold": hold.pk,
            "kind": "order_record" if name == "record" else "factur_x",
            "number": "K-1" if name in ACCOUNTS else number,
            "pk": rows.get(name, invoice.pk),
            "reference": invoice.incident_reference,
        }
        return reverse(f"billing:{name}", kwargs={k: known[k] for k in wanted})

    return find


def state() -> tuple[object, ...]:
    """What any change would change."""
    return (
        list(DocumentStep.objects.values_list("pk", flat=True)),
        list(Document.objects.values_list("pk", "status", "issue_requested_at")),
        list(Hold.objects.values_list("pk", "released_at", "why")),
        list(Batch.objects.values_list("pk", flat=True)),
        list(Booking.objects.values_list("pk", "reverses")),
        list(BankEntry.objects.values_list("pk", "status", "status_note")),
        list(Transmission.objects.values_list("pk", "status")),
        *(model.objects.count() for model in COUNTED),
    )


def test_every_address_is_named_in_this_file() -> None:
    assert set(NAMES) == READING | CHANGES | BOTH | WIZARD | FILES
    assert len(PATTERNS) == len(urls.urlpatterns)


def test_every_address_names_its_roles() -> None:
    for name in NAMES:
        roles = getattr(PATTERNS[name].callback, "roles", None)
        if name in FILES:
            assert roles == READERS, name
        elif name in CHANGES | WIZARD:
            assert roles == ACCOUNTING, name
        else:
            assert roles == LOOKERS, name


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_asked_to_sign_in_and_changes_nothing(method, address) -> None:
    before = state()
    for name in NAMES:
        answer = getattr(Client(), method)(address(name))
        # A door refuses a method that is not its own to everybody, without a look.
        reads = method == "get" and name not in CHANGES
        assert answer.status_code in ({302} if reads else {302, 405}), name
        if answer.status_code == 302:
            assert answer["Location"].startswith(reverse("login")), name
        assert state() == before, name


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_read_by_accounting_administrators_and_auditors(
    role, address
) -> None:
    client = somebody(role)
    for name in sorted(READING | BOTH):
        answer = client.get(address(name))
        assert answer.status_code == (200 if role in LOOKERS else 403), name


@pytest.mark.parametrize("role", ROLES)
def test_issued_files_are_read_by_all_staff(role, address) -> None:
    client = somebody(role)
    for name in sorted(FILES):
        assert client.get(address(name)).status_code == 200, name


@pytest.mark.parametrize("role", ["technician", "duty_manager", "auditor"])
def test_only_accounting_and_administrators_change_anything(role, address) -> None:
    client, before = somebody(role), state()
    data = {"why": "x", "what": "x", "text": "x", "act": "issue", "confirm": "1"}
    for name in sorted(CHANGES | BOTH | WIZARD):
        assert client.post(address(name), data).status_code == 403, name
        assert state() == before, name


@pytest.mark.parametrize("role", ["accounting", "auditor"])
def test_what_only_reads_takes_no_post(role, address) -> None:
    client, before = somebody(role), state()
    for name in sorted(READING | FILES):
        assert client.post(address(name)).status_code in {403, 405}, name
        assert state() == before, name


def test_what_changes_is_not_opened_by_looking(address) -> None:
    client = somebody("accounting")
    for name in sorted(CHANGES):
        assert client.get(address(name)).status_code == 405, name


def test_an_auditor_is_offered_nothing_to_do(address) -> None:
    auditor = somebody("auditor")
    for name in sorted(READING | BOTH):
        answer = auditor.get(address(name))
        if not answer["Content-Type"].startswith("text/html"):
            continue
        page = answer.content.decode()
        assert "You read as an auditor until" in page, name
        # The ways out: sign out and language.
        forms = page.count('method="post"')
        assert forms == page.count('action="/desk/logout/"') + page.count(
            'action="/i18n/setlang/"'
        ), name


def test_without_the_switch_nothing_leads_to_payments_or_open_items(
    address, settings
) -> None:
    settings.BILLING_PAYMENTS = False
    client = somebody("accounting")
    behind = {name for name in NAMES if name.startswith(("payment", "csv_mapping"))}
    behind |= {"open", "open_account", "use_credit"}
    for name in sorted(behind):
        method = client.post if name in CHANGES else client.get
        assert method(address(name)).status_code == 404, name
    roots = (reverse("billing:payments"), reverse("billing:open"))
    for name in sorted((READING | BOTH | WIZARD) - behind):
        answer = client.get(address(name))
        if answer["Content-Type"].startswith("text/html"):
            shown = answer.content.decode()
            assert not any(f'href="{root}' in shown for root in roots), name


def test_an_auditor_reads_values_in_words(address) -> None:
    BillingProfile.objects.update(einvoice_kinds=["ebinterface"])
    shown = somebody("auditor").get(address("account")).content.decode()
    for words in ("<dd>Business</dd>", "<dd>ebInterface 6.1</dd>", "<dd>yes</dd>"):
        assert words in shown


def test_the_end_ends_a_session_that_is_open(address) -> None:
    auditor = somebody("auditor")
    assert auditor.get(address("index")).status_code == 200
    get_user_model().objects.filter(role="auditor").update(access_until=timezone.now())
    answer = auditor.get(address("index"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_an_auditor_never_changes_even_where_somebody_lets_them(method) -> None:
    everybody = frozenset(ROLES)
    assert not may("auditor", everybody, method)
    assert may("auditor", everybody, "GET")
    assert may("accounting", everybody, method)


def test_a_form_without_its_token_changes_nothing(address, accountant) -> None:
    before = state()
    client = Client(enforce_csrf_checks=True)
    client.force_login(accountant)
    assert client.post(address("batch_start"), {"scope": "ready"}).status_code == 403
    assert state() == before
