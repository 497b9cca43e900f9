"""The customer's way needs nobody else: every socket is dead, and the order stands."""

import socket
from typing import Any, NoReturn

import pytest
from django.test import Client

from emergency.models import Incident
from tests.integration.public.pages import check, order
from tests.telephone import eventually

# Every door of the standard library to the network, names included.
DOORS = (
    (socket.socket, ("connect", "connect_ex", "send", "sendall", "sendto")),
    (socket, ("create_connection", "getaddrinfo", "gethostbyname", "getfqdn")),
)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was tried at dead sockets, and by whom it was wanted."""
    attempts: list[str] = []

    def dead(name: str) -> Any:
        def refuse(*arguments: Any, **_named: Any) -> NoReturn:
            attempts.append(f"{name} {arguments[1:]}")
            raise OSError("every socket is dead")

        return refuse

    for place, names in DOORS:
        for name in names:
            monkeypatch.setattr(place, name, dead(name))
    return attempts


def test_form_check_page_and_tracking_page_ask_nobody(
    customer: Client, tried: list[str]
) -> None:
    for path in ("/", "/imprint/", "/privacy/", "/accessibility/", "/withdrawal/"):
        assert customer.get(path).status_code == 200
    checked = check(customer)
    assert checked.status_code == 200
    assert check(customer, callback_number="12").status_code == 200
    ordered = order(customer, checked)
    assert ordered.status_code == 303
    page = ordered.headers["Location"]
    assert customer.get(page).status_code == 200
    assert customer.get(f"{page}?part=progress").status_code == 200
    assert tried == []


@pytest.mark.django_db(transaction=True)
def test_with_every_socket_dead_the_order_stands(
    customer: Client, tried: list[str]
) -> None:
    """After the commit a worker is nudged, in vain: the tick finds the rows."""
    assert order(customer, check(customer)).status_code == 303
    assert Incident.objects.count() == 1
    # The test is worth nothing if nothing was tried.
    eventually(lambda: tried, why="a worker was to be nudged")
