"""What the provider says, in one word each, and where it says it."""

import itertools

from emergency.actions.send import claim
from emergency.models import Incident, Page
from tests.people import NIGHT

TOKEN = "token-of-the-tests"
SECONDARY = "token-that-comes-next"
INBOUND = "/webhooks/twilio/sms/inbound"

_messages = itertools.count(1)


def claimed(incident, kind):
    page = incident.pages.filter(kind=kind).earliest("pk")
    return held(page)


def held(page):
    """The order of a page that a sender now holds."""
    claim_of_it = claim(page_id=page.pk, now=NIGHT)
    assert claim_of_it is not None
    return claim_of_it[0]


def key_path(order):
    return f"/webhooks/twilio/voice/{order.token}/key"


def status_path(order):
    return f"/webhooks/twilio/{order.kind}/{order.token}/status"


def ringing(word="ringing", sequence="1", **more):
    return {"CallSid": "CA1", "CallStatus": word, "SequenceNumber": sequence, **more}


def page_of(order):
    return Page.objects.get(pk=order.page_id)


def refreshed(incident):
    return Incident.objects.get(pk=incident.pk)


def reply(body, sender):
    sid = f"SM{next(_messages)}"
    return {"From": sender, "To": "+43720880000", "Body": body, "MessageSid": sid}


def paths(order):
    return [key_path(order), status_path(order), INBOUND]


def machine_path(order):
    return f"/webhooks/twilio/voice/{order.token}/machine"
