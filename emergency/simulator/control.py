"""The control API under /sim/: what people do with their phones."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from emergency.simulator import messages
from emergency.simulator.faults import CLOSED, ordered
from emergency.simulator.network import Network, NotPossible
from emergency.simulator.phones import plain_number
from emergency.simulator.scripts import KINDS
from emergency.simulator.state import (
    Json,
    call_state,
    message_state,
    phone_state,
    snapshot,
)

_NUMBER = re.compile(r"\+?[0-9]{3,15}")


@dataclass(frozen=True)
class Outcome:
    """What a control request led to; `number` is the phone it was about.

    With `closes_for` the port is to refuse connections for so many seconds.
    """

    status: int
    json: Json
    number: str = ""
    closes_for: float = 0.0


def read(network: Network, path: str) -> Outcome:
    """Answer a GET: the whole state, the casts, one phone, or one call."""
    if path == "/sim/state.json":
        return Outcome(200, snapshot(network))
    if path == "/sim/casts.json":
        return Outcome(200, network.casts())
    kind, _, name = path.removeprefix("/sim/").removesuffix(".json").partition("/")
    with network.changed:
        if kind == "phones":
            number = plain_number(unquote(name))
            for phone in network.phones():
                if phone.number == number:
                    return Outcome(200, phone_state(network, phone))
        call = network.calls.get(name) if kind == "calls" else None
        return Outcome(200, call_state(call)) if call else _unknown(path)


def act(network: Network, path: str, body: str) -> Outcome:
    """Carry out a POST: 404 for no such call, 409 for what cannot be done now."""
    form = dict(parse_qsl(body, keep_blank_values=True))
    parts = [unquote(part) for part in path.split("/")[2:]]
    try:
        match parts:
            case ["calls", sid, act]:
                return _act_on_call(network, sid, act, form)
            case ["phones", number, act]:
                return _act_on_phone(network, plain_number(number), act, form)
            case ["casts", cast]:
                return _cast(network, cast, form)
            case ["casts", cast, "end"]:
                return Outcome(200, {"numbers": network.end_cast(cast)})
            case ["faults"]:
                return _order_trouble(network, form)
            case ["faults", "clear"]:
                return _end_trouble(network, form)
            case ["reset"]:
                network.reset()
                return Outcome(200, {"done": "reset"})
    except NotPossible as error:
        number = plain_number(parts[1]) if parts[0] == "phones" else ""
        known = {} if error.behaviour is None else {"behaviour": error.behaviour}
        return Outcome(409, {"error": str(error), **known}, number)
    return _unknown(path)


def _act_on_call(network: Network, sid: str, act: str, form: dict[str, str]) -> Outcome:
    try:
        call = network.call(sid)
    except KeyError:
        return Outcome(404, {"error": f"there is no call {sid}"})
    extra: Json = {}
    match act:
        case "answer":
            network.answer(call)
        case "reject":
            network.reject(call)
        case "hangup":
            network.hang_up(call)
        case "press":
            extra = {"heard": network.press(call, form.get("digits", ""))}
        case _:
            return Outcome(404, {"error": f"a call cannot {act}"})
    with network.changed:
        return Outcome(200, {**call_state(call), **extra}, call.order.to)


def _act_on_phone(
    network: Network, number: str, act: str, form: dict[str, str]
) -> Outcome:
    if not _NUMBER.fullmatch(number):
        return Outcome(404, {"error": f"{number!r} is not a phone number"})
    match act:
        case "sms":
            message = messages.receive(
                network,
                number=number,
                body=form.get("body", ""),
                to=plain_number(form.get("to", "")),
            )
            return Outcome(201, message_state(message), number)
        case "behaviour":
            network.write_script(number, form.get("behaviour", ""))
            behaviour = {"number": number, "behaviour": form["behaviour"]}
            return Outcome(200, behaviour, number)
        case "script":
            return _write_scripts(network, number, form)
    return Outcome(404, {"error": f"a phone cannot {act}"})


def _write_scripts(network: Network, number: str, form: dict[str, str]) -> Outcome:
    """`script` is for calls and messages alike, `calls` and `messages` for one kind."""
    given = [name for name in ("script", *KINDS) if form.get(name, "").strip()]
    if not given:
        raise NotPossible("a script is missing: script, calls or messages")
    for name in given:
        network.write_script(number, form[name], "" if name == "script" else name)
    ahead = {
        kind: [behaviour.code for behaviour in network.ahead(number, kind)]
        for kind in KINDS
    }
    return Outcome(200, {"number": number, "scripts": ahead}, number)


def _cast(network: Network, cast: str, form: dict[str, str]) -> Outcome:
    """The fields are telephone numbers with what each plays, and perhaps `about`: what
    the cast's calls say or where they report to, separated by commas."""
    about = [word.strip() for word in form.get("about", "").split(",")]
    told = {number: script for number, script in form.items() if number != "about"}
    scripts = {plain_number(number): script for number, script in told.items()}
    wrong = [number for number in scripts if not _NUMBER.fullmatch(number)]
    if wrong or not (scripts or any(about)):
        raise NotPossible(f"a cast has phone numbers with their scripts, not {wrong}")
    network.lend(cast, scripts, filter(None, about))
    return Outcome(201, {"cast": cast, "numbers": sorted(scripts)})


def _order_trouble(network: Network, form: dict[str, str]) -> Outcome:
    try:
        fault = ordered(form)
    except ValueError as error:
        raise NotPossible(str(error)) from error
    if fault.kind == CLOSED:
        return Outcome(201, fault.state(), closes_for=fault.seconds)
    return Outcome(201, network.faults.add(fault).state())


def _end_trouble(network: Network, form: dict[str, str]) -> Outcome:
    number = form.get("id", "")
    if number and not number.isdecimal():
        raise NotPossible(f"id is the number of a fault, not {number!r}")
    ended = network.faults.clear(
        network=form.get("network", ""), number=int(number) if number else None
    )
    return Outcome(200, {"cleared": ended})


def _unknown(path: str) -> Outcome:
    return Outcome(404, {"error": f"there is nothing at {path}"})
