"""The network as plain data, for the control API and the page."""

from datetime import datetime
from typing import Any

from emergency.simulator.behaviours import MANUAL
from emergency.simulator.messages import last_contact
from emergency.simulator.network import Network
from emergency.simulator.phones import Phone
from emergency.simulator.records import Call, Message
from emergency.simulator.scripts import KINDS

Json = dict[str, Any]


def snapshot(network: Network) -> Json:
    """Return every phone with its calls and messages, newest first."""
    with network.changed:
        return {
            "phones": [phone_state(network, phone) for phone in network.phones()],
            "pushes": [
                {"name": push.name, "at": _iso(push.at), "content": push.content}
                for push in reversed(network.pushes)
            ],
            "faults": [fault.state() for fault in network.faults.all()],
            "callbacks_under_way": network.courier.under_way(),
            "callbacks": [
                {
                    "t": delivery.at,
                    "sid": delivery.sid,
                    "url": delivery.url,
                    "fields": dict(delivery.fields),
                    "status": delivery.status,
                    "problem": delivery.problem,
                }
                for delivery in network.courier.recent()
            ],
        }


def call_state(call: Call) -> Json:
    """Return one call; `gathering` says which keys are waited for, or null.

    One that waits for a person ends by itself only when it has rung for long enough.
    """
    gathering = call.gathering
    return {
        "sid": call.sid,
        "parent_sid": call.order.parent_sid,
        "to": call.order.to,
        "from": call.order.from_,
        "direction": call.order.direction,
        "status": call.status,
        "final": call.final,
        "waits_for_a_person": call.status == "ringing" and call.behaviour == MANUAL,
        "machine": call.machine,
        "answered_by": call.answered_by,
        "created": _iso(call.created),
        "answered": _iso(call.answered),
        "ended": _iso(call.ended),
        "duration": call.seconds,
        "pressed": call.pressed,
        "gathering": gathering
        and {
            "num_digits": gathering.num_digits,
            "finish_on_key": gathering.finish_on_key,
            "timeout": gathering.timeout,
        },
        "transcript": [
            {
                "at": _iso(line.at),
                "kind": line.kind,
                "text": line.text,
                "language": line.language,
            }
            for line in call.transcript
        ],
    }


def message_state(message: Message) -> Json:
    """Return one message; `problem` says why nobody took it, or is empty."""
    return {
        "sid": message.sid,
        "to": message.to,
        "from": message.from_,
        "body": message.body,
        "media": list(message.media),
        "direction": message.direction,
        "network": message.network,
        "reference": message.reference,
        "status": message.status,
        "error_code": message.error_code,
        "problem": message.problem,
        "created": _iso(message.created),
    }


def phone_state(network: Network, phone: Phone) -> Json:
    """Return one phone; its scripts are what is still to be played."""
    number = phone.number
    contact = last_contact(network, number)
    scripts = {
        kind: [behaviour.code for behaviour in network.ahead(number, kind)]
        for kind in KINDS
    }
    return {
        "name": phone.name,
        "number": number,
        "role": phone.role,
        "behaviour": scripts["calls"][0],
        "scripts": scripts,
        "opted_out": any(met == number for _, met in network.opted_out),
        "correspondent": contact[0] if contact else "",
        "calls": [
            call_state(call)
            for call in reversed(network.calls.values())
            if call.order.to == number
        ],
        "messages": [
            message_state(message)
            for message in reversed(network.messages.values())
            if number in (message.to, message.from_)
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
