"""A server is found by what customers call it, and a second report by another word
joins the first."""

from datetime import timedelta
from typing import Any

import pytest

from emergency.actions.caller import confirm_caller
from emergency.actions.refusal import Refused
from emergency.models import Incident, ServerAlias
from emergency.queries.accounts import find_accounts
from emergency.queries.callers import candidates
from emergency.queries.servers import find_server
from tests import people
from tests.people import NIGHT

pytestmark = pytest.mark.django_db
SOON = NIGHT + timedelta(minutes=5)
SECOND = "+4312345678"


@pytest.fixture
def theirs():
    people.on_call(people.technician())
    customer = people.customer()
    for kind, value in (
        ("domain", "shop.example"), ("service", "s-1001"), ("address", "192.0.2.7"),
    ):  # fmt: skip
        ServerAlias.objects.create(server=customer.server, kind=kind, value=value)
    return customer


@pytest.mark.parametrize(
    "typed",
    [
        *("web01.example", "WEB01.EXAMPLE.", "https://web01.example/kasse"),
        *("shop.example", "https://Shop.example:8443/x", "S-1001", "192.0.2.7"),
    ],
)
def test_a_server_is_found_by_any_of_its_words(theirs, typed) -> None:
    assert find_server(typed) == theirs.server


@pytest.mark.parametrize("typed", ["", "?", "example", "www.shop.example", "1001"])
def test_other_words_find_nothing(theirs, typed) -> None:
    assert find_server(typed) is None


def test_a_word_that_two_servers_share_finds_none_but_for_its_account(theirs) -> None:
    other = people.customer("10043", "Zwei KG", "web02.example")
    ServerAlias.objects.create(server=other.server, kind="address", value="192.0.2.7")
    assert find_server("192.0.2.7") is None
    assert find_server("192.0.2.7", account=other.account) == other.server
    other.server.retired_at = NIGHT
    other.server.save()
    assert find_server("192.0.2.7") == theirs.server


def test_a_name_wins_over_an_alias_of_another(theirs) -> None:
    other = people.customer("10043", "Zwei KG", "shop.example")
    assert find_server("shop.example") == other.server


@pytest.mark.parametrize("typed", ["shop.example", "S-1001", "192.0.2.7"])
def test_a_second_report_by_another_word_joins(theirs, typed) -> None:
    first = people.report()
    assert people.report(server=typed, number=SECOND, now=SOON) == first


def test_a_report_from_before_the_alias_was_known_is_joined(theirs) -> None:
    first = people.report(server="laden.example")
    ServerAlias.objects.create(
        server=theirs.server, kind="domain", value="laden.example"
    )
    assert people.report(server="web01.example", number=SECOND, now=SOON) == first
    assert Incident.objects.count() == 1


def test_a_vague_word_from_before_joins_nothing(theirs) -> None:
    first = people.report(server="mail")
    ServerAlias.objects.create(server=theirs.server, kind="service", value="mail")
    assert people.report(server="web01.example", number=SECOND, now=SOON) != first


def test_candidates_are_found_by_a_part_of_an_alias_and_its_domain(theirs) -> None:
    for typed, reason in (("1001", "server"), ("www.shop.example", "domain")):
        incident = people.report(server=typed, number=SECOND, reporter="")
        report = incident.reports.get()
        found = candidates(incident, report, list(report.servers.all()))
        assert [(c.account, c.reason) for c in found] == [(theirs.account, reason)]


def test_the_caller_is_confirmed_for_a_server_by_its_alias(theirs) -> None:
    incident = people.report(server="?", number=SECOND)
    anna = people.administrator()
    said: dict[str, Any] = {
        "incident_id": incident.pk,
        "account_number": "10042",
        "staff": anna,
    }
    confirm_caller(**said, server_name="S-1001", now=NIGHT)
    assert incident.reports.get().servers.get().server == theirs.server
    with pytest.raises(Refused) as caught:
        confirm_caller(**said, server_name="S-2", now=NIGHT)
    assert caught.value.code == "unknown_server"


def test_the_desk_finds_an_account_by_an_alias(theirs) -> None:
    assert find_accounts("S-10") == [theirs.account]
