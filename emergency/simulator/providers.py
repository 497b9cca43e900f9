"""Which network a request is for, and how it answers when it is in trouble."""

from http import HTTPStatus
from typing import NamedTuple

from emergency.simulator.errors import ERRORS, error_body
from emergency.simulator.faults import Fault

_KINDS = {"Calls": "calls", "Messages": "messages"}
_PAGE = b"<html><head><title>%d</title></head><body><h1>%d %s</h1></body></html>"


class Reply(NamedTuple):
    """A whole HTTP answer."""

    status: int
    content_type: str
    body: object
    headers: dict[str, str]


def network_of(path: str) -> tuple[str, str]:
    """Return the network a path belongs to, and what of: calls, messages or neither."""
    if path.startswith("/gateway/"):
        return "gateway", "messages"
    if path.startswith("/push/"):
        return "push", ""
    parts = path.split("/")
    part = parts[4].removesuffix(".json") if len(parts) > 4 else ""
    return "twilio", _KINDS.get(part, "")


def refusal(fault: Fault) -> Reply:
    """Return the answer of a network that carries nothing out."""
    if fault.kind == "error_page":
        phrase = HTTPStatus(fault.status).phrase if fault.status < 506 else "Error"
        page = _PAGE % (fault.status, fault.status, phrase.encode())
        return Reply(fault.status, "text/html; charset=utf-8", page, {})
    headers = {}
    status, code = fault.status, 20503 if fault.status == 503 else 20500
    if fault.kind == "throttled":
        status, code = 429, 20429
        headers["Retry-After"] = str(max(1, round(fault.seconds)))
    body: object = {"error": ERRORS[code]}
    if fault.network == "twilio":
        body = error_body(code, ERRORS[code], status)
    return Reply(status, "application/json; charset=utf-8", body, headers)
