"""A report taken by telephone is the customer's own order, with a witness."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import Error
from django.test import Client

from emergency.actions.report import MaintenanceCheck
from emergency.actions.support_pins import create_pin
from emergency.actions.tracking_link import address_of
from emergency.models import Consent, Incident, Page, Report
from emergency.terms import NoTerms
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.incident_page import shown
from tests.integration.desk.telephone_page import (
    ASKED,
    FORM,
    MOBILE,
    TICKS,
    asked,
    ordered,
)
from tests.integration.desk.test_board import words
from tests.integration.public import pages
from tests.integration.public.pages import read, text_of


@pytest.fixture
def anna(offering: None, desk: Desk) -> Client:
    return people.signed_in(desk.anna)


def consent() -> Consent:
    return Consent.objects.get()


def test_the_text_is_read_out_in_the_callers_language_and_kept_word_for_word(
    anna: Client, desk: Desk
) -> None:
    page = asked(anna)
    said = text_of(page)
    for sentence in (
        "Anna Berger",
        "Nordlicht",
        "Only this fee when the infrastructure was the cause.",
        "A callback.",
        "The application.",
        MOBILE,
        "252.00",
    ):
        assert sentence in said
    assert "14 " not in " ".join(page.context["text"].sentences)
    answer = ordered(anna, page, **TICKS)
    incident = Incident.objects.get()
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/desk/i/{incident.reference}/"
    assert consent().channel == Consent.Channel.TELEPHONE
    assert consent().taken_by == desk.anna.staff
    assert consent().rung_by == "customer"
    assert consent().button_text == ""
    assert consent().language == "de"
    assert consent().terms_version == "test-1"
    read_out = consent().read_out
    assert MOBILE not in "".join(read_out)
    assert read_out == [*page.context["text"].sentences, page.context["text"].question]
    report = Report.objects.get()
    assert (str(report.callback_number), report.language) == (MOBILE, "de")
    assert report.verification == Report.Verification.NONE
    assert report.contact is None


def test_the_same_act_as_the_form_pages_tells_and_says_who_took_it(
    anna: Client, desk: Desk
) -> None:
    ordered(anna, asked(anna, server_name="web01.example"), **TICKS)
    incident = Incident.objects.get()
    assert incident.account == desk.customer.account
    assert Page.objects.filter(incident=incident, technician=desk.anna).exists()
    told = {(m.purpose, m.kind) for m in incident.messages.all()}
    assert told == {
        ("received", "sms"),
        ("received", "email"),
        ("confirmation", "email"),
    }
    assert "{link}" in incident.messages.get(purpose="received", kind="sms").text
    page = words(shown(anna, incident))
    assert "Taken by telephone by Anna Berger: price read out" in page
    assert "consent spoken at 02:11" in page
    assert "Ordered by telephone: the price was read out, the yes was heard." in page


def test_the_link_in_the_message_opens_the_page_of_the_caller(anna: Client) -> None:
    page = asked(anna, spoken_language="en")
    assert page.context["text"].question.startswith("Do you order this")
    ordered(anna, page, **TICKS)
    report = Report.objects.get()
    address = address_of(report=report, now=report.ordered_at)
    text = words(text_of(people.stranger().get(urlsplit(address).path)))
    assert "You ordered by telephone. Anna Berger read the price out" in text
    assert "Only this fee when the infrastructure was the cause." in text


def test_nothing_typed_is_lost_by_errors_or_by_going_back(anna: Client) -> None:
    wrong = asked(
        anna, callback_number="0664 l23", spoken_language="en", second_name="Kim"
    )
    assert wrong.status_code == 422
    kept_values = read(wrong).values()
    assert kept_values["callback_number"] == "0664 l23"
    assert kept_values["second_name"] == "Kim"
    assert 'aria-invalid="true"' in text_of(wrong)
    page = asked(anna, recent_changes="PHP update")
    back = anna.post(FORM, {"checked": read(page).values()["checked"], "change": "1"})
    values = read(back).values()
    for name, text in {**ASKED, "recent_changes": "PHP update"}.items():
        if name != "spoken_language":
            assert values[name] == text
    again = ordered(anna, page, said_yes="on")
    assert again.status_code == 422
    assert "Not ticked: I have read all of this out." in words(text_of(again))
    assert read(again).values()["said_yes"] == "on"
    assert not Incident.objects.exists()


def test_a_form_without_its_token_comes_back_as_it_was_typed(desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    strict.force_login(desk.anna.staff)
    answer = strict.post(FORM, ASKED)
    assert answer.status_code == 403
    assert ASKED["problem_description"] in text_of(answer)
    stranger = Client(enforce_csrf_checks=True)
    assert ASKED["problem_description"] not in text_of(stranger.post(FORM, ASKED))


def test_a_price_that_changed_meanwhile_is_read_out_anew(
    anna: Client, monkeypatch
) -> None:
    page = asked(anna)
    monkeypatch.setitem(pages.offer, "version", "test-2")
    again = ordered(anna, page, **TICKS)
    assert "have just changed" in text_of(again)
    assert not {"was_read", "said_yes"} & set(read(again).values())
    assert not Incident.objects.exists()
    assert ordered(anna, again, **TICKS).status_code == 303
    assert consent().terms_version == "test-2"
    monkeypatch.setitem(pages.offer, "version", "none")
    monkeypatch.setattr("emergency.terms._last_good", _no_copy)
    nothing = asked(anna)
    assert nothing.status_code == 503
    assert ASKED["problem_description"] in text_of(nothing)


def _no_copy(language: str) -> None:
    raise NoTerms(language)


def test_a_page_that_is_sent_twice_is_one_order(anna: Client) -> None:
    page = asked(anna)
    first, second = (ordered(anna, page, **TICKS, take="on") for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Report.objects.count() == 1
    codes = list(Incident.objects.get().timeline.values_list("code", flat=True))
    assert codes.count("acknowledged") == 1
    assert "acknowledged_too_late" not in codes


def test_an_order_that_cannot_be_recorded_can_be_tried_again(
    anna: Client, monkeypatch
) -> None:
    page = asked(anna)

    def away(**values: object) -> None:
        raise Error("away")

    with monkeypatch.context() as patched:
        patched.setattr("emergency.views.telephone.take_down", away)
        answer = ordered(anna, page, **TICKS, take="on")
    assert answer.status_code == 503
    assert read(answer).values()["take"] == "on"
    assert ordered(anna, answer, **TICKS).status_code == 303


def test_whoever_takes_it_at_once_has_it_before_a_telephone_rings(
    anna: Client, desk: Desk
) -> None:
    ordered(anna, asked(anna), **TICKS, take="on")
    incident = Incident.objects.get()
    assert incident.status == "acknowledged"
    assert incident.owner == desk.anna
    urgent = incident.pages.filter(purpose="emergency")
    assert set(urgent.values_list("status", "sends")) == {("withdrawn", 0)}
    eva = people.signed_in(desk.eva)
    assert 'name="take"' not in text_of(asked(eva, server_name="other.example"))


def test_a_second_report_joins_the_open_incident_of_the_server(
    anna: Client, desk: Desk
) -> None:
    first = people.report(now=desk.clock.now, server="web01.example")
    desk.clock.pass_time(minutes=2)
    page = asked(anna, callback_number="+43 1 5551234")
    answer = ordered(anna, page, **TICKS, take="on")
    assert answer.headers["Location"] == f"/desk/i/{first.reference}/"
    joined = first.reports.get(joined=True)
    assert joined.consent.taken_by == desk.anna.staff
    assert not joined.messages.filter(purpose="confirmation").exists()
    first.refresh_from_db()
    assert first.opened_at == desk.clock.now - timedelta(minutes=2)
    assert "Taken by telephone by Anna Berger" in words(shown(anna, first))


def test_a_support_pin_verifies_and_one_that_does_not_fit_is_said(
    anna: Client, desk: Desk
) -> None:
    pin = create_pin(account=desk.customer.account, staff=desk.eva, now=desk.clock.now)
    page = asked(anna)
    wrong = ordered(anna, page, **TICKS, caller_account="10042", caller_pin="000")
    assert wrong.status_code == 422
    assert "does not fit" in text_of(wrong)
    assert read(wrong).values()["caller_account"] == "10042"
    right = ordered(anna, page, **TICKS, caller_account="10042", caller_pin=pin)
    assert right.status_code == 303
    assert Report.objects.get().verification == Report.Verification.PIN


def test_running_maintenance_is_read_out_and_asked_about(
    anna: Client, monkeypatch
) -> None:
    window: dict[str, object] = {
        "id": "1",
        "source": "status",
        "why": "",
        "name": "Switches",
        "starts_at": None,
        "ends_at": None,
        "components": [],
        "url": "",
    }
    found = MaintenanceCheck(result="active", evidence={"windows": [window]})
    monkeypatch.setattr(
        "emergency.views.telephone.check_maintenance", lambda **asked_about: found
    )
    page = asked(anna)
    assert "Switches" in " ".join(page.context["text"].sentences)
    assert ordered(anna, page, **TICKS).context["missing"] == ["maintenance_confirmed"]
    ordered(anna, page, **TICKS, maintenance_confirmed="on")
    report = Report.objects.get()
    assert report.maintenance_result == "active"
    assert report.maintenance_evidence["confirmed"] is True
