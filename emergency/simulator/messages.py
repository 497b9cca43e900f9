"""The life of one text message, to a phone or from it."""

import threading
from datetime import UTC, datetime

from emergency.simulator.callbacks import Answer
from emergency.simulator.network import Network, NotPossible
from emergency.simulator.records import API_VERSION, Message
from emergency.simulator.segments import segments
from emergency.simulator.twiml import MessageReply, TwimlError, parse

SECONDS_PER_STEP = 0.05
OPT_OUT = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
OPT_IN = frozenset({"start", "yes", "unstop"})


def send(network: Network, message: Message) -> Message:
    """Start a message to a phone; it is queued when this returns."""
    network.meet(message.to)
    network.add_message(message)
    threading.Thread(target=_travel, args=(network, message), daemon=True).start()
    return message


def receive(network: Network, *, number: str, body: str, to: str = "") -> Message:
    """Send a message from a phone to the network's account.

    Without `to` it answers whoever last wrote to or rang this phone. Raises
    NotPossible when that is nobody or the text is empty.
    """
    if not body.strip():
        raise NotPossible("body is empty")
    to = to or last_correspondent(network, number)
    if not to:
        raise NotPossible("to is missing and nobody has contacted this phone yet")
    message = Message(
        to=to,
        from_=number,
        body=body,
        direction="inbound",
        status="received",
        created=datetime.now(UTC),
    )
    network.meet(number)
    _heed_opt_out(network, message)
    network.add_message(message)
    _deliver_inbound(network, message)
    return message


def last_correspondent(network: Network, number: str) -> str:
    """Return who last wrote to or rang the phone, or the account's own number."""
    with network.changed:
        contacts = [
            (message.created, message.from_)
            for message in network.messages.values()
            if message.to == number
        ]
        contacts += [
            (call.created, call.order.from_)
            for call in network.calls.values()
            if call.order.to == number
        ]
    newest = max(contacts, default=None)
    return newest[1] if newest else network.configuration.own_number or ""


def _travel(network: Network, message: Message) -> None:
    _tell(network, message)
    error = network.behaviour(message.to).message_error
    for status in ("sending", "sent", "undelivered" if error else "delivered"):
        network.wait(lambda: False, SECONDS_PER_STEP)
        with network.changed:
            if network.messages.get(message.sid) is not message:
                return
            message.status, message.updated = status, datetime.now(UTC)
            if status == "sent":
                message.sent = message.updated
            if status == "undelivered":
                message.error_code = error
            network.changed.notify_all()
            _tell(network, message)


def _tell(network: Network, message: Message) -> None:
    if not message.status_callback:
        return
    fields = {
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
        "From": message.from_,
        "AccountSid": network.configuration.account_sid,
        "ApiVersion": API_VERSION,
    }
    if message.error_code:
        fields["ErrorCode"] = str(message.error_code)
    network.courier.tell(message.sid, message.status_callback, "POST", fields)


def _deliver_inbound(network: Network, message: Message) -> None:
    url = network.configuration.sms_webhook_url
    if not url:
        message.problem = "no_webhook"
        return
    fields = {
        "MessageSid": message.sid,
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "AccountSid": network.configuration.account_sid,
        "From": message.from_,
        "To": message.to,
        "Body": message.body,
        "NumMedia": "0",
        "NumSegments": str(segments(message.body)),
        "ApiVersion": API_VERSION,
    }

    def then(answer: Answer | None) -> None:
        with network.changed:
            if answer is None:
                message.problem = "no_answer"
            elif not answer.ok:
                message.problem = f"HTTP {answer.status}"
            network.changed.notify_all()
        if answer is not None and answer.ok:
            _reply(network, message, answer)

    network.courier.tell(message.sid, url, "POST", fields, then)


def _reply(network: Network, message: Message, answer: Answer) -> None:
    texts: list[str] = []
    if answer.content_type == "text/plain":
        texts = [answer.text.strip()]
    elif answer.text.strip():
        try:
            verbs = parse(answer.text)
            texts = [verb.body for verb in verbs if isinstance(verb, MessageReply)]
        except TwimlError as error:
            message.problem = f"{error.code} {error.message}"
    for text in filter(None, texts):
        reply = Message(
            to=message.from_,
            from_=message.to,
            body=text,
            direction="outbound-reply",
            status="queued",
            created=datetime.now(UTC),
        )
        send(network, reply)


def _heed_opt_out(network: Network, message: Message) -> None:
    word = message.body.strip().casefold()
    pair = (message.to, message.from_)
    with network.changed:
        if word in OPT_OUT:
            network.opted_out.add(pair)
        elif word in OPT_IN:
            network.opted_out.discard(pair)
