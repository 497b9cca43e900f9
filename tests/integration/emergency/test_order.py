"""The order: one incident, whole or not at all, whatever is broken around it."""

import threading

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client

from emergency.actions.report import (
    MaintenanceCheck,
    OrderForm,
    order,
)
from emergency.models import (
    Account,
    Consent,
    DueRow,
    EscalationPolicy,
    Incident,
    Page,
    Report,
    Server,
    TimelineEntry,
)
from emergency.queries.servers import find_server
from emergency.rules.free_text import cleaned_line
from emergency.rules.tariff import Case, Reason, Tariff
from emergency.terms import NoTerms, OfferedTerms, offered_terms
from tests import people
from tests.customer import hidden_inputs
from tests.people import NIGHT


def place(key="order-1", token="token-1"):
    return order(
        form=OrderForm(
            servers=("web01.example",),
            problem_description="Nothing answers.",
            reproduction_steps="",
            recent_changes="",
            callback_number="+493023125001",
            callback_number_typed="030 23125001",
            callback_extension="",
            reporter_name="",
            language="en",
        ),
        order_key=key,
        tracking_token=token,
        terms=OfferedTerms(terms=people.terms(), fresh=True),
        maintenance=MaintenanceCheck(result="none"),
        button_text="Order with obligation to pay",
        now=NIGHT,
        tariff=Tariff(case=Case.FEE, reason=Reason.NEVER_OPEN),
    )


@pytest.mark.django_db(transaction=True)
def test_many_orders_with_one_key_at_the_same_moment_make_one_incident():
    anna = people.technician()
    people.on_call(anna)
    together = threading.Barrier(6)
    made, failed = [], []

    def run():
        try:
            connection.ensure_connection()
            together.wait(10)
            made.append(place().pk)
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connections.close_all()

    customers = [threading.Thread(target=run) for _ in range(6)]
    for one in customers:
        one.start()
    for one in customers:
        one.join()

    assert failed == []
    assert len(made) == 6
    assert len(set(made)) == 1
    assert Report.objects.count() == Consent.objects.count() == 1
    paged = Page.objects.values_list("kind", "address")
    assert len(paged) == len(set(paged)) == 2


@pytest.mark.parametrize(
    "broken",
    ["Report", "Consent", "Circumstances", "ReportServer", "DueRow"],
)
def test_an_order_that_cannot_be_written_whole_leaves_nothing(
    anna, monkeypatch, broken
):
    def refuse(*args, **kwargs):
        raise OperationalError("the disk is full")

    path = f"emergency.models.{broken}.objects"
    with monkeypatch.context() as patched:
        patched.setattr(f"{path}.create", refuse)
        patched.setattr(f"{path}.bulk_create", refuse)
        with pytest.raises(OperationalError):
            place()
    for model in (Incident, Report, Consent, DueRow, Page, TimelineEntry):
        assert not model.objects.exists(), model

    assert place().pages.exists()


def test_an_order_when_no_policy_stands_pages_everybody(anna):
    EscalationPolicy.objects.all().delete()
    incident = place()
    assert incident.pages.filter(technician=anna).exists()
    assert incident.pages.values("technician").distinct().count() == 2
    assert incident.due_rows.filter(kind="step", done_at__isnull=True).count() == 1


def test_an_order_when_there_is_nobody_at_all_is_taken_and_paging_goes_on(anna):
    EscalationPolicy.objects.all().delete()
    anna.contact_methods.model.objects.all().delete()
    incident = place()
    assert not incident.pages.exists()
    waiting = incident.due_rows.get(kind="step", done_at__isnull=True)
    assert (waiting.due_at - NIGHT).total_seconds() == 60


def test_an_order_for_a_known_server_belongs_to_its_account(anna):
    known = people.customer()
    assert place().account == known.account
    Server.objects.update(retired_at=NIGHT)
    assert place("order-2", "token-2").account is None


def broken_terms(*args):
    raise LookupError("no rate card")


def some_terms(account, at, language):
    return people.terms(language)


@pytest.fixture
def terms_on_disk(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("emergency.terms._kept", {})
    settings.DATA_DIR = tmp_path
    settings.FEE_TERMS = f"{__name__}.some_terms"
    offered_terms(account_number=None, at=NIGHT, language="en")
    return tmp_path / "terms" / "en.json"


def test_without_billing_the_last_good_terms_are_offered_and_marked(
    terms_on_disk, settings
):
    settings.FEE_TERMS = f"{__name__}.broken_terms"
    offered = offered_terms(account_number=None, at=NIGHT, language="en")
    assert offered.terms == people.terms("en")
    assert not offered.fresh


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", "null", '{"version": "1"}', None]
)
def test_a_spoilt_copy_of_the_terms_sells_nothing(terms_on_disk, settings, content):
    settings.FEE_TERMS = f"{__name__}.broken_terms"
    if content is None:
        good = terms_on_disk.read_text("utf-8")
        content = good.replace('"200.00"', '"two hundred"')
    terms_on_disk.write_text(content, "utf-8")
    with pytest.raises(NoTerms):
        offered_terms(account_number=None, at=NIGHT, language="en")


def test_a_full_disk_costs_no_order_and_is_not_filled_further(
    terms_on_disk, monkeypatch
):
    def full(*args, **kwargs):
        raise OSError("no space left on device")

    monkeypatch.setattr("emergency.terms._kept", {})
    monkeypatch.setattr("emergency.copies.json.dump", full)
    offered = offered_terms(account_number=None, at=NIGHT, language="en")
    assert offered.fresh
    assert list(terms_on_disk.parent.iterdir()) == [terms_on_disk]


def test_nul_bytes_typed_by_a_customer_never_reach_the_database(anna, settings):
    settings.FEE_TERMS = f"{__name__}.some_terms"
    customer = Client(headers={"accept-language": "en"})
    form = customer.get("/").content.decode()
    typed = {
        "server_name": "web01\0.example",
        "problem_description": "Nothing\0 answers.",
        "reproduction_steps": "\0",
        "recent_changes": "none\0",
        "reporter_name": "P\0at",
        "callback_number": "+49 30 2312\0 5102",
        "ordering_as": "business",
    }
    check = customer.post("/", {**hidden_inputs(form), **typed})
    assert check.status_code == 200
    answer = customer.post("/order/", hidden_inputs(check.content.decode()))

    if answer.status_code == 200:
        # The number alone may be refused, with a word; then it is typed without it.
        typed["callback_number"] = "+49 30 23125102"
        check = customer.post("/", {**hidden_inputs(form), **typed})
        answer = customer.post("/order/", hidden_inputs(check.content.decode()))
    assert answer.status_code == 303
    assert Report.objects.get().servers.get().typed == cleaned_line("web01.example")
    assert customer.get("/t/%00/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("192.0.2.7", "by-address.example"),
        ("2001:DB8:0:0::7", "by-long-address.example"),
        (" BY-Address.example. ", "by-address.example"),
        ("192.0.2.8", None),
        ("192.0.2", None),
        ("", None),
    ],
)
def test_a_server_is_found_by_its_name_or_its_address(typed, found):
    account = Account.objects.create(number="K-77", name="Addresses")
    for name, address in (
        ("by-address.example", "192.0.2.7"),
        ("by-long-address.example", "2001:db8::7"),
    ):
        Server.objects.create(account=account, name=name, address=address)
    server = find_server(typed)
    assert (server.name if server else None) == found
