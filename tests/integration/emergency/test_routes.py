"""Two ways for an SMS: what one refuses goes by the other, and both are remembered."""

import json
import urllib.parse
from datetime import timedelta

import pytest
from django.test import Client

from emergency.actions.delivery import ask_about_silent_pages
from emergency.actions.routes import order_of_routes, record_failure, record_success
from emergency.actions.send import LEASE
from emergency.checks import sms_gateway_is_described
from emergency.gateway_settings import SMS_GATEWAY
from emergency.models import Incident, Page, RouteHealth
from emergency.rules.breaker import FIRST_PAUSE
from tests.integration.emergency.provider import (
    BAD_NUMBER,
    BROKEN,
    HANGS_UP,
    TAKEN,
    THROTTLED,
    WRONG_TOKEN,
    Provider,
)
from tests.integration.emergency.sending import claimed, send
from tests.people import NIGHT

SECOND = timedelta(seconds=1)
SECRET = "word-of-the-gateway"
ACCEPTED = 202, {"id": "G-1", "status": "accepted"}


@pytest.fixture
def gateway(settings):
    """A gateway of its own, which takes everything until it is told otherwise."""
    gateway = Provider()
    gateway.will(ACCEPTED)
    settings.SMS_GATEWAY = {
        **SMS_GATEWAY,
        "URL": f"{gateway.url}/gateway/messages",
        "SECRET": SECRET,
        "CALLBACK_SECRET": SECRET,
        "FROM": "+43720880001",
    }
    yield gateway
    gateway.close()


@pytest.fixture
def text(incident):
    return incident.pages.get(kind="sms")


def gateway_says(path, *, secret=SECRET, **values):
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client().post(path, values, content_type="application/json", headers=headers)


def report_path(page):
    return f"/webhooks/gateway/sms/{page.attempts.last().token}/status"


def routes_tried(page):
    return list(page.attempts.values_list("provider", flat=True))


def refuse(route, *, times=1, code="no_connection", now=NIGHT):
    for _ in range(times):
        record_failure(route=route, code=code, now=now)


@pytest.mark.parametrize(
    "answer",
    [WRONG_TOKEN, THROTTLED, BROKEN, HANGS_UP],
    ids=["wrong token", "throttled", "broken", "hangs up"],
)
def test_what_the_provider_does_not_take_goes_by_the_gateway_in_the_same_send(
    text, incident, provider, gateway, answer
):
    provider.will(answer)
    page = send(text)

    assert page.status == Page.Status.SENT
    assert routes_tried(page) == ["twilio", "gateway"]
    assert gateway.orders() == 1
    assert not incident.timeline.filter(code="page_failed").exists()
    assert incident.timeline.get(code="other_route").values["route"] == "sms:gateway"


def test_a_number_that_is_wrong_is_not_tried_by_another_route(text, provider, gateway):
    provider.will(BAD_NUMBER)
    assert send(text).status == Page.Status.FAILED
    assert gateway.orders() == 0


def test_where_both_refuse_the_page_is_tried_again_and_the_next_way_is_due(
    text, incident, provider, gateway
):
    provider.will(BROKEN)
    gateway.will((503, ""))
    page = send(text)
    assert (page.status, page.held_reason) == (Page.Status.QUEUED, "retry")
    assert incident.timeline.filter(code="page_failed").count() == 1
    gateway.will(ACCEPTED)
    assert send(page, page.due_at).status == Page.Status.SENT


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


def test_three_failures_in_a_row_send_the_next_page_by_the_gateway_first(text, gateway):
    refuse("sms:twilio", times=2)
    assert order_of_routes("sms", NIGHT)[0] == "sms:twilio"
    refuse("sms:twilio")
    assert order_of_routes("sms", NIGHT) == ["sms:gateway", "sms:twilio"]


def test_after_the_pause_one_page_that_can_wait_tries_the_route_again(text, gateway):
    refuse("sms:twilio", times=3)
    later = NIGHT + FIRST_PAUSE
    assert order_of_routes("sms", later, urgent=True)[0] == "sms:gateway"
    assert order_of_routes("sms", later, urgent=False)[0] == "sms:twilio"
    assert order_of_routes("sms", later, urgent=False)[0] == "sms:gateway"
    record_success(route="sms:twilio", now=later)
    assert order_of_routes("sms", later)[0] == "sms:twilio"


def test_a_refused_account_closes_every_route_through_it(text, gateway):
    refuse("voice:twilio", code="20003")
    for route in ("voice:twilio", "sms:twilio"):
        assert RouteHealth.objects.get(pk=route).open_until == NIGHT + FIRST_PAUSE
    assert not RouteHealth.objects.filter(pk="sms:gateway", failures__gt=0).exists()


def told():
    return list(
        Page.objects.filter(purpose="notice", kind="sms").values_list(
            "values__code", "values__error"
        )
    )


@pytest.mark.parametrize(
    ("code", "notice"),
    [
        ("20003", "account_refused"),
        ("21606", "route_refused"),
        ("30007", "route_refused"),
        ("99999", "route_refused"),
    ],
)
def test_what_every_later_page_would_meet_is_told_to_the_duty_manager_once(
    anna, code, notice
):
    for minute in range(5):
        refuse("sms:twilio", code=code, now=NIGHT + timedelta(minutes=minute))
    assert told() == [(notice, code)]
    refuse("sms:twilio", code=code, now=NIGHT + timedelta(hours=2))
    assert len(told()) == 2


def test_trouble_that_passes_by_itself_is_told_to_nobody(anna):
    for code in ("http_503", "20429", "busy", "30003", "21610", "no_connection"):
        refuse("sms:twilio", code=code, times=4)
    assert told() == []


def test_a_breaker_holds_up_no_page(text, incident, provider):
    refuse("sms:twilio", times=9)
    refuse("voice:twilio", times=9)
    for page in incident.pages.all():
        assert send(page).status == Page.Status.SENT


def test_a_page_bound_to_a_route_takes_no_other(text, provider, gateway):
    Page.objects.filter(pk=text.pk).update(values={"route": "sms:gateway"})
    gateway.will((503, ""))
    page = send(text)
    assert page.status == Page.Status.QUEUED
    assert routes_tried(page) == ["gateway"]
    assert provider.orders() == 0


def test_a_busy_provider_is_not_asked_again_before_it_said(text, provider):
    provider.headers["Retry-After"] = "45"
    provider.will(THROTTLED)
    assert send(text).due_at == NIGHT + timedelta(seconds=45)


def test_an_address_the_provider_will_not_report_to_costs_the_report_not_the_page(
    text, provider
):
    bad_callback = 400, {"code": 21609, "message": "no", "status": 400}
    provider.will(bad_callback, TAKEN)
    page = send(text)
    assert page.status == Page.Status.SENT
    assert "StatusCallback" in provider.letters[0][1]
    assert "StatusCallback" not in provider.letters[1][1]
    known = 200, {"sid": "CA" + "1" * 32, "status": "delivered"}
    provider.will(known)
    ask_about_silent_pages(now=NIGHT + timedelta(minutes=1))
    page.refresh_from_db()
    assert page.status == Page.Status.DELIVERED


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
