"""The operator's own billing system issues: what it gets, and what it tells us.

The other system stands on loopback and checks signatures with code of its own.
"""

import csv
import hashlib
import hmac
import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.actions.collect import collect
from billing.actions.finish import finish
from billing.actions.hand_over import (
    hand_over,
    hand_over_requested,
    make_file,
    take_back,
)
from billing.actions.hand_over_answer import record_answer
from billing.actions.issue import issue_document, issue_requested
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, request_issue
from billing.actions.transmit import RETRIES, send_again, send_due
from billing.models import (
    BillingProfile,
    Document,
    HandOver,
    HandOverBatch,
    HandOverEvent,
    Transmission,
)
from billing.queries import to_do, unsent
from billing.tasks import transmit_due
from emergency import billable
from tests.integration.billing.conftest import make_staff
from tests.integration.billing.door import worked
from tests.integration.billing.other_systems import Taker, running
from tests.integration.billing.stories import MORNING, approved, issued
from tests.integration.billing.test_pages import signed_in, text, url

OURS, THEIRS = "our long random word", "their long random word"


@pytest.fixture
def mode(settings, door, monkeypatch):
    """Documents are handed over; nobody takes them yet."""
    settled = []
    monkeypatch.setattr(billable, "record_settled", lambda **fact: settled.append(fact))
    settings.BILLING_MODE = "hand_over"
    settings.HAND_OVER = {
        "URL": "",
        "SECRET": OURS,
        "CALLBACK_SECRET": THEIRS,
        "CALLBACK_SECRET_SECONDARY": "",
        "ORDER_RECORD": "link",
        "TAX_CODES": {"S20": "U20", "AE": "RC"},
    }
    door.settled = settled
    return settings


@pytest.fixture
def system(mode):
    with running(Taker) as taker:
        mode.HAND_OVER = {**mode.HAND_OVER, "URL": f"{taker.url}/documents"}
        yield taker


@pytest.fixture
def handed(mode, door, profile, accountant):
    BillingProfile.objects.update(external_number="D-77")
    document = approved(door, accountant.pk)
    return hand_over(document_id=document.pk, now=MORNING)


def body_of(document):
    return json.loads(bytes(document.hand_overs.latest("pk").body))


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
    BillingProfile.objects.update(city="")
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
    page = signed_in(accountant)
    lines = [str(line.pk) for line in invoice.lines.all()]
    page.post(url("credit", invoice.pk), {"lines": lines, "why": "Kulanz"})
    note = Document.objects.get(kind="credit_note")
    transmit_due()
    note.refresh_from_db()
    assert note.status == "handed_over"
    said = body_of(note)
    assert said["refers_to"] == "RE-2026-00001"
    assert [line["quantity"] for line in said["lines"]] == [-1, -10]
    assert [line["net"] for line in said["lines"]] == ["-200.00", "-33.33"]


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


# The signed push


def test_it_arrives_signed_and_once(system, handed):
    assert send_due(now=MORNING) == 1
    ((headers, body),) = system.requests
    stamp = headers["Emergency-Timestamp"]
    assert int(stamp) == int(MORNING.timestamp())
    expected = hmac.new(
        OURS.encode(), stamp.encode() + b"." + body, hashlib.sha256
    ).hexdigest()
    assert headers["Emergency-Signature"] == f"v1={expected}"
    found = HandOver.objects.get()
    assert body == bytes(found.body)
    assert headers["Idempotency-Key"] == found.key
    assert send_due(now=MORNING + timedelta(days=1)) == 0


def test_retries_are_rows_with_the_same_body_and_key(system, handed):
    system.replies = [(503, b""), (429, b""), (200, b"")]
    now = MORNING
    for wait in RETRIES[:2]:
        assert send_due(now=now) == 0
        now += wait
    assert send_due(now=now) == 1
    assert list(Transmission.objects.values_list("attempt", "status", "problem")) == [
        (1, "failed", "HTTP 503"),
        (2, "failed", "HTTP 429"),
        (3, "sent", ""),
    ]
    assert len({(h["Idempotency-Key"], body) for h, body in system.requests}) == 1
    assert len(system.kept) == 1
    stamps = {h["Emergency-Timestamp"] for h, _body in system.requests}
    assert len(stamps) == 3, "each attempt is signed for its own time"


def test_a_refusal_of_the_request_is_not_repeated_and_accounting_sees_it(
    system, handed
):
    system.replies = [(422, b"")]
    assert send_due(now=MORNING) == 0
    assert send_due(now=MORNING + timedelta(days=2)) == 0
    assert list(unsent()) == [handed]
    assert list(to_do().unsent) == [handed]
    send_again(document_id=handed.pk, kind="hand_over", now=MORNING)
    assert send_due(now=MORNING) == 1
    assert not unsent().exists()


def test_asking_by_hand_begins_a_new_row_of_retries(system, handed):
    system.replies = [(503, b"")] * 20
    now = MORNING
    for wait in (*RETRIES, timedelta()):
        send_due(now=now)
        now += wait
    assert Transmission.objects.count() == len(RETRIES) + 1
    assert not Transmission.objects.filter(status="due").exists()
    send_again(document_id=handed.pk, kind="hand_over", now=now)
    send_due(now=now)
    assert Transmission.objects.filter(status="due").exists()


def test_nothing_is_sent_unsigned(system, handed, mode):
    mode.HAND_OVER = {**mode.HAND_OVER, "SECRET": ""}
    assert send_due(now=MORNING) == 0
    assert system.requests == []
    assert Transmission.objects.earliest("pk").problem == "no secret"


def test_nobody_there_is_a_failed_attempt(handed, mode):
    mode.HAND_OVER = {**mode.HAND_OVER, "URL": "http://127.0.0.1:9/"}
    send_again(document_id=handed.pk, kind="hand_over", now=MORNING)
    assert send_due(now=MORNING) == 0
    assert Transmission.objects.earliest("pk").problem == "ConnectionError"


def test_the_answer_may_carry_the_number_at_once(system, handed, door):
    system.replies = [(201, b'{"status": "booked", "number": "2026-4711"}')]
    send_due(now=MORNING)
    found = HandOver.objects.get()
    assert (found.status, found.external_number) == ("booked", "2026-4711")
    assert found.events.get().source == "answer"
    (told,) = door.told
    assert (told["kind"], told["number"], told["gross"]) == (
        *("invoice", "2026-4711", Decimal("280.00")),
    )


@pytest.mark.parametrize(
    "answer", [b"", b"thanks", b'{"status": "booked"}', b'{"status": 7}', b"[1]"]
)
def test_an_answer_that_says_nothing_useful_is_still_an_arrival(system, handed, answer):
    system.replies = [(200, answer)]
    assert send_due(now=MORNING) == 1
    assert HandOver.objects.get().status == "waiting"


# The webhook


def tell(secret=THEIRS, now=None, client=None, **said):
    """What the other system sends, signed by its own hands."""
    body = json.dumps(said).encode()
    stamp = str(int((now or timezone.now()).timestamp()))
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return (client or Client()).post(
        reverse("billing:hand_over_answer"),
        body,
        content_type="application/json",
        headers={
            "Emergency-Timestamp": stamp,
            "Emergency-Signature": f"v1={digest.hexdigest()}",
        },
    )


def answer(key, event="e-1", status="booked", number="2026-4711", **more):
    return {"event": event, "key": key, "status": status, "number": number, **more}


def test_number_and_status_come_back(handed, door):
    key = HandOver.objects.get().key
    response = tell(**answer(key))
    assert (response.status_code, response.json()) == (200, {"status": "booked"})
    assert handed.hand_overs.get().external_number == "2026-4711"
    assert [fact["number"] for fact in door.told] == ["2026-4711"]
    assert door.told[0]["url_name"] == "", "the document is not ours to open"
    collect(now=MORNING + timedelta(days=1))
    assert list(door.open_work()) == []


def test_the_same_event_again_changes_nothing(handed, door):
    key = HandOver.objects.get().key
    for _ in range(3):
        assert tell(**answer(key)).status_code == 200
    assert HandOverEvent.objects.count() == 1
    assert len(door.told) == 1
    tell(**answer(key, status="cancelled"))
    assert HandOver.objects.get().status == "booked", "the event was used"


def test_an_overtaken_answer_is_kept_and_changes_nothing(handed, door):
    key = HandOver.objects.get().key
    tell(**answer(key, "e-2", "paid"))
    tell(**answer(key, "e-1", "accepted", ""))
    found = HandOver.objects.get()
    assert (found.status, found.external_number) == ("paid", "2026-4711")
    assert list(HandOverEvent.objects.values_list("status", "applied")) == [
        ("paid", True),
        ("accepted", False),
    ]


def test_paid_is_settled(handed, door):
    key = HandOver.objects.get().key
    tell(**answer(key, "e-1"))
    tell(**answer(key, "e-2", "paid"))
    handed.refresh_from_db()
    assert handed.settled_at is not None
    assert [fact["reference"] for fact in door.settled] == ["NF-TEST-1"]


def test_unsigned_forged_and_old_answers_are_refused(handed, mode):
    key = HandOver.objects.get().key
    old = timezone.now() - timedelta(minutes=6)
    early = timezone.now() + timedelta(minutes=6)
    assert tell("another word", **answer(key)).status_code == 403
    assert tell(OURS, **answer(key)).status_code == 403
    assert tell(now=old, **answer(key)).status_code == 403
    assert tell(now=early, **answer(key)).status_code == 403
    unsigned = Client().post(
        reverse("billing:hand_over_answer"),
        json.dumps(answer(key)),
        content_type="application/json",
    )
    assert unsigned.status_code == 403
    mode.HAND_OVER = {**mode.HAND_OVER, "CALLBACK_SECRET": ""}
    assert tell("", **answer(key)).status_code == 403
    assert not HandOverEvent.objects.exists()


def test_while_keys_change_both_are_believed(handed, mode):
    mode.HAND_OVER = {**mode.HAND_OVER, "CALLBACK_SECRET_SECONDARY": "the next word"}
    key = HandOver.objects.get().key
    assert tell("the next word", **answer(key)).status_code == 200
    assert tell(THEIRS, **answer(key, "e-2", "paid")).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event": ""}, "event"),
        ({"event": "e" * 71}, "event"),
        ({"event": 7}, "event"),
        ({"event": "a\x00"}, "event"),
        ({"key": None}, "key"),
        ({"status": "waiting"}, "status"),
        ({"status": "lost"}, "status"),
        ({"status": ["paid"]}, "status"),
        ({"number": 4711}, "number"),
        ({"number": "1" * 41}, "number"),
        ({"number": "1\x00"}, "number"),
        ({"message": "m" * 301}, "message"),
    ],
)
def test_a_wrong_field_is_named(handed, change, field):
    key = HandOver.objects.get().key
    response = tell(**{**answer(key), **change})
    assert (response.status_code, response.json()) == (400, {"error": field})
    assert HandOver.objects.get().status == "waiting"


def test_a_key_of_nobody_and_a_second_number_are_refused(handed):
    key = HandOver.objects.get().key
    assert tell(**answer("hand-over-of-somebody")).status_code == 404
    assert tell(**answer(key, number="")).json() == {"error": "number_missing"}
    tell(**answer(key))
    other = tell(**answer(key, "e-2", number="2026-4712"))
    assert (other.status_code, other.json()) == (409, {"error": "number_differs"})
    assert HandOver.objects.get().external_number == "2026-4711"
    assert Client().get(reverse("billing:hand_over_answer")).status_code == 405


# By hand, taken back


def test_accounting_types_in_what_it_reads_there(handed, door, accountant):
    page = signed_in(accountant)
    said = {"status": "booked", "number": "2026-4711"}
    response = page.post(url("answered_by_hand", handed.pk), said, follow=True)
    assert "2026-4711" in text(response)
    assert handed.hand_overs.get().events.get().staff == accountant
    back = page.post(
        url("answered_by_hand", handed.pk),
        {"status": "accepted", "number": ""},
        follow=True,
    )
    assert "has already said more" in text(back)
    missing = {"status": "paid", "number": ""}
    assert "Please enter it" in text(
        page.post(url("answered_by_hand", handed.pk), missing, follow=True)
    )


def refuse(document):
    return record_answer(
        key=HandOver.objects.filter(document=document).latest("pk").key,
        event_id=f"refused-{HandOver.objects.count()}",
        status="refused",
        number="",
        message="unknown debtor",
        source=HandOverEvent.Source.WEBHOOK,
        now=MORNING,
    )


def test_what_was_refused_is_put_right_and_handed_over_again(
    system, handed, accountant, door
):
    send_due(now=MORNING)
    refuse(handed)
    assert list(to_do().refused) == [handed]
    page = signed_in(accountant)
    assert "unknown debtor" in text(page.get(url("document", handed.pk)))
    page.post(url("take_back", handed.pk), {"why": "Debitor angelegt"})
    handed.refresh_from_db()
    assert handed.status == "draft"
    BillingProfile.objects.update(external_number="D-78")
    approve(document_id=handed.pk, staff_id=accountant.pk, now=MORNING)
    hand_over(document_id=handed.pk, now=MORNING)
    assert send_due(now=MORNING) == 1
    assert len(system.kept) == 2, "it is another key"
    assert json.loads(system.requests[-1][1])["external_account_number"] == "D-78"
    assert [one.status for one in handed.hand_overs.all()] == ["waiting", "refused"]


def test_only_what_was_refused_is_taken_back(handed, accountant):
    with pytest.raises(BillingRefusal) as refused:
        take_back(
            document_id=handed.pk, why="falsch", staff_id=accountant.pk, now=MORNING
        )
    assert refused.value.code == "not_refused"
    refuse(handed)
    with pytest.raises(BillingRefusal) as refused:
        take_back(document_id=handed.pk, why=" ", staff_id=accountant.pk, now=MORNING)
    assert refused.value.code == "why_missing"


# The file


def rows(batch):
    text = bytes(batch.content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_a_file_holds_what_no_file_holds_yet(handed, door, accountant):
    batch = make_file(staff_id=accountant.pk, now=MORNING)
    assert (batch.count, batch.net) == (1, Decimal("233.33"))
    fee, support = rows(batch)
    assert (fee["text"], fee["quantity"], fee["price"]) == (
        *("Grundentgelt für den Notfalleinsatz", "1", "200.00"),
    )
    assert (support["net"], support["tax_code"]) == ("33.33", "U20")
    assert support["account_number"] == "K-1"
    assert support["external_account_number"] == "D-77"
    assert support["order_record"].startswith(
        "http://127.0.0.1:8000/billing/hand-over/"
    )
    with pytest.raises(BillingRefusal):
        make_file(staff_id=accountant.pk, now=MORNING)
    assert hashlib.sha256(bytes(batch.content)).hexdigest() == batch.sha256


def test_no_cell_is_a_formula(mode, door, profile, accountant):
    document = approved(door, accountant.pk, account_name="=HYPERLINK(1)")
    hand_over(document_id=document.pk, now=MORNING)
    batch = make_file(staff_id=accountant.pk, now=MORNING)
    assert rows(batch)[0]["account_name"] == "'=HYPERLINK(1)"


def test_the_page_makes_the_file_and_gives_the_same_bytes_each_time(handed, accountant):
    page = signed_in(accountant)
    assert "Make a CSV file of 1 document" in text(page.get(url("hand_over")))
    page.post(url("hand_over_new_file"))
    batch = HandOverBatch.objects.get()
    first, second = (page.get(url("hand_over_file", batch.pk)) for _ in range(2))
    assert first.content == second.content == bytes(batch.content)
    assert "attachment" in first["Content-Disposition"]
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOverBatch.objects.update(content=b"")


# Pages


def test_the_pages_say_where_it_is(handed, accountant):
    page = signed_in(accountant)
    assert "No number yet" in text(page.get(url("hand_over")))
    said = text(page.get(url("document", handed.pk)))
    assert "The billing system makes the invoice" in said
    tell(**answer(HandOver.objects.get().key))
    assert "2026-4711" in text(page.get(url("documents")))
    assert "Invoiced there" in text(page.get(url("hand_over")))
    assert "2026-4711" in text(page.get(url("document", handed.pk)))


def test_only_accounting_opens_these_pages(handed):
    client = signed_in(make_staff("technician"))
    for name, arguments in (("hand_over", ()), ("hand_over_file", (1,))):
        assert client.get(url(name, *arguments)).status_code == 403
    for name, arguments in (
        ("hand_over_new_file", ()),
        ("answered_by_hand", (handed.pk,)),
        ("take_back", (handed.pk,)),
    ):
        assert client.post(url(name, *arguments)).status_code == 403
