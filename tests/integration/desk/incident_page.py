"""The page of one incident, as somebody at the desk opens it and acts on it."""

from django.test import Client

from emergency.models import Incident, Technician
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.test_board import words


def path(incident: Incident, action: str = "") -> str:
    return f"/desk/i/{incident.reference}/{action}"


def shown(client: Client, incident: Incident) -> str:
    answer = client.get(path(incident))
    assert answer.status_code == 200
    return answer.content.decode()


def post(who: Technician | Client, incident: Incident, action: str, **data: str) -> str:
    """The action, and the text of the page it leads to."""
    client = who if isinstance(who, Client) else people.signed_in(who)
    answer = client.post(path(incident, action), data, follow=True)
    assert answer.redirect_chain == [(path(incident), 302)]
    return words(answer.content.decode())


def reached(desk: Desk) -> Incident:
    """An incident that Anna has taken and whose customer she reached forty minutes ago,
    nine minutes after the report."""
    made = people.report(now=desk.clock.now)
    desk.clock.pass_time(minutes=9)
    post(desk.anna, made, "take/")
    post(desk.anna, made, "attempt/", outcome="reached")
    desk.clock.pass_time(minutes=40)
    return made
