"""Any SMS gateway that takes HTTP requests, described by settings alone."""

import json
import urllib.parse
from datetime import timedelta

import pytest
from django.test import Client

from emergency.actions.routes import record_failure
from emergency.actions.send import LEASE
from emergency.checks import sms_gateway_is_described
from emergency.models import Incident, Page, RouteHealth
from tests.integration.emergency.provider import (
    BROKEN,
)
from tests.integration.emergency.sending import claimed, send
from tests.integration.emergency.two_routes import (
    ACCEPTED,
    SECRET,
    gateway,
    refuse,
    text,
)
from tests.people import NIGHT

# Fixtures that are only named in arguments.
__all__ = ["gateway", "text"]

SECOND = timedelta(seconds=1)


def gateway_says(path, *, secret=SECRET, **values):
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client().post(path, values, content_type="application/json", headers=headers)


def report_path(page):
    return f"/webhooks/gateway/sms/{page.attempts.last().token}/status"


def test_the_gateway_is_told_what_the_settings_describe(text, provider, gateway):
    provider.will(BROKEN)
    page = send(text)
    headers, body = gateway.letters[-1]
    assert headers["Authorization"] == f"Bearer {SECRET}"
    token = page.attempts.get(provider="gateway").token
    fields = json.loads(body)
    assert fields["callback_url"].endswith(f"/webhooks/gateway/sms/{token}/status")
    assert page.code in fields.pop("text")
    assert fields == {
        "to": page.address,
        "from": "+43720880001",
        "reference": token,
        "callback_url": fields["callback_url"],
    }


def test_another_gateway_is_a_matter_of_settings(text, provider, gateway, settings):
    settings.SMS_GATEWAY |= {
        "FORMAT": "form",
        "AUTH": "header",
        "FIELDS": {"Empfaenger": "{to}", "Nachricht": "{text}", "Art": 7},
        "ID_PATH": "messages.0.uuid",
        "STATUS_PATH": "messages.0.state",
        "STATUS_WORDS": {"sent": ["ON ITS WAY"]},
    }
    gateway.will((200, {"messages": [{"uuid": "x-9", "state": "on its way"}]}))
    provider.will(BROKEN)
    page = send(text)

    headers, body = gateway.letters[-1]
    assert headers["X-Api-Key"] == SECRET
    form = urllib.parse.parse_qs(body)
    assert (form["Empfaenger"], form["Art"]) == ([page.address], ["7"])
    attempt = page.attempts.get(provider="gateway")
    assert (attempt.provider_id, attempt.provider_status) == ("x-9", "sent")


def test_a_text_that_looks_like_a_field_is_not_filled_in(settings, gateway, text):
    record_failure(route="sms:twilio", code="20003", now=NIGHT)
    text.technician.staff.language = "de"
    settings.SMS_GATEWAY["FIELDS"] = {"to": "{to}", "text": "{text} {unknown} {"}
    send(text)
    assert json.loads(gateway.letters[-1][1])["text"].endswith(" {unknown} {")


def test_the_gateways_report_moves_the_page(text, provider, gateway):
    provider.will(BROKEN)
    page = send(text)
    said = {"id": "G-1", "reference": "r", "status": "delivered", "error": None}
    for _ in range(2):
        assert gateway_says(report_path(page), **said).status_code == 204
    page.refresh_from_db()
    assert page.status == Page.Status.DELIVERED
    assert RouteHealth.objects.get(pk="sms:gateway").last_delivery_at


def test_a_failure_the_gateway_reports_is_a_failure_of_the_page(
    text, incident, provider, gateway
):
    provider.will(BROKEN)
    page = send(text)
    said = {"id": "G-1", "status": "undelivered", "error": "absent subscriber 0664"}
    gateway_says(report_path(page), **said)
    page.refresh_from_db()
    # Free text of the gateway is no code and could name somebody.
    assert (page.status, page.error_code) == (Page.Status.FAILED, "failed")
    assert incident.timeline.filter(code="page_failed").count() == 1


@pytest.mark.parametrize("secret", ["", "a guess", "wörd"])
def test_nobody_but_the_gateway_is_believed(text, incident, gateway, provider, secret):
    provider.will(BROKEN)
    page = send(text)
    for path in (report_path(page), "/webhooks/gateway/sms/inbound"):
        answer = gateway_says(
            path, secret=secret, **{"from": page.address, "text": page.code}
        )
        assert (answer.status_code, answer.content) == (403, b"")
    incident.refresh_from_db()
    assert incident.status == Incident.Status.PAGING


def test_without_a_secret_of_our_own_no_report_is_believed(settings, gateway, db):
    settings.SMS_GATEWAY["CALLBACK_SECRET"] = ""
    answer = gateway_says("/webhooks/gateway/sms/inbound", secret=" ")
    assert answer.status_code == 403


def test_nonsense_at_the_gateways_doors_is_no_error(gateway, db):
    for path in ("/webhooks/gateway/sms/x/status", "/webhooks/gateway/sms/inbound"):
        for body in ("", "[]", "null", '{"id": {"a": 1}}', "{", "\x00"):
            answer = Client().post(
                path,
                body,
                content_type="application/json",
                headers={"Authorization": f"Bearer {SECRET}"},
            )
            assert answer.status_code in {204, 404}


def test_a_reply_by_the_gateway_acknowledges(text, incident, gateway, provider):
    provider.will(BROKEN)
    page = send(text)
    said = {"id": "in-1", "from": page.address, "to": "x", "text": f"OK {page.code}"}
    assert gateway_says("/webhooks/gateway/sms/inbound", **said).status_code == 204
    incident.refresh_from_db()
    assert incident.owner == page.technician


def test_after_a_crash_the_gateway_is_asked_for_our_reference(
    text, provider, gateway, settings
):
    settings.SMS_GATEWAY["FIND_URL"] = f"{gateway.url}/messages?reference={{token}}"
    refuse("sms:twilio", times=9)
    order = claimed(text.pk, NIGHT)
    gateway.will((200, {"messages": [{"id": "G-7", "status": "sent"}]}))
    page = send(text, NIGHT + LEASE + SECOND)
    assert gateway.received == [("GET", f"/messages?reference={order.token}")]
    assert page.attempts.last().provider_id == "G-7"


@pytest.mark.parametrize("nothing", [(404, {}), (200, {"messages": []})])
def test_what_the_gateway_does_not_know_is_sent_again(
    text, provider, gateway, settings, nothing
):
    settings.SMS_GATEWAY["FIND_URL"] = f"{gateway.url}/messages?reference={{token}}"
    refuse("sms:twilio", times=9)
    claimed(text.pk, NIGHT)
    gateway.will(nothing, ACCEPTED)
    page = send(text, NIGHT + LEASE + SECOND)
    assert page.status == Page.Status.SENT
    assert [method for method, _ in gateway.received] == ["GET", "POST"]


def test_a_gateway_that_cannot_work_is_named(settings, gateway):
    assert sms_gateway_is_described() == []
    settings.SMS_GATEWAY |= {
        "METHOD": "FAX",
        "FORMAT": "xml",
        "FIELDS": {"to": "{to}"},
        "SECRET": "",
        "STATUS_WORDS": ["delivered"],
    }
    named = {message.msg.split()[0] for message in sms_gateway_is_described()}
    assert named == {
        f"SMS_GATEWAY_{name}"
        for name in ("METHOD", "FORMAT", "FIELDS", "SECRET", "STATUS_WORDS")
    }
