"""What a customer keeps when something breaks, is odd or is forged."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from emergency.actions import report as actions
from emergency.forms import LONGEST_TEXT
from emergency.models import Consent, Incident, Report
from tests.integration.public import pages
from tests.integration.public.pages import REPORT, check, order, read, text_of


def test_an_order_that_cannot_be_recorded_can_be_repeated(customer, monkeypatch):
    checked = check(customer)

    def away(**arguments):
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "order", away)
        failed = order(customer, checked)
    assert failed.status_code == 503
    assert "konnte nicht gespeichert werden" in text_of(failed)
    assert order(customer, failed).status_code == 303
    assert Incident.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_order_over_a_connection_that_just_died_is_taken(customer):
    """PostgreSQL was restarted: the old connection fails once, the customer never."""
    checked = check(customer)
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert order(customer, checked).status_code == 303
    assert Incident.objects.count() == 1


def test_a_form_without_its_token_comes_back_as_typed():
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "de"})
    answer = strict.post("/", REPORT)
    assert answer.status_code == 403
    document = read(answer)
    assert {name: document.values()[name] for name in REPORT} == REPORT
    assert "noch nichts bestellt" in text_of(answer)
    again = strict.post("/", document.values())
    assert "Zahlungspflichtig bestellen" in text_of(again)


def test_a_check_page_without_its_token_comes_back_as_it_was(customer):
    checked = read(check(customer)).values()
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "de"})
    answer = strict.post("/order/", checked)
    assert answer.status_code == 403
    assert "Zahlungspflichtig bestellen" in text_of(answer)
    assert strict.post("/order/", read(answer).values()).status_code == 303


def test_a_check_page_that_was_tampered_with_orders_nothing_and_keeps_texts(customer):
    values = read(check(customer)).values()
    values["checked"] = values["checked"][:-3] + "abc"
    answer = customer.post("/order/", values)
    document = read(answer)
    assert {name: document.values()[name] for name in REPORT} == REPORT
    assert not Incident.objects.exists()


@pytest.mark.parametrize("junk", ["", ":", "a:b:c", ".AAAA:b:c", "\x00", "é" * 50])
def test_a_nonsense_check_page_is_answered_calmly(customer, junk):
    assert customer.post("/order/", {"checked": junk}).status_code == 200
    assert customer.post("/", {"checked": junk}).status_code == 200


def test_an_error_of_ours_gives_the_text_back(customer, monkeypatch):
    def break_down(**arguments):
        raise RuntimeError

    monkeypatch.setattr("emergency.views.report.check_maintenance", break_down)
    customer.raise_request_exception = False
    answer = check(customer)
    assert answer.status_code == 500
    kept = read(answer).values()
    assert {name: kept[name] for name in REPORT} == REPORT


def test_without_any_price_nothing_is_sold_and_nothing_is_lost(customer, monkeypatch):
    monkeypatch.setitem(pages.offer, "version", "none")
    answer = check(customer)
    assert answer.status_code == 503
    assert "+43 720 880 000" in text_of(answer)
    assert read(answer).values()["recent_changes"] == REPORT["recent_changes"]


def test_the_last_good_price_is_used_and_marked(customer, monkeypatch):
    checked = check(customer)
    monkeypatch.setattr(
        "tests.integration.public.pages.fee_terms", lambda *arguments: 1 / 0
    )
    assert order(customer, checked).status_code == 303
    assert Consent.objects.get().terms_fresh is False


def test_a_long_log_is_taken_whole_and_a_longer_one_is_kept_and_refused(customer):
    log = ("ä" * 99 + "\n") * (LONGEST_TEXT // 100)
    order(customer, check(customer, problem_description=log))
    assert Report.objects.get().problem_description == log.strip()
    longer = log + "x"
    answer = check(customer, problem_description=longer)
    assert str(LONGEST_TEXT + 1) in text_of(answer)
    assert read(answer).values()["problem_description"] == longer


def test_no_browser_cuts_off_what_is_pasted(customer):
    document = read(customer.get("/"))
    for element in document.elements:
        assert "maxlength" not in element.attributes, element.attributes
