"""The pages of a report by telephone, as somebody at the desk fills them in."""

from typing import Any

from django.test import Client

from tests.integration.public.pages import read

FORM, ORDER = "/desk/report/", "/desk/report/order/"
MOBILE = "+436641234567"
ASKED = {
    "spoken_language": "de",
    "rung_by": "customer",
    "callback_number": "0664 123 45 67",
    "server_name": "web01.example",
    "problem_description": "The shop answers with 502.",
    "ordering_as": "business",
    "reporter_name": "Pat Muster",
    "reporter_email": "pat@shop.example",
}
BOTH = {"start_now": "on", "loses_withdrawal": "on"}
TICKS = {"was_read": "on", "said_yes": "on"}


def asked(client: Client, **changes: str) -> Any:
    """The answer to the form: what to read out, or the form again."""
    values = read(client.get(FORM)).values() | ASKED | changes
    return client.post(FORM, {name: value for name, value in values.items() if value})


def ordered(client: Client, page: Any, **ticks: str) -> Any:
    hidden = {"checked": read(page).values()["checked"]}
    return client.post(ORDER, hidden | ticks)
