"""Who is calling: what the incident page says and lets technicians do about it."""

from datetime import timedelta

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


def test_a_candidate_without_a_known_server_offers_those_of_its_account(
    desk: Desk,
) -> None:
    known = people.customer("20011", "Alpenblick Hotels", "web.alpenblick.example")
    known.account.servers.create(name="mail.alpenblick.example")
    known.contact.phone_number = "+43999000111"
    known.contact.save()
    made = people.report(now=desk.clock.now, server="?", number="+43999000111")
    page = shown(people.signed_in(desk.anna), made)
    assert '<option value="mail.alpenblick.example">' in page
    post(
        desk.anna,
        made,
        "account/",
        account_number="20011",
        server_name="mail.alpenblick.example",
    )
    named = made.reports.get().servers.get()
    assert named.server is not None
    assert named.server.name == "mail.alpenblick.example"


def test_a_wrong_server_is_exchanged_and_what_was_typed_stays(
    desk: Desk, incident: Incident
) -> None:
    other = desk.customer.account.servers.create(name="web02.example")
    said = {"account_number": "10042", "server_name": "web02.example"}
    post(desk.anna, incident, "account/", **said)
    named = incident.reports.get().servers.get()
    assert (named.typed, named.server) == ("web01.example", other)
    entry = incident.timeline.get(code="account_assigned")
    assert entry.values["server_before"] == desk.customer.server.pk
    assert entry.values["server"] == other.pk
    people.customer("20011", "Alpenblick Hotels", "web.alpenblick.example")
    post(desk.anna, incident, "account/", account_number="20011")
    second = incident.timeline.filter(code="account_assigned").latest("pk")
    assert second.values["account_before"] == "10042"
    named.refresh_from_db()
    assert (named.typed, named.server) == ("web01.example", None)


def test_of_several_names_the_one_that_is_meant_is_chosen(desk: Desk) -> None:
    for name in ("web02.example", "web03.example"):
        desk.customer.account.servers.create(name=name)
    made = people.report(now=desk.clock.now)
    first = made.reports.get().servers.get()
    second = made.reports.get().servers.create(
        typed="web02.example",
        name="web02.example",
        server=desk.customer.account.servers.get(name="web02.example"),
    )
    said = {"account_number": "10042", "server_name": "web03.example"}
    client = people.signed_in(desk.anna)
    asks = client.post(path(made, "account/"), said)
    assert asks.status_code == 422
    assert "Which of the names means this server?" in words(asks.content.decode())
    post(desk.anna, made, "account/", **said, named=str(second.pk))
    second.refresh_from_db()
    assert second.server is not None
    assert second.server.name == "web03.example"
    first.refresh_from_db()
    assert first.server == desk.customer.server
    other = people.report(now=desk.clock.now, server="elsewhere.example")
    stranger = other.reports.get().servers.get()
    refused = client.post(path(made, "account/"), {**said, "named": str(stranger.pk)})
    assert refused.status_code == 422


def test_once_approved_nothing_is_reassigned_and_the_page_offers_it_no_more(
    desk: Desk, incident: Incident
) -> None:
    Incident.objects.filter(pk=incident.pk).update(billing_frozen_at=desk.clock.now)
    client = people.signed_in(desk.anna)
    answer = client.post(path(incident, "account/"), {"account_number": "10042"})
    assert answer.status_code == 422
    page = shown(client, incident)
    assert "Assign by number" not in page
    assert "Assign another account" not in page


def test_while_nobody_is_verified_a_call_may_go_to_the_number_on_file(
    desk: Desk,
) -> None:
    on_file = "+431234567890"
    made = people.report(now=desk.clock.now, number="+436641234567")
    client = people.signed_in(desk.anna)
    assert f"{on_file} (on file)" in shown(client, made)
    # The number that was given stands in front, so that nothing is to be chosen first.
    post(desk.anna, made, "attempt/", outcome="no_answer")
    assert made.callback_attempts.get().number == "+436641234567"
    desk.clock.pass_time(minutes=1)
    post(desk.anna, made, "attempt/", outcome="mailbox", number=on_file)
    assert made.callback_attempts.get(outcome="mailbox").number == on_file
    assert "Call over the bridge" in shown(client, made)
    post(desk.anna, made, "bridge/", number=on_file)
    assert made.bridges.get().customers_number == on_file


def test_a_verified_caller_is_called_at_their_own_number_only(desk: Desk) -> None:
    made = people.report(now=desk.clock.now, number="+436641234567")
    post(desk.anna, made, "account/", account_number="10042")
    assert "(on file)" not in shown(people.signed_in(desk.anna), made)


def test_what_happened_to_server_and_account_in_90_days_stands_beside_it(
    desk: Desk,
) -> None:
    now = desk.clock.now
    desk.customer.account.servers.create(name="web02.example")
    same = people.report(now=now - timedelta(days=89), server="web01.example")
    account = people.report(now=now - timedelta(days=3), server="web02.example")
    older = people.report(now=now - timedelta(days=91), server="web03.example")
    foreign = people.report(now=now - timedelta(days=1), server="unknown.example")
    Incident.objects.update(status="closed", closed_at=now, cause="application")
    Incident.objects.filter(pk=same.pk).update(resolution="Restarted the database.")
    made = people.report(now=now, server="web01.example")
    text = words(shown(people.signed_in(desk.anna), made))
    assert text.index(f"{same.reference} Closed same server") < text.index(
        f"{account.reference} Closed same account"
    )
    assert "Restarted the database." in text
    assert older.reference not in text
    assert foreign.reference not in text
    unknown = people.report(now=now, server="UNKNOWN.example")
    text = words(shown(people.signed_in(desk.anna), unknown))
    assert f"{foreign.reference} Closed same server" in text
    alone = people.report(now=now, server="new.example")
    text = words(shown(people.signed_in(desk.anna), alone))
    assert "No other incident of this server or account." in text


def test_a_wrong_number_gets_no_text_and_the_accounts_numbers_are_offered(
    desk: Desk,
) -> None:
    made = people.report(now=desk.clock.now, number="+436641234567")
    assert made.messages.get(kind="sms").status == "queued"
    post(desk.anna, made, "attempt/", outcome="wrong_number")
    assert made.messages.get(kind="sms").status == "withdrawn"
    text = words(shown(people.signed_in(desk.anna), made))
    assert "A number turned out to be wrong. No text goes there any more." in text
    assert "On file for this account, for staff only: +431234567890" in text
