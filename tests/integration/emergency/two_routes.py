"""Two providers of texts, each a server of its own, and what a test says of them."""

import pytest

from emergency.actions.routes import record_failure
from emergency.gateway_settings import SMS_GATEWAY
from tests.integration.emergency.provider import Provider
from tests.people import NIGHT

SECRET = "word-of-the-gateway"
ACCEPTED = 202, {"id": "G-1", "status": "accepted"}


@pytest.fixture
def gateway(settings):
    """A gateway of its own, which takes everything until it is told otherwise."""
    gateway = Provider()
    gateway.will(ACCEPTED)
    settings.SMS_GATEWAY = {
        **SMS_GATEWAY,
        "URL": f"{gateway.url}/gateway/messages",
        "SECRET": SECRET,
        "CALLBACK_SECRET": SECRET,
        "FROM": "+43720880001",
    }
    yield gateway
    gateway.close()


@pytest.fixture
def text(incident):
    return incident.pages.get(kind="sms")


def refuse(route, *, times=1, code="no_connection", now=NIGHT):
    for _ in range(times):
        record_failure(route=route, code=code, now=now)
