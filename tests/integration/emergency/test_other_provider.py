"""Another server that speaks the provider's API is a matter of settings alone."""

import os
import urllib.parse

import pytest

from emergency.models import Incident
from tests.integration.emergency.test_paging import digit_in
from tests.telephone import start_network

OTHER = {
    "TWILIO_ACCOUNT_SID": "AC" + "9" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-another-provider",
    "TWILIO_FROM_NUMBER": "+4915735990001",
}


@pytest.fixture
def other(night, settings, live_server, tmp_path):
    """A second network with credentials of its own, named in the settings."""
    process, network = start_network(
        tmp_path,
        {
            **os.environ,
            **OTHER,
            "SIMULATOR_SMS_WEBHOOK_URL": (
                f"{live_server.url}/webhooks/twilio/sms/inbound"
            ),
        },
    )
    settings.TWILIO_API_BASE_URL = network.url
    for name, value in OTHER.items():
        setattr(settings, name, value)
    with process:
        first, night.network = night.network, network
        yield first
        network.act("/sim/reset")
        process.terminate()


def test_an_order_pages_through_the_server_that_the_settings_name(night, other):
    asked_before = len(other.requests())
    incident = night.report()
    night.phone("Anna").text("EMERGENCY")
    call = night.phone("Anna").answer()
    call.press(digit_in(call.hears("Press")))
    call.hears("You have it")

    incident.refresh_from_db()
    assert incident.status == Incident.Status.ACKNOWLEDGED
    # The network of before was told nothing.
    assert len(other.requests()) == asked_before
    sent = [r for r in night.network.requests() if r["method"] == "POST"]
    assert {OTHER["TWILIO_ACCOUNT_SID"] in request["path"] for request in sent} == {
        True
    }
    senders = {urllib.parse.parse_qs(request["body"])["From"][0] for request in sent}
    assert senders == {OTHER["TWILIO_FROM_NUMBER"]}


def test_the_token_of_the_former_provider_opens_nothing_there(night, other, settings):
    settings.TWILIO_AUTH_TOKEN = "token-of-the-tests"
    incident = night.order()
    night.act()
    assert set(
        incident.pages.filter(kind="voice").values_list("error_code", flat=True)
    ) == {"20003"}
