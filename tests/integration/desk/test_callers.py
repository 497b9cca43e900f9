"""Who is calling: what the incident page says and lets technicians do about it."""

import pytest

from emergency.models import Incident
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.incident_page import path, post, shown
from tests.integration.desk.test_board import words


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """A customer has ordered just now."""
    return people.report(now=desk.clock.now)


def test_candidates_come_from_server_number_and_earlier_incidents(desk: Desk) -> None:
    known = people.customer("20011", "Alpenblick Hotels", "mail.alpenblick.example")
    known.contact.phone_number = "+43999000111"
    known.contact.save()
    earlier = people.report(now=desk.clock.now, server="?", number="+436601112223")
    people.customer("30001", "Earlier Customer", "old.example")
    post(desk.anna, earlier, "account/", account_number="30001")
    client = people.signed_in(desk.anna)
    for server, number, said in (
        ("alpenblick", "+431", "20011 Alpenblick Hotels server mail.alpenblick"),
        ("?", "+43999000111", "20011 Alpenblick Hotels number of Pat Muster"),
        ("?", "+436601112223", f"Earlier Customer same number in {earlier.reference}"),
    ):
        made = people.report(now=desk.clock.now, server=server, number=number)
        text = words(shown(client, made))
        assert "account unknown" in text
        assert said in text


def test_an_unverified_caller_is_marked_and_the_page_says_what_is_allowed(
    desk: Desk, incident: Incident
) -> None:
    client = people.signed_in(desk.anna)
    text = words(shown(client, incident))
    assert "Not verified: diagnosis and restart only." in text
    assert "Pat Muster +431234567890" in text
    post(desk.anna, incident, "account/", account_number="10042")
    text = words(shown(client, incident))
    assert "Not verified" not in text
    assert "Confirmed by a technician" in text


def test_a_candidate_is_confirmed_with_account_and_server_in_one_step(
    desk: Desk,
) -> None:
    people.customer("20011", "Alpenblick Hotels", "web.alpenblick.example")
    made = people.report(
        now=desk.clock.now, server="shop.alpenblick.example", number="+43999000111"
    )
    text = words(shown(people.signed_in(desk.anna), made))
    assert "20011 Alpenblick Hotels same domain as web.alpenblick.example" in text
    post(
        desk.anna,
        made,
        "account/",
        account_number="20011",
        server_name="web.alpenblick.example",
    )
    named = made.reports.get().servers.get()
    assert named.server is not None
    assert named.server.name == "web.alpenblick.example"


def test_two_incidents_of_one_account_are_merged_by_one_tap(
    desk: Desk, incident: Incident
) -> None:
    desk.customer.account.servers.create(name="web02.example")
    younger = people.report(now=desk.clock.now, server="web02.example")
    client = people.signed_in(desk.anna)
    assert incident.reference in words(shown(client, younger))
    answer = client.post(
        path(younger, "merge/"), {"other": incident.reference}, follow=True
    )
    assert answer.redirect_chain[-1][0] == path(incident)
    assert "one fee, all callers" in answer.content.decode()
    assert "Merged with" in words(shown(client, younger))
