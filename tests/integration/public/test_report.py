"""From the first page to the order, as a customer without a script meets it."""

import gzip
import re

import pytest
from django.test import Client
from django.utils import timezone

from emergency.models import Account, Consent, Incident, Report, Server
from status.models import Source, Window
from tests.integration.public import pages
from tests.integration.public.pages import DIALLED, REPORT, check, order, read, text_of
from tests.people import NIGHT


def test_the_first_page_says_what_it_is_what_it_costs_and_asks_five_things(customer):
    response = customer.get("/")
    page = text_of(response)
    assert response.status_code == 200
    assert "240,00\xa0EUR" in page
    assert "200,00\xa0EUR" in page
    assert "A callback." in page
    assert "The application." in page
    assert "tel:112" in page
    inputs = {e.attributes.get("name") for e in read(response).elements}
    assert set(REPORT) <= inputs
    assert set(response.cookies) == {"csrftoken"}
    assert len(gzip.compress(response.content)) < 30_000


def test_the_page_is_german_unless_the_browser_asks_for_english(customer):
    assert read(Client().get("/")).first("html").attributes["lang"] == "de"
    english = Client(headers={"accept-language": "en-GB"}).get("/")
    assert "240.00\xa0EUR" in text_of(english)


def test_all_errors_are_shown_at_once_beside_their_inputs_and_above(customer):
    answer = check(
        customer, server_name="", problem_description=" ", callback_number="0664 l2345"
    )
    document = read(answer)
    assert document.first("title").text.startswith("Fehler: ")
    wrong = [
        element
        for element in document.elements
        if element.attributes.get("aria-invalid") == "true"
    ]
    assert [element.attributes["name"] for element in wrong] == [
        "server_name",
        "problem_description",
        "callback_number",
    ]
    for element in wrong:
        described = element.attributes["aria-describedby"].split()
        assert all(document.by_id(identity) for identity in described)
        assert any(identity.endswith("_error") for identity in described)
        assert f'href="#{element.attributes["id"]}"' in text_of(answer)
    kept = document.values()
    assert kept["callback_number"] == "0664 l2345"
    assert kept["recent_changes"] == REPORT["recent_changes"]
    assert not Report.objects.exists()


def test_the_check_page_repeats_everything_and_names_the_price_above_the_button(
    customer,
):
    page = text_of(check(customer))
    for name, typed in REPORT.items():
        assert (typed if name != "ordering_as" else "Ja, als Unternehmen") in page
    assert DIALLED in page
    price, button = page.rindex("240,00\xa0EUR"), page.index("Zahlungspflichtig")
    assert page.index(DIALLED) < price < button
    assert "<dd" not in page[price:button]
    assert not Report.objects.exists()


def test_an_order_leads_to_its_tracking_page_and_records_the_consent(customer):
    answer = order(customer, check(customer))
    assert answer.status_code == 303
    page = text_of(Client().get(answer.url, headers={"accept-language": "de"}))
    incident = Incident.objects.get()
    assert incident.reference in page
    assert "Wir rufen Sie bis 02:41 zurück" in page
    assert DIALLED in page
    report = Report.objects.get()
    assert report.callback_number_typed == REPORT["callback_number"]
    assert report.problem_description == REPORT["problem_description"]
    consent = Consent.objects.get()
    assert consent.button_text == "Zahlungspflichtig bestellen"
    assert consent.terms_version == "test-1"


def test_ordering_twice_is_one_order_and_leads_to_the_same_page(customer):
    checked = check(customer)
    assert order(customer, checked).url == order(customer, checked).url
    assert Incident.objects.count() == 1


def test_going_back_and_ordering_once_more_is_still_one_order(customer):
    values = read(customer.get("/")).values() | REPORT
    first = order(customer, customer.post("/", values))
    second = order(customer, customer.post("/", values))
    assert first.url == second.url
    assert Incident.objects.count() == 1


def test_an_unknown_server_is_accepted(customer):
    answer = check(customer, server_name="", server_unknown="on")
    assert order(customer, answer).status_code == 303
    assert Report.objects.get().servers.get().server is None


def without_secrets(page: str) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|keys|checked)" value="[^"]*"', "", page)


def test_nobody_learns_from_a_page_whether_a_name_belongs_to_an_account(customer):
    account = Account.objects.create(number="1", name="Muster GmbH")
    stranger_sees = check(customer)
    stranger_tracks = customer.get(order(customer, stranger_sees).url)
    # While it is open, a second report of this name joins it, known or not.
    Incident.objects.update(status="cancelled", closed_at=timezone.now())
    Server.objects.create(account=account, name=REPORT["server_name"])
    owner_sees = check(customer)
    owner_tracks = customer.get(order(customer, owner_sees).url)
    assert Incident.objects.filter(account=account).count() == 1
    assert without_secrets(text_of(stranger_sees)) == without_secrets(
        text_of(owner_sees)
    )
    hidden = re.compile(r"NF-\w{4}-\w{4}|class=\"code\">\d{4}|/t/[\w-]{43}/")
    assert hidden.sub("", text_of(stranger_tracks)) == hidden.sub(
        "", text_of(owner_tracks)
    )


def test_change_leads_back_to_the_input_with_everything_kept(customer):
    checked = read(check(customer)).values()
    answer = customer.post("/", checked | {"change": "recent_changes"})
    document = read(answer)
    assert {name: document.values()[name] for name in REPORT} == REPORT
    area = next(e for e in document.all("textarea") if "autofocus" in e.attributes)
    assert area.attributes["name"] == "recent_changes"
    again = customer.post("/", document.values())
    keys = (read(again).values(), order(customer, again))
    assert keys[1].status_code == 303


def test_the_language_switch_keeps_what_is_typed(customer):
    typed = read(customer.get("/")).values() | REPORT | {"callback_number": "0664 x"}
    answer = customer.post("/", typed | {"lang": "en"})
    document = read(answer)
    assert document.first("html").attributes["lang"] == "en"
    assert document.values()["callback_number"] == "0664 x"
    assert "aria-invalid" not in text_of(answer)
    assert answer.cookies["django_language"].value == "en"


def test_the_language_switch_of_the_check_page_shows_it_in_the_other_language(customer):
    checked = read(check(customer)).values()
    answer = customer.post("/", checked | {"lang": "en"})
    assert "Order with obligation to pay" in text_of(answer)
    assert REPORT["recent_changes"] in text_of(answer)
    assert order(customer, answer).status_code == 303
    assert Consent.objects.get().button_text == "Order with obligation to pay"


def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_ordered(
    customer, monkeypatch
):
    checked = check(customer)
    monkeypatch.setitem(pages.offer, "version", "test-2")
    again = order(customer, checked)
    assert again.status_code == 200
    assert "Der Preis hat sich gerade geändert" in text_of(again)
    assert not Incident.objects.exists()
    assert order(customer, again).status_code == 303
    assert Consent.objects.get().terms_version == "test-2"


def running_maintenance(name: str = REPORT["server_name"]) -> None:
    source = Source.objects.create(
        name="Status", url="https://s.example/", next_fetch_at=NIGHT, fetched_at=NIGHT
    )
    Window.objects.create(
        source=source,
        external_id="m1",
        name="Kernel update",
        state="running",
        ends_at=NIGHT.replace(hour=2),
        components=[{"id": "c1", "name": name}],
        url="https://s.example/m1",
    )


def test_running_maintenance_is_said_and_needs_one_tick(customer):
    running_maintenance()
    checked = check(customer)
    assert "Kernel update" in text_of(checked)
    assert "geplant bis 03:11" in text_of(checked)
    refused = order(customer, checked)
    document = read(refused)
    assert document.first("title").text.startswith("Fehler: ")
    tick = document.by_id("id_maintenance_confirmed")
    assert tick is not None
    assert tick.attributes["aria-invalid"] == "true"
    assert document.by_id(tick.attributes["aria-describedby"])
    assert not Incident.objects.exists()
    ordered = order(customer, refused, maintenance_confirmed="on")
    assert ordered.status_code == 303
    report = Report.objects.get()
    assert report.maintenance_result == "active"
    assert report.maintenance_evidence["confirmed"] is True
    (window,) = report.maintenance_evidence["windows"]
    assert (window["id"], window["source"], window["why"]) == ("m1", "Status", "name")
    (page,) = report.maintenance_evidence["pages"]
    assert (page["name"], page["body_hash"]) == ("Status", "")


@pytest.mark.parametrize("elsewhere", ["", "another-server"])
def test_an_unknown_answer_of_the_maintenance_check_never_blocks(customer, elsewhere):
    if elsewhere:
        running_maintenance(elsewhere)
    checked = check(customer)
    assert order(customer, checked).status_code == 303
    assert Report.objects.get().maintenance_result == "unknown"


def test_a_quiet_status_page_is_said_and_recorded(customer):
    Source.objects.create(
        name="Status", url="https://s.example/", next_fetch_at=NIGHT, fetched_at=NIGHT
    )
    checked = check(customer)
    assert "laufen keine Wartungsarbeiten" in text_of(checked)
    order(customer, checked)
    assert Report.objects.get().maintenance_result == "none"


@pytest.mark.parametrize("address", ["/", "/nowhere"])
def test_no_page_carries_inline_script_or_style(customer, address):
    page = text_of(customer.get(address)) + text_of(check(customer))
    assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", page)


def test_whoever_leaves_an_address_is_written_to(customer):
    order(customer, check(customer))
    report = Report.objects.get()
    assert report.reporter_email == REPORT["reporter_email"]
    told = report.incident.messages.filter(purpose="received", kind="email")
    assert [message.address for message in told] == [REPORT["reporter_email"]]


def test_no_address_is_needed(customer):
    page = check(customer, reporter_email="")
    assert "nicht angegeben" in text_of(page)
    assert order(customer, page).status_code == 303
    assert Report.objects.get().reporter_email == ""


def test_an_address_that_is_none_is_named_and_everything_stays(customer):
    page = text_of(check(customer, reporter_email="pat@\u200bnirgends"))
    assert "Geben Sie eine Adresse wie name@example.com an" in page
    assert 'aria-invalid="true"' in page
    assert REPORT["recent_changes"] in page


@pytest.mark.parametrize(
    ("email", "warned"), [("pat@example.net", True), ("pat@else.example", False)]
)
def test_an_address_that_may_be_down_with_the_server_is_pointed_out(
    customer, email, warned
):
    page = text_of(check(customer, reporter_email=email))
    assert ("mit dem Server ausgefallen" in page) is warned
