"""The life of one text message, to a phone or from it, on either network."""

import threading
from datetime import UTC, datetime

from emergency.simulator.callbacks import Answer
from emergency.simulator.letters import Letter, bearing, signed
from emergency.simulator.network import Network, NotPossible
from emergency.simulator.records import API_VERSION, Message
from emergency.simulator.robot import requested_code
from emergency.simulator.segments import segments
from emergency.simulator.twiml import MessageReply, TwimlError, parse

SECONDS_PER_STEP = 0.05
OPT_OUT = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
OPT_IN = frozenset({"start", "yes", "unstop"})
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages "
    "from this number. Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply STOP "
    "to unsubscribe."
)


def send(network: Network, message: Message) -> Message:
    """Start a message to a phone; it has not moved when this returns."""
    network.meet(message.to)
    network.add_message(message)
    threading.Thread(target=_travel, args=(network, message), daemon=True).start()
    return message


def receive(network: Network, *, number: str, body: str, to: str = "") -> Message:
    """Send a message from a phone, over the network it was last written to by `to`.

    Without `to` it answers whoever last wrote to or rang this phone. Raises
    NotPossible when that is nobody or the text is empty.
    """
    if not body.strip():
        raise NotPossible("body is empty")
    contact = last_contact(network, number, to)
    if contact is None:
        raise NotPossible("to is missing and nobody has contacted this phone yet")
    message = Message(
        to=contact[0],
        from_=number,
        body=body,
        direction="inbound",
        status="received",
        created=datetime.now(UTC),
        network=contact[1],
    )
    network.meet(number)
    automatic = _heed_opt_out(network, message)
    network.add_message(message)
    if automatic:
        _answer(network, message, automatic)
    _deliver_inbound(network, message)
    return message


def last_contact(
    network: Network, number: str, other: str = ""
) -> tuple[str, str] | None:
    """Return who last wrote to or rang the phone, and over which network.

    With `other`, only that one counts. Nobody yet: Twilio, with the account's own
    number; None when that is not known either.
    """
    with network.changed:
        contacts = [
            (message.created, message.from_, message.network)
            for message in network.messages.values()
            if message.to == number and other in ("", message.from_)
        ]
        contacts += [
            (call.created, call.order.from_, "twilio")
            for call in network.calls.values()
            if call.order.to == number and other in ("", call.order.from_)
        ]
    if contacts:
        _, who, over = max(contacts)
        return who, over
    own = other or network.configuration.own_number
    return (own, "twilio") if own else None


def _travel(network: Network, message: Message) -> None:
    behaviour = message.behaviour
    steps = ["sent", behaviour.message_end]
    if message.network == "twilio":
        _tell(network, message)
        steps.insert(0, "sending")
    elif behaviour.message_end == "undelivered":
        steps[1] = "failed"
    for status in dict.fromkeys(steps):
        network.take(SECONDS_PER_STEP)
        with network.changed:
            if network.messages.get(message.sid) is not message:
                return
            message.status, message.updated = status, datetime.now(UTC)
            if status == "sent":
                message.sent = message.updated
            if status in ("undelivered", "failed"):
                message.error_code = behaviour.message_error
            network.changed.notify_all()
            _tell(network, message)
    if behaviour.robot and message.status == "delivered":
        code = requested_code(message.body)
        if code is not None:
            receive(network, number=message.to, body=code, to=message.from_)


def _tell(network: Network, message: Message) -> None:
    if message.status_callback:
        network.courier.tell(_report(network, message, message.status_callback))


def _report(network: Network, message: Message, url: str) -> Letter:
    error = "" if message.error_code is None else str(message.error_code)
    if message.network == "gateway":
        state = {
            "id": message.sid,
            "reference": message.reference,
            "status": message.status,
            "error": error,
        }
        return bearing(network.configuration, url, state, report="messages")
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
    if error:
        fields["ErrorCode"] = error
    return signed(network.configuration, url, "POST", fields, report="messages")


def _deliver_inbound(network: Network, message: Message) -> None:
    letter = _inbound(network, message)
    if letter is None:
        message.problem = "no_webhook"
        return

    def then(answer: Answer | None) -> None:
        with network.changed:
            if answer is None:
                message.problem = "no_answer"
            elif not answer.ok:
                message.problem = f"HTTP {answer.status}"
            network.changed.notify_all()
        if answer is not None and answer.ok and message.network == "twilio":
            _reply(network, message, answer)

    network.courier.tell(letter, then)


def _inbound(network: Network, message: Message) -> Letter | None:
    configuration = network.configuration
    if message.network == "gateway":
        url = configuration.gateway_inbound_url
        content = {
            "id": message.sid,
            "from": message.from_,
            "to": message.to,
            "text": message.body,
        }
        return bearing(configuration, url, content) if url else None
    url = configuration.sms_webhook_url
    fields = {
        "MessageSid": message.sid,
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "AccountSid": configuration.account_sid,
        "From": message.from_,
        "To": message.to,
        "Body": message.body,
        "NumMedia": "0",
        "NumSegments": str(segments(message.body)),
        "ApiVersion": API_VERSION,
    }
    return signed(configuration, url, "POST", fields) if url else None


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
    if (message.to, message.from_) in network.opted_out:
        # Nothing reaches a phone that said STOP, an answer to it neither.
        return
    for text in filter(None, texts):
        _answer(network, message, text)


def _answer(network: Network, message: Message, text: str) -> None:
    reply = Message(
        to=message.from_,
        from_=message.to,
        body=text,
        direction="outbound-reply",
        status="queued",
        created=datetime.now(UTC),
    )
    send(network, reply)


def _heed_opt_out(network: Network, message: Message) -> str:
    """Block or unblock; return what the network itself answers, if anything."""
    if message.network != "twilio":
        return ""
    word = message.body.strip().casefold()
    pair = (message.to, message.from_)
    with network.changed:
        if word in OPT_OUT:
            network.opted_out.add(pair)
            return STOPPED
        if word in OPT_IN and pair in network.opted_out:
            network.opted_out.discard(pair)
            return STARTED
    return ""
