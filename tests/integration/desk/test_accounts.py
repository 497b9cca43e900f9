"""Accounts: found by number, name or server; with incidents and documents."""

from decimal import Decimal

import pytest
from django.test import Client

from emergency.models import Account, DocumentFact, Server
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.test_board import words


@pytest.fixture
def client(desk: Desk) -> Client:
    people.customer("20011", "Alpenblick Hotels", "booking.alpenblick.example")
    return people.signed_in(desk.anna)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", {"10042", "20011"}),
        ("200", {"20011"}),
        ("muster", {"10042"}),
        ("BOOKING", {"20011"}),
        ("nobody", set()),
    ],
)
def test_a_search_finds_number_name_and_server(client: Client, search, found) -> None:
    page = client.get("/desk/accounts/", {"q": search}).content.decode()
    assert {n for n in ("10042", "20011") if f"/accounts/{n}/" in page} == found
    assert ("No account fits “nobody”." in words(page)) is (search == "nobody")


def test_an_empty_installation_says_how_accounts_appear(client: Client) -> None:
    Server.objects.all().delete()
    Account.objects.all().delete()
    text = words(client.get("/desk/accounts/").content.decode())
    assert "There is no account yet." in text
    assert "Accounts and servers appear here after an import." in text


def test_the_page_of_an_account_shows_all_that_belongs_to_it(
    client: Client, desk: Desk
) -> None:
    incident = people.report(now=desk.clock.now)
    Server.objects.create(
        account=desk.customer.account, name="old.example", retired_at=desk.clock.now
    )
    DocumentFact.objects.create(
        incident=incident,
        kind="invoice",
        number="2026-1",
        gross=Decimal("1240.50"),
        issued_at=desk.clock.now,
        url_name="emergency:desk_account",
    )
    page = client.get("/desk/accounts/10042/").content.decode()
    text = words(page)
    assert "Muster Handel GmbH 10042" in text
    assert 'href="tel:+431234567890"' in page
    assert text.index("web01.example") < text.index("old.example retired")
    assert incident.reference in text
    assert 'href="/desk/accounts/2026-1/"' in page
    assert "1,240.50 EUR" in text or "1240.50 EUR" in text


def test_an_account_without_a_past_says_what_would_appear(client: Client) -> None:
    text = words(client.get("/desk/accounts/20011/").content.decode())
    assert "No incident so far." in text
    assert "No document so far." in text


def test_no_ended_incident_is_said(client: Client) -> None:
    assert "No incident has ended yet." in client.get("/desk/ended/").content.decode()
