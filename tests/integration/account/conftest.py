from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client

from emergency.actions.sign_in import answer_request, ask_for_link, overdue_requests
from emergency.models import Contact
from emergency.operator_facts import kept
from tests import people
from tests.people import NIGHT


@dataclass
class Clock:
    """What time it is in these tests."""

    now = NIGHT

    def pass_time(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture(autouse=True)
def clock(db, monkeypatch, settings) -> Iterator[Clock]:
    settings.PUBLIC_BASE_URL = "http://testserver"
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    kept.forget()
    yield clock
    kept.forget()


@pytest.fixture
def theirs() -> people.Customer:
    """An account whose contact reads mail at pat@example.com."""
    made = people.customer()
    Contact.objects.filter(pk=made.contact.pk).update(email="pat@example.com")
    made.contact.refresh_from_db()
    return made


def links_sent(mailoutbox, *, to: str, clock: Clock) -> list[str]:
    """The paths of the links that somebody gets who asks now."""
    ask_for_link(email=to, network_address="192.0.2.7", now=clock.now)
    for key in overdue_requests(now=clock.now, grace=timedelta(0)):
        answer_request(request_id=key, clock=lambda: clock.now)
    return [
        line.removeprefix("http://testserver")
        for mail in mailoutbox
        for line in mail.body.splitlines()
        if line.startswith("http://testserver/account/sign-in/")
    ]


def signed_in(path: str) -> Client:
    """A browser that has pressed the button behind this link."""
    client = people.stranger()
    assert client.post(path).status_code == 302
    return client
