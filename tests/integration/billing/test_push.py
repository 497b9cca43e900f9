"""Issued documents also go to the operator's customer system, signed, with retries."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.checks import run_checks

from billing.actions.transmit import RETRIES, send_again, send_due
from billing.models import BillingProfile, Transmission
from billing.queries.todo import unsent
from billing.rules.signing import SIGNATURE, TIMESTAMP, is_signed
from tests.integration.billing.other_systems import Taker, running
from tests.integration.billing.stories import MORNING, issued
from tests.integration.billing.test_pages import signed_in, text, url

WORD = "a long random word"


@pytest.fixture
def system(settings):
    with running(Taker) as taker:
        settings.DOCUMENT_PUSH = {"URL": f"{taker.url}/invoices", "SECRET": WORD}
        yield taker


def attempts(kind):
    of_kind = Transmission.objects.filter(kind=kind)
    return list(of_kind.values_list("attempt", "status"))


def test_the_issued_bytes_arrive_signed_beside_the_mail(
    system, door, profile, accountant
):
    invoice = issued(door, accountant.pk)
    assert send_due(now=MORNING) == 2
    assert len(mail.outbox) == 1
    ((headers, body),) = system.requests
    assert is_signed(
        [WORD],
        timestamp=headers[TIMESTAMP],
        signed=headers[SIGNATURE],
        body=body,
        now=MORNING,
    )
    assert headers["Idempotency-Key"] == "document-RE-2026-00001"
    said = json.loads(body)
    assert (said["number"], said["gross"]) == ("RE-2026-00001", "280.00")
    (pdf,) = said["files"]
    content = base64.b64decode(pdf["content_base64"])
    assert content == bytes(invoice.file.content)
    assert hashlib.sha256(content).hexdigest() == pdf["sha256"]
    invoice.refresh_from_db()
    assert invoice.status == "transmitted"


def test_it_is_retried_by_itself_and_the_mail_is_not(system, door, profile, accountant):
    issued(door, accountant.pk)
    system.replies = [(500, b"")]
    assert send_due(now=MORNING) == 1
    assert attempts("email") == [(1, "sent")]
    assert attempts("push") == [(1, "failed"), (2, "due")]
    assert send_due(now=MORNING + RETRIES[0]) == 1
    assert attempts("push") == [(1, "failed"), (2, "sent")]
    assert len(mail.outbox) == 1
    first, second = (body for _headers, body in system.requests)
    assert first == second


def test_a_push_that_is_stuck_is_seen_though_the_mail_went(
    system, door, profile, accountant
):
    invoice = issued(door, accountant.pk)
    system.replies = [(403, b"")]
    send_due(now=MORNING)
    assert list(unsent()) == [invoice]
    page = signed_in(accountant)
    page.post(url("send", invoice.pk), {"kind": "push"})
    later = Transmission.objects.get(kind="push", status="due").due_at
    assert send_due(now=later) == 1
    assert not unsent().exists()
    assert "Customer system" in text(page.get(url("document", invoice.pk)))
    assert page.post(url("send", invoice.pk), {"kind": "fax"}).status_code == 404


def test_without_an_address_for_mail_it_still_goes(system, door, profile, accountant):
    BillingProfile.objects.update(invoice_email="")
    issued(door, accountant.pk)
    assert send_due(now=MORNING) == 1
    assert attempts("email") == []
    assert len(system.kept) == 1


def test_without_the_setting_nothing_is_pushed(door, profile, accountant):
    invoice = issued(door, accountant.pk)
    assert attempts("push") == []
    page = signed_in(accountant)
    page.post(url("send", invoice.pk), {"kind": "push"}, follow=True)
    assert attempts("push") == []


def test_a_redirection_is_not_followed(system, door, profile, accountant):
    invoice = issued(door, accountant.pk)
    system.replies = [(302, b"")]
    send_due(now=MORNING)
    assert Transmission.objects.get(kind="push").problem == "HTTP 302"
    assert len(system.requests) == 1
    send_again(document_id=invoice.pk, kind="push", now=MORNING)
    assert send_due(now=MORNING + timedelta(seconds=1)) == 1


# The checks

HAND_OVER = {
    "URL": "https://billing.example/documents",
    "SECRET": "word",
    "CALLBACK_SECRET": "word",
    "CALLBACK_SECRET_SECONDARY": "",
    "ORDER_RECORD": "link",
    "TAX_CODES": {},
}


def found():
    return {m.id for m in run_checks() if m.id and m.id.startswith("billing.")}


def test_a_good_configuration_has_nothing_to_say(settings):
    assert found() == set()
    settings.BILLING_MODE, settings.HAND_OVER = "hand_over", HAND_OVER
    settings.DOCUMENT_PUSH = {"URL": "http://127.0.0.1:1/", "SECRET": "word"}
    settings.VIES_URL = "https://ec.europa.eu/taxation_customs/vies/rest-api"
    assert found() == set()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"URL": ""}, {"billing.W006"}),
        ({"URL": "ftp://billing.example"}, {"billing.E004"}),
        ({"URL": "http://billing.example"}, {"billing.E004"}),
        ({"URL": "https://[bad"}, {"billing.E004"}),
        ({"SECRET": ""}, {"billing.E004"}),
        ({"CALLBACK_SECRET": ""}, {"billing.W005"}),
        ({"ORDER_RECORD": "fax"}, {"billing.E006"}),
        ({"TAX_CODES": ["S"]}, {"billing.E007"}),
        ({"TAX_CODES": {"Z": "0"}}, {"billing.E007"}),
        ({"TAX_CODES": {"S": 20}}, {"billing.E007"}),
    ],
)
def test_a_bad_hand_over_is_named(settings, change, said):
    settings.BILLING_MODE = "hand_over"
    settings.HAND_OVER = {**HAND_OVER, **change}
    assert found() == said


def test_a_mode_that_is_none_a_bad_push_and_a_bad_authority_are_named(settings):
    settings.BILLING_MODE = "both"
    settings.DOCUMENT_PUSH = {"URL": "https://crm.example", "SECRET": ""}
    settings.VIES_URL = "vies"
    messages = [m for m in run_checks() if m.id and m.id.startswith("billing.")]
    assert {m.id for m in messages} == {"billing.E003", "billing.E005", "billing.E008"}
    assert all(m.hint for m in messages)
