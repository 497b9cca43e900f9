"""A second report for a server whose incident is open joins it, and only then."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from emergency.actions.acknowledge import acknowledge
from emergency.actions.callback import record_attempt
from emergency.actions.cancellation import cancel_order
from emergency.actions.closing import resolve
from emergency.models import DueRow, Incident, Page, Report
from emergency.queries.customers import Customer
from emergency.queries.dialling import numbers_given
from tests import people
from tests.people import NIGHT

SECOND = "+4312345678"
SOON = NIGHT + timedelta(minutes=5)


@pytest.fixture
def anna(db):
    anna = people.technician()
    people.on_call(anna)
    return anna


@pytest.fixture
def theirs(anna):
    return people.customer()


def again(**changes: Any) -> Incident:
    """Another report, from another telephone."""
    said: dict[str, Any] = {"now": SOON, "server": "web01.example", "number": SECOND}
    return people.report(**(said | changes))


def test_it_shares_fee_clock_and_pages_and_its_number_is_called_too(theirs):
    first = people.report()
    pages, rows = Page.objects.count(), DueRow.objects.count()
    assert again() == first
    assert Incident.objects.count() == 1
    assert (Page.objects.count(), DueRow.objects.count()) == (pages, rows)
    assert numbers_given(first) == ["+431234567890", SECOND]
    opened, joined = first.reports.all()
    assert (opened.joined, joined.joined) == (False, True)
    assert (opened.sees_everything, joined.sees_everything) == (True, False)
    assert joined.consent.terms
    assert first.timeline.filter(code="report_joined").count() == 1


@pytest.mark.parametrize("typed", ["WEB01.example.", "web01.example", "192.0.2.7"])
def test_the_server_may_be_typed_in_any_way(theirs, typed):
    theirs.server.address = "192.0.2.7"
    theirs.server.save()
    assert people.report(server="web01.example") == again(server=typed)


def test_the_same_unknown_host_name_joins_and_a_mere_word_does_not(anna):
    assert people.report(server="shop.invalid") == again(server="https://Shop.Invalid/")
    assert people.report(server="mail") != again(server="mail")
    assert people.report(server="") != again(server="")


def test_another_server_of_the_same_account_is_paged_anew(theirs):
    theirs.account.servers.create(name="web02.example")
    first, second = people.report(), again(server="web02.example")
    assert first != second
    assert second.pages.filter(purpose="emergency").exists()


def test_after_the_work_the_same_server_is_paged_anew(theirs, anna):
    first = people.report()
    record_attempt(incident_id=first.pk, staff=anna.staff, outcome="reached", now=SOON)
    resolve(
        incident_id=first.pk, staff=anna.staff, cause="other", resolution="", now=SOON
    )
    second = again(now=SOON + timedelta(minutes=1))
    assert second != first
    assert second.pages.filter(purpose="emergency").exists()


def test_whoever_has_the_incident_is_told(theirs, anna):
    first = people.report()
    acknowledge(incident_id=first.pk, technician=anna, via="desk", now=SOON)
    again()
    page = first.pages.get(purpose="notice")
    assert (page.technician, page.kind) == (anna, "sms")


def test_where_everybody_waits_for_the_customer_the_telephone_rings(theirs, anna):
    first = people.report()
    Incident.objects.filter(pk=first.pk).update(status="unreached", owner=anna)
    again()
    assert first.pages.filter(purpose="notice", kind="voice").exists()


def test_a_verified_caller_joins_and_confirms(theirs):
    first = people.report()
    caller = Customer(
        account=theirs.account,
        contact=theirs.contact,
        verification=Report.Verification.LINK,
    )
    assert again(caller=caller) == first
    first.refresh_from_db()
    assert (first.account, first.caller_confirmed_at) == (theirs.account, SOON)
    joined = first.reports.get(joined=True)
    assert (joined.contact, joined.verification) == (theirs.contact, "link")
    assert joined.sees_everything


def test_a_verified_caller_never_joins_another_account(theirs):
    other = people.customer("10043", "Andere GmbH", "db01.example")
    caller = Customer(
        account=other.account,
        contact=other.contact,
        verification=Report.Verification.LINK,
    )
    first, second = people.report(), again(caller=caller)
    assert first != second
    assert second.account == other.account
    assert second.reports.get().servers.get().server is None


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_reports_one_opens_and_one_joins():
    people.on_call(people.technician())
    people.customer()
    together, failed = threading.Barrier(4), []

    def run(server):
        try:
            together.wait(10)
            again(server=server)
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connections.close_all()

    servers = ("web01.example", "WEB01.example", "new.invalid", "NEW.invalid")
    callers = [threading.Thread(target=run, args=[name]) for name in servers]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    assert failed == []
    assert Incident.objects.count() == 2
    assert Report.objects.filter(joined=True).count() == 2


def test_what_an_order_asks_does_not_grow_with_what_is_open(anna):
    def order(number):
        # Everybody has a telephone of their own: nothing is unusual.
        people.report(server=f"s{number}.invalid", number=f"+4312345670{number}")

    def statements(number):
        with CaptureQueriesContext(connections["default"]) as asked:
            order(number)
        return [q["sql"] for q in asked if not q["sql"].startswith("INSERT")]

    order(0)
    few = statements(1)
    for number in range(2, 8):
        order(number)
    many = statements(8)
    assert len(many) == len(few)
    # In a storm nobody waits for somebody else's incident.
    assert not [sql for sql in many if "FOR " in sql and '"emergency_incident"' in sql]


def test_a_name_may_become_longer_when_its_case_is_folded(anna):
    long = "ß" * 200 + ".invalid"
    assert people.report(server=long) == again(server=long)


def test_whoever_gives_up_ends_nothing_for_the_others(theirs):
    first = people.report()
    again()
    opened, joined = first.reports.all()
    pages = list(first.pages.values_list("pk", "status"))
    cancel_order(report_id=opened.pk, stated_free=True, now=SOON)
    cancel_order(report_id=opened.pk, stated_free=True, now=SOON)
    first.refresh_from_db()
    opened.refresh_from_db()
    joined.refresh_from_db()
    assert (first.status, opened.incident.status) == ("paging", "cancelled")
    assert list(first.pages.values_list("pk", "status")) == pages
    assert first.due_rows.filter(done_at__isnull=True).exists()
    assert numbers_given(first) == [SECOND]
    assert (joined.incident, joined.joined) == (first, False)
    assert not opened.incident.pages.exists()
    assert Incident.objects.count() == 2
    # The last one ends it.
    cancel_order(report_id=joined.pk, stated_free=True, now=SOON)
    first.refresh_from_db()
    assert first.status == "cancelled"
