"""A phone that obeys: presses the key it is asked for, sends back the code it got."""

import contextlib
import re
from collections.abc import Iterable

from emergency.simulator.network import Network, NotPossible
from emergency.simulator.records import Call, Line

_PATIENCE = 4 * 3600.0
_KEY_AFTER = re.compile(
    r"\b(?:press|drücken sie)\b[^.0-9*#]{0,40}([0-9*#])", re.IGNORECASE
)
_KEY_BEFORE = re.compile(r"([0-9*#])[^.0-9*#]{0,20}\bdrücken\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\w+://\S*")
_CODE_ASKED_FOR = re.compile(
    r"\b(?:reply|answer|antworten sie|code)\b[^.0-9]{0,40}\b(\d{4,8})\b", re.IGNORECASE
)
_CODE = re.compile(r"(?<![\w.+-])\d{5}(?![\w-])")


def requested_key(text: str) -> str | None:
    """Return the key a spoken sentence asks for; None when it asks for none."""
    found = _KEY_AFTER.search(text) or _KEY_BEFORE.search(text)
    return found.group(1) if found else None


def requested_code(text: str) -> str | None:
    """Return the code a message wants back; None when it wants none.

    A number inside an address or a longer word is no code.
    """
    text = _ADDRESS.sub(" ", text)
    asked = _CODE_ASKED_FOR.search(text)
    if asked:
        return asked.group(1)
    alone = _CODE.search(text)
    return alone.group() if alone else None


def attend(network: Network, call: Call) -> None:
    """Listen until the call is over; press each key that is asked for, once."""
    heard = 0

    def over() -> bool:
        return call.final or call.forgotten

    def asked() -> str | None:
        if call.gathering is None or call.gathering.keys:
            return None
        return _last_request(call.transcript[heard:])

    while network.wait(lambda: over() or asked() is not None, _PATIENCE):
        with network.changed:
            if over():
                return
            key = asked()
            if key is not None:
                with contextlib.suppress(NotPossible):
                    network.press(call, key)
                heard = len(call.transcript)


def _last_request(lines: Iterable[Line]) -> str | None:
    keys = [requested_key(line.text) for line in lines if line.kind == "say"]
    return next((key for key in reversed(keys) if key is not None), None)
