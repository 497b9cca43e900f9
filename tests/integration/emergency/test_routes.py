"""Two ways for an SMS: what one refuses goes by the other, and both are remembered."""

from datetime import timedelta

import pytest

from emergency.actions.delivery import ask_about_silent_pages
from emergency.actions.routes import order_of_routes, record_success
from emergency.models import Page, RouteHealth
from emergency.rules.breaker import FIRST_PAUSE
from tests.integration.emergency.provider import (
    BAD_NUMBER,
    BROKEN,
    HANGS_UP,
    TAKEN,
    THROTTLED,
    WRONG_TOKEN,
)
from tests.integration.emergency.sending import send
from tests.integration.emergency.two_routes import ACCEPTED, gateway, refuse, text
from tests.people import NIGHT

# Fixtures that are only named in arguments.
__all__ = ["gateway", "text"]


def routes_tried(page):
    return list(page.attempts.values_list("provider", flat=True))


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
