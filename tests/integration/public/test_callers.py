"""Who orders: signed in, with a support PIN, or nobody we know."""

import re

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from emergency.actions.identifiers import new_token
from emergency.actions.support_pins import create_pin
from emergency.models import Incident, Report, SignInLink
from emergency.models.report import hash_token
from emergency.views.network import network_address_of
from tests import people
from tests.integration.public.pages import REPORT, check, order, read, text_of
from tests.people import NIGHT

SECRETS = re.compile(r'value="[^"]{40,}"|NF-\w{4}-\w{4}|class="code">\d{4}|/t/[^/"]+/')


@pytest.fixture
def theirs() -> people.Customer:
    return people.customer(server=REPORT["server_name"])


@pytest.fixture
def signed_in(theirs: people.Customer, customer: Client) -> Client:
    """The customer's browser, in which Pat has signed in."""
    token = new_token()
    SignInLink.objects.create(
        contact=theirs.contact,
        token_hash=hash_token(token),
        created_at=NIGHT,
        expires_at=NIGHT.replace(year=2099),
    )
    assert customer.post(f"/account/sign-in/{token}/").status_code == 302
    return customer


def test_a_signed_in_customer_chooses_a_server_and_is_verified(signed_in, theirs):
    form = text_of(signed_in.get("/"))
    assert f'<option value="{REPORT["server_name"]}">' in form
    assert "Muster Handel GmbH" in form
    checked = check(signed_in)
    assert "Muster Handel GmbH" in text_of(checked)
    assert order(signed_in, checked).status_code == 303
    incident = Incident.objects.get()
    report = incident.reports.get()
    assert (report.verification, report.contact) == ("link", theirs.contact)
    assert incident.account == theirs.account
    assert incident.caller_confirmed_at == NIGHT


def test_a_pin_on_the_check_page_verifies(customer, theirs):
    pin = create_pin(account=theirs.account, staff=people.administrator(), now=NIGHT)
    order(customer, check(customer), caller_account="10042", caller_pin=pin)
    assert Report.objects.get().verification == "pin"
    assert Incident.objects.get().account == theirs.account


def test_a_wrong_pin_neither_blocks_the_order_nor_says_so(customer, theirs):
    create_pin(account=theirs.account, staff=people.administrator(), now=NIGHT)
    pages = []
    for number in ("10042", "99999"):
        answer = order(customer, check(customer), caller_account=number, caller_pin="1")
        assert answer.status_code == 303
        pages.append(SECRETS.sub("", text_of(customer.get(answer.url))))
        Incident.objects.update(status="resolved")
    assert {report.verification for report in Report.objects.all()} == {"none"}
    assert pages[0].count("<h1") == pages[1].count("<h1") == 1


@pytest.mark.parametrize("kind", ["business", "consumer", "unknown"])
def test_nobody_who_is_not_signed_in_sees_whether_something_is_known(customer, kind):
    """Name, number and reporter fit an account with a bad standing, or nothing."""

    def pages() -> list[str]:
        form = customer.get("/")
        checked = check(customer)
        tracked = customer.get(order(customer, checked).url)
        Incident.objects.update(status="closed", closed_at=NIGHT, cause="other")
        return [SECRETS.sub("", text_of(page)) for page in (form, checked, tracked)]

    unknown = pages()
    made = people.customer(server=REPORT["server_name"])
    made.account.kind = kind
    made.account.retired_at = NIGHT if kind == "consumer" else None
    made.account.save()
    made.contact.phone_number = "+436641234567"
    made.contact.save()
    assert pages() == unknown


def test_pages_stay_for_the_signed_in_while_the_database_is_away(
    signed_in, monkeypatch
):
    def gone(*args, **kwargs):
        raise OperationalError("the connection is closed")

    with connection.execute_wrapper(gone):
        answer = signed_in.get("/")
        assert answer.status_code == 200
        assert "Muster Handel" not in text_of(answer)
        checked = check(signed_in)
        assert read(checked).values()["checked"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        ([], "198.51.100.9", "10.0.0.5"),
        (["10.0.0.0/8"], "198.51.100.9", "198.51.100.9"),
        (["10.0.0.5"], "203.0.113.66, 198.51.100.9", "198.51.100.9"),
        (["10.0.0.0/8"], "198.51.100.9, 10.1.1.1", "198.51.100.9"),
        (["10.0.0.5"], "2001:db8:1:2:3::4", "2001:db8:1:2::"),
        (["10.0.0.5"], "", "10.0.0.5"),
        (["10.0.0.5"], "nonsense", ""),
    ],
)
def test_only_our_own_proxy_is_believed_about_the_caller(
    settings, proxies, forwarded, address
):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.5")
    if forwarded:
        request = RequestFactory().get(
            "/", REMOTE_ADDR="10.0.0.5", headers={"X-Forwarded-For": forwarded}
        )
    assert network_address_of(request) == address


def test_a_pin_that_nobody_can_look_at_does_not_lose_the_order(
    customer, theirs, monkeypatch
):
    def hangs(**kwargs):
        raise OperationalError("the row is held")

    monkeypatch.setattr("emergency.views.customers.try_pin", hangs)
    answer = order(customer, check(customer), caller_account="10042", caller_pin="1")
    assert answer.status_code == 303
    assert Report.objects.get().verification == "none"
