"""Calls, messages and the account as the API shows them."""

from datetime import datetime
from typing import Any

from emergency.simulator.errors import words
from emergency.simulator.records import API_VERSION, Call, Message, rfc2822
from emergency.simulator.segments import segments

Json = dict[str, Any]
_CALL_PARTS = [
    "events",
    "notifications",
    "payments",
    "recordings",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
]


def account_uri(account_sid: str) -> str:
    """Return the path of the account, without the ending."""
    return f"/{API_VERSION}/Accounts/{account_sid}"


def call_json(account_sid: str, call: Call) -> Json:
    """Return the Call resource."""
    base = f"{account_uri(account_sid)}/Calls/{call.sid}"
    order = call.order
    return {
        "sid": call.sid,
        "account_sid": account_sid,
        "parent_call_sid": order.parent_sid,
        "to": order.to,
        "to_formatted": order.to,
        "from": order.from_,
        "from_formatted": order.from_,
        "phone_number_sid": None,
        "status": call.status,
        "direction": order.direction,
        "date_created": _date(call.created),
        "date_updated": _date(call.updated or call.created),
        "start_time": _date(call.started),
        "end_time": _date(call.ended),
        "duration": str(call.seconds) if call.ended and call.answered else None,
        "price": None,
        "price_unit": "USD",
        "answered_by": call.answered_by,
        "api_version": API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{base}.json",
        "subresource_uris": {
            part: f"{base}/{part.title().replace('_', '')}.json" for part in _CALL_PARTS
        },
    }


def message_json(account_sid: str, message: Message) -> Json:
    """Return the Message resource."""
    base = f"{account_uri(account_sid)}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": account_sid,
        "messaging_service_sid": None,
        "to": message.to,
        "from": message.from_,
        "body": message.body,
        "status": message.status,
        "direction": message.direction,
        "date_created": _date(message.created),
        "date_updated": _date(message.updated or message.created),
        "date_sent": _date(message.sent),
        "num_segments": str(segments(message.body)),
        "num_media": str(len(message.media)),
        "price": None,
        "price_unit": "USD",
        "error_code": message.error_code,
        "error_message": words(message.error_code) if message.error_code else None,
        "api_version": API_VERSION,
        "uri": f"{base}.json",
        "subresource_uris": {"media": f"{base}/Media.json"},
    }


def account_json(account_sid: str, since: datetime) -> Json:
    """Return the Account resource; the token stays where it is."""
    base = account_uri(account_sid)
    return {
        "sid": account_sid,
        "owner_account_sid": account_sid,
        "auth_token": None,
        "friendly_name": "Telephone simulator",
        "status": "active",
        "type": "Full",
        "date_created": _date(since),
        "date_updated": _date(since),
        "uri": f"{base}.json",
        "subresource_uris": {
            "calls": f"{base}/Calls.json",
            "messages": f"{base}/Messages.json",
        },
    }


def _date(at: datetime | None) -> str | None:
    return None if at is None else rfc2822(at)
