"""Signing in at the desk, step by step, as it is where nothing is set."""

from django.test import Client

from emergency.models import Staff
from tests import people
from tests.authenticator import App, app_set_up, by_password
from tests.integration.desk.conftest import Desk


def with_app(person: Staff, desk: Desk) -> tuple[App, list[str]]:
    """The person has set up an app a minute ago."""
    app, codes = app_set_up(by_password(person, people.PASSWORD), desk.clock.now)
    desk.clock.pass_time(minutes=1)
    return app, codes


def at_second_step(person: Staff) -> Client:
    """A browser in which the password was right and a code is wanted."""
    client = by_password(person, people.PASSWORD)
    assert "_auth_user_id" not in client.session
    assert client.get("/desk/").status_code == 302
    return client


def is_in(client: Client) -> bool:
    """Whether the board opens."""
    return client.get("/desk/").status_code == 200
