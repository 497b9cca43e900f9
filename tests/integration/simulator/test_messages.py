"""Text messages, to a phone and from it."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.integration.simulator.exchange import (
    ACCOUNT,
    ANNA,
    OURS,
    Application,
    Simulator,
    eventually,
)

pytestmark = pytest.mark.no_servers


def newest(simulator: Simulator) -> dict[str, Any]:
    message: dict[str, Any] = simulator.phone(ANNA)["messages"][0]
    return message


def bodies(simulator: Simulator, direction: str) -> list[str]:
    messages = simulator.phone(ANNA)["messages"]
    return [m["body"] for m in messages if m["direction"] == direction]


def test_a_message_is_delivered_and_every_step_is_told(
    simulator: Simulator, application: Application
) -> None:
    message = simulator.client().messages.create(
        to=ANNA,
        from_=OURS,
        body="Notfall N4711 – Rückruf",
        status_callback=application.url + "/status",
    )
    assert message.status == "queued"
    steps = ["queued", "sending", "sent", "delivered"]
    eventually(lambda: application.statuses("/status") == steps)
    for entry in application.at("/status"):
        assert entry.signed
        assert entry.fields["MessageSid"] == entry.fields["SmsSid"] == message.sid
        assert entry.fields["SmsStatus"] == entry.fields["MessageStatus"]
        assert entry.fields["AccountSid"] == ACCOUNT
        assert "ErrorCode" not in entry.fields
    assert newest(simulator)["body"] == "Notfall N4711 – Rückruf"
    fetched = message.fetch()
    assert fetched.status == "delivered"
    assert fetched.date_sent is not None
    assert fetched.num_segments == "1"


def test_an_undelivered_message_says_why(
    simulator: Simulator, application: Application
) -> None:
    simulator.act(f"/sim/phones/{ANNA}/behaviour", behaviour="sms_undelivered")
    message = simulator.client().messages.create(
        to=ANNA, from_=OURS, body="x", status_callback=application.url + "/status"
    )
    eventually(lambda: application.statuses("/status")[-1:] == ["undelivered"])
    assert application.at("/status")[-1].fields["ErrorCode"] == "30003"
    assert message.fetch().error_code == 30003


def test_a_reply_reaches_the_webhook_signed(
    simulator: Simulator, application: Application
) -> None:
    simulator.client().messages.create(to=ANNA, from_=OURS, body="x")
    sent = simulator.act(f"/sim/phones/{ANNA}/sms", body="OK 4831 – ja")
    entry = eventually(lambda: application.at("/sms/inbound"))[0]
    assert entry.signed
    assert entry.fields["MessageSid"] == entry.fields["SmsSid"] == sent["sid"]
    assert entry.fields["From"] == ANNA
    assert entry.fields["To"] == OURS
    assert entry.fields["Body"] == "OK 4831 – ja"
    assert entry.fields["SmsStatus"] == "received"
    assert entry.fields["NumMedia"] == "0"
    assert entry.fields["NumSegments"] == "1"
    assert "MessageStatus" not in entry.fields
    listed = simulator.client().messages.list(from_=ANNA)
    assert [message.direction for message in listed] == ["inbound"]


def test_the_webhooks_answer_comes_back_as_a_message(
    simulator: Simulator, application: Application
) -> None:
    answer = "<Response><Message>Übernommen &amp; gestoppt</Message></Response>"
    application.will_answer("/sms/inbound", answer)
    simulator.act(f"/sim/phones/{ANNA}/sms", body="OK", to=OURS)
    eventually(lambda: newest(simulator)["direction"] == "outbound-reply")
    assert newest(simulator)["body"] == "Übernommen & gestoppt"


def test_a_webhook_that_refuses_is_shown_on_the_phone(
    simulator: Simulator, application: Application
) -> None:
    application.will_answer("/sms/inbound", "no", status=403)
    simulator.act(f"/sim/phones/{ANNA}/sms", body="OK", to=OURS)
    eventually(lambda: newest(simulator)["problem"] == "HTTP 403")


def test_stop_blocks_further_messages_until_start(
    simulator: Simulator, application: Application
) -> None:
    client = simulator.client()
    simulator.act(f"/sim/phones/{ANNA}/sms", body=" Stop ", to=OURS)
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=ANNA, from_=OURS, body="x")
    assert refused.value.code == 21610
    simulator.act(f"/sim/phones/{ANNA}/sms", body="START", to=OURS)
    assert client.messages.create(to=ANNA, from_=OURS, body="x").sid
    eventually(lambda: len(application.at("/sms/inbound")) == 2)


def test_stop_and_start_are_answered_by_the_network_alone(
    simulator: Simulator, application: Application
) -> None:
    answer = "<Response><Message>Noch etwas</Message></Response>"
    application.will_answer("/sms/inbound", answer)
    simulator.act(f"/sim/phones/{ANNA}/sms", body="STOP", to=OURS)
    eventually(lambda: application.at("/sms/inbound"))
    assert simulator.phone(ANNA)["opted_out"] is True
    eventually(lambda: simulator.state()["callbacks_under_way"] == 0)
    (reply,) = bodies(simulator, "outbound-reply")
    assert "Reply START" in reply
    simulator.act(f"/sim/phones/{ANNA}/sms", body="START", to=OURS)
    eventually(lambda: len(bodies(simulator, "outbound-reply")) == 3)
    assert simulator.phone(ANNA)["opted_out"] is False


def test_a_phone_nobody_contacted_has_nobody_to_answer(simulator: Simulator) -> None:
    assert simulator.post(f"/sim/phones/{ANNA}/sms", body="OK")[0] == 409
