"""Signing in as a customer: nothing tells whether an address or a number is known."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.test import Client

from emergency.actions import sign_in
from emergency.actions.contacts import retire_contact
from emergency.actions.support_pins import create_pin, revoke_pin, try_pin
from emergency.models import NetworkTouch, SignInLink, SignInRequest, SupportPin
from tests import people
from tests.integration.account.conftest import Clock, links_sent, signed_in

TOKEN = re.compile(rb'value="[\w-]{64}"')


def sign_in_by_pin(client: Client, number: str, pin: str):
    return client.post("/account/sign-in/pin/", {"account_number": number, "pin": pin})


def test_a_known_and_an_unknown_address_get_the_same_answer(theirs):
    answers = [
        people.stranger().post("/account/sign-in/", {"email": email}, follow=True)
        for email in ("pat@example.com", "nobody@example.com")
    ]
    known, unknown = (TOKEN.sub(b"", one.content) for one in answers)
    assert known == unknown
    assert b"If we have this address on file" in known
    # The same rows, too: who is behind an address is asked elsewhere.
    assert SignInRequest.objects.count() == 2
    assert not SignInLink.objects.exists()


def test_the_mail_is_in_the_customers_language_as_text_and_html(
    theirs, mailoutbox, clock: Clock
):
    (path,) = links_sent(mailoutbox, to="PAT@example.com", clock=clock)
    mail = mailoutbox[0]
    assert mail.to == ["pat@example.com"]
    assert "Anmeldelink" in mail.subject
    assert "15 Minuten" in mail.body
    assert mail.alternatives[0][1] == "text/html"
    assert f"http://testserver{path}" in mail.alternatives[0][0]
    assert not SignInRequest.objects.exists()


def test_nobody_gets_a_mail_who_is_not_on_file(theirs, mailoutbox, clock: Clock):
    assert links_sent(mailoutbox, to="nobody@example.com", clock=clock) == []
    assert mailoutbox == []
    assert not SignInRequest.objects.exists()


def test_a_mail_scanner_that_opens_the_link_does_not_burn_it(
    theirs, mailoutbox, clock: Clock
):
    (path,) = links_sent(mailoutbox, to="pat@example.com", clock=clock)
    for _ in range(3):
        scanner = people.stranger()
        opened = scanner.get(path)
        assert opened.status_code == 200
        # Without any referrer a browser sends no origin, and POST would be refused.
        assert opened.headers["Referrer-Policy"] == "same-origin"
        assert scanner.get("/account/").status_code == 302
    client = signed_in(path)
    assert "Muster Handel GmbH" in client.get("/account/").content.decode()


def test_a_link_works_once_and_for_fifteen_minutes(theirs, mailoutbox, clock: Clock):
    (path,) = links_sent(mailoutbox, to="pat@example.com", clock=clock)
    signed_in(path)
    again = people.stranger()
    assert again.post(path).status_code == 410
    assert again.get("/account/").status_code == 302
    mailoutbox.clear()
    (path,) = links_sent(mailoutbox, to="pat@example.com", clock=clock)
    clock.pass_time(minutes=15)
    assert again.get(path).status_code == 410
    assert again.post(path).status_code == 410


def test_a_person_of_two_accounts_gets_a_link_for_each(
    theirs, mailoutbox, clock: Clock
):
    other = people.customer("10043", "Andere GmbH", "db01.example")
    other.contact.email = "pat@example.com"
    other.contact.save()
    paths = links_sent(mailoutbox, to="pat@example.com", clock=clock)
    assert len(mailoutbox) == 1
    pages = [signed_in(path).get("/account/").content.decode() for path in paths]
    assert ["Muster Handel" in page for page in pages] == [True, False]
    assert ["Andere GmbH" in page for page in pages] == [False, True]


def test_a_mail_server_that_refuses_is_asked_again_and_not_for_ever(
    theirs, mailoutbox, clock: Clock, monkeypatch
):
    def refuse(*args, **kwargs):
        raise SMTPServerDisconnected

    with monkeypatch.context() as broken:
        broken.setattr(sign_in, "send_links", refuse)
        assert links_sent(mailoutbox, to="pat@example.com", clock=clock) == []
        clock.pass_time(minutes=1)
    (waiting,) = sign_in.overdue_requests(now=clock.now, grace=timedelta(0))
    sign_in.answer_request(request_id=waiting, clock=lambda: clock.now)
    assert len(mailoutbox) == 1
    with monkeypatch.context() as broken:
        broken.setattr(sign_in, "send_links", refuse)
        links_sent(mailoutbox, to="pat@example.com", clock=clock)
        for _ in range(sign_in.MOST_SENDS):
            clock.pass_time(minutes=2)
            for key in sign_in.overdue_requests(now=clock.now, grace=timedelta(0)):
                sign_in.answer_request(request_id=key, clock=lambda: clock.now)
    assert not SignInRequest.objects.exists()


def test_neither_one_person_nor_one_network_gets_mails_without_end(
    theirs, mailoutbox, clock: Clock
):
    for _ in range(12):
        links_sent(mailoutbox, to="pat@example.com", clock=clock)
    assert len(mailoutbox) == 5
    assert NetworkTouch.objects.filter(purpose="link").count() == 12
    clock.pass_time(hours=1, seconds=1)
    links_sent(mailoutbox, to="pat@example.com", clock=clock)
    assert len(mailoutbox) == 6


def test_whoever_is_taken_off_is_signed_out(theirs, mailoutbox, clock: Clock):
    first, second = (
        links_sent(mailoutbox, to="pat@example.com", clock=clock)[-1] for _ in range(2)
    )
    client = signed_in(first)
    retire_contact(contact_id=theirs.contact.pk, now=clock.now)
    assert client.get("/account/").status_code == 302
    assert people.stranger().post(second).status_code == 410


def test_signing_out_ends_it_and_leaves_a_colleague_signed_in(
    theirs, mailoutbox, clock: Clock
):
    (path,) = links_sent(mailoutbox, to="pat@example.com", clock=clock)
    client = people.signed_in(people.technician())
    client.post(path)
    assert client.get("/account/").status_code == 200
    client.post("/account/sign-out/")
    assert client.get("/account/").status_code == 302
    assert client.get("/desk/").status_code == 200


def test_a_contact_is_no_colleague(theirs, mailoutbox, clock: Clock):
    (path,) = links_sent(mailoutbox, to="pat@example.com", clock=clock)
    client = signed_in(path)
    for inside in ("/desk/", "/billing/", "/admin/"):
        assert client.get(inside).status_code == 302


def test_a_session_outlives_a_night(settings):
    assert timedelta(seconds=settings.SESSION_COOKIE_AGE) > timedelta(hours=20)


def test_the_pin_signs_the_account_in_until_it_is_revoked(theirs, clock: Clock):
    pin = create_pin(
        account=theirs.account, staff=people.administrator(), now=clock.now
    )
    assert pin not in SupportPin.objects.get().secret
    client = people.stranger()
    answer = sign_in_by_pin(client, "10042", f"{pin[:4]} {pin[4:]}")
    assert answer.headers["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    revoke_pin(account=theirs.account, now=clock.now)
    assert client.get("/account/").status_code == 302


def test_whatever_does_not_fit_is_answered_alike(theirs, clock: Clock):
    pin = create_pin(
        account=theirs.account, staff=people.administrator(), now=clock.now
    )
    wrong = "0" * 8 if pin != "0" * 8 else "1" * 8
    pages = set()
    for number, typed in (("10042", wrong), ("99999", wrong), ("99999", pin)):
        answer = sign_in_by_pin(people.stranger(), number, typed)
        assert answer.status_code == 422
        assert pin.encode() not in answer.content
        page = TOKEN.sub(b"", answer.content).replace(number.encode(), b"")
        pages.add(page)
    assert len(pages) == 1


def test_after_wrong_tries_even_the_right_pin_rests(theirs, clock: Clock):
    admin = people.administrator()
    pin = create_pin(account=theirs.account, staff=admin, now=clock.now)
    tried: dict[str, Any] = {"account_number": "10042", "network_address": ""}
    for _ in range(5):
        assert try_pin(typed="x", now=clock.now, **tried) is None
    assert try_pin(typed=pin, now=clock.now, **tried) is None
    clock.pass_time(minutes=15)
    assert try_pin(typed=pin, now=clock.now, **tried) is not None


def test_one_network_cannot_try_the_pins_of_many_accounts(theirs, clock: Clock):
    pin = create_pin(
        account=theirs.account, staff=people.administrator(), now=clock.now
    )
    here: dict[str, Any] = {"network_address": "2001:db8::1", "now": clock.now}
    for number in range(10):
        try_pin(account_number=str(number), typed="1", **here)
    assert try_pin(account_number="10042", typed=pin, **here) is None
    elsewhere = here | {"network_address": "192.0.2.9"}
    assert try_pin(account_number="10042", typed=pin, **elsewhere) is not None


def test_a_new_pin_ends_the_earlier_one(theirs, clock: Clock):
    admin = people.administrator()
    make: dict[str, Any] = {"account": theirs.account, "staff": admin, "now": clock.now}
    first, second = create_pin(**make), create_pin(**make)
    tried: dict[str, Any] = {
        "account_number": "10042",
        "network_address": "",
        "now": clock.now,
    }
    assert try_pin(typed=first, **tried) is None or first == second
    assert try_pin(typed=second, **tried) is not None


@pytest.mark.parametrize(
    ("path", "posted", "said"),
    [
        ("/account/sign-in/", {"email": "no address"}, "like name@example.com"),
        ("/account/sign-in/", {"email": ""}, "that we have on file"),
        ("/account/sign-in/pin/", {"account_number": "\x00"}, "account_number"),
        ("/account/sign-in/pin/", {"account_number": "1", "pin": ""}, "support PIN"),
    ],
)
def test_bad_input_is_answered_beside_its_field(theirs, path, posted, said):
    answer = people.stranger().post(path, posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'aria-invalid="true"' in page
    assert "aria-describedby" in page
