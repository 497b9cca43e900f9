"""Handing over by signed requests: once, however often they are repeated."""

import csv
import hashlib
import hmac
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.actions.hand_over import (
    hand_over,
    make_file,
)
from billing.actions.refusal import BillingRefusal
from billing.actions.transmit import RETRIES, send_again, send_due
from billing.models import (
    HandOver,
    HandOverBatch,
    Transmission,
)
from billing.queries.todo import to_do, unsent
from tests.integration.billing.billing_system import OURS, answer, tell
from tests.integration.billing.conftest import make_staff
from tests.integration.billing.stories import MORNING, approved
from tests.integration.billing.test_pages import signed_in, text, url

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
    assert to_do().unsent.documents == [handed]
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


@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", " \n=HYPERLINK(1)", "＝HYPERLINK(1)"]
)
def test_no_cell_is_a_formula(mode, door, profile, accountant, name):
    document = approved(door, accountant.pk, account_name=name)
    hand_over(document_id=document.pk, now=MORNING)
    batch = make_file(staff_id=accountant.pk, now=MORNING)
    assert rows(batch)[0]["account_name"] == f"'{name.strip()}"


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
