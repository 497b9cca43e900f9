"""The life of one call, from queued to its end, in a thread of its own."""

import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from emergency.simulator.behaviours import Behaviour
from emergency.simulator.callbacks import Unreachable
from emergency.simulator.interpreter import (
    Document,
    HungUp,
    Replaced,
    perform,
)
from emergency.simulator.letters import signed
from emergency.simulator.network import Network, call_fields
from emergency.simulator.orders import MAGIC_FROM
from emergency.simulator.parameters import e164
from emergency.simulator.records import Call, CallOrder, Gathering, Source
from emergency.simulator.robot import attend
from emergency.simulator.twiml import Dial, Gather, Say, TwimlError, parse

SECONDS_TO_RING = 0.1
SECONDS_TO_DETECT = 0.05
DECLINED, RUNG_OUT = 486, 487  # as SIP says it
MARKUP = frozenset({"text/xml", "application/xml", "text/html"})


def place(network: Network, order: CallOrder, behaviour: Behaviour) -> Call:
    """Start a call to a phone that behaves so; it is queued when this returns."""
    call = Call(order=order, created=datetime.now(UTC), behaviour=behaviour)
    network.add_call(call)
    start = CallLife(network, call).run
    threading.Thread(target=start, name=call.sid, daemon=True).start()
    return call


class CallLife:
    """Drives a call, and is the leg that TwiML is performed on."""

    def __init__(self, network: Network, call: Call) -> None:
        self.network = network
        self.call = call
        self._fell_back = False

    def run(self) -> None:
        """Live through the call; it has a final status afterwards."""
        try:
            self.network.announce(self.call, "initiated", datetime.now(UTC))
            if self._picked_up():
                self._detected()
                if self.call.order.direction == "outbound-dial":
                    if self.call.order.send_digits:
                        digits = self.call.order.send_digits
                        self.network.note(self.call, "digits", digits)
                    self._wait(self.call.order.time_limit, lambda: False)
                else:
                    perform(self, lambda: self._open(self.call.order.source, {}))
            self.network.move(self.call, "completed", only_from="in-progress")
        except HungUp:
            pass
        except Exception:  # noqa: BLE001 - a call must not ring for ever
            traceback.print_exc(file=sys.stderr)
            self.network.move(self.call, "failed")

    def _picked_up(self) -> bool:
        network, call = self.network, self.call
        network.take(SECONDS_TO_RING, lambda: call.status != "queued" or call.forgotten)
        behaviour = call.behaviour
        if behaviour.refuses_with:
            with network.changed:
                call.sip_code = behaviour.sip_code
                network.move(call, behaviour.refuses_with, only_from="queued")
            return False
        if not network.move(call, "ringing", only_from="queued"):
            return False
        patience = min(call.order.timeout, behaviour.reacts_after)
        network.wait(lambda: call.status != "ringing" or call.forgotten, patience)
        with network.changed:
            if call.status == "ringing":
                self._react(patience < call.order.timeout)
            return call.status == "in-progress"

    def _react(self, by_itself: bool) -> None:
        """The ringing ends: the phone does what it does by itself, or nothing."""
        network, call = self.network, self.call
        if by_itself and call.behaviour.answers_after is not None:
            call.answerer = call.behaviour.answerer
            network.move(call, "in-progress", only_from="ringing")
        elif by_itself:
            call.sip_code = DECLINED
            network.move(call, "busy", only_from="ringing")
        else:
            call.sip_code = RUNG_OUT
            network.move(call, "no-answer", only_from="ringing")

    def _detected(self) -> None:
        order = self.call.order
        if self.call.behaviour.robot:
            listener = threading.Thread(target=attend, args=(self.network, self.call))
            listener.daemon = True
            listener.start()
        if order.machine_detection and not order.async_amd:
            # Nobody is spoken to before it is known who listens.
            self.network.take(SECONDS_TO_DETECT, self._interrupted)
        if order.async_amd and order.async_amd_callback and self.call.answered_by:
            fields = {
                "CallSid": self.call.sid,
                "AccountSid": self.network.configuration.account_sid,
                "AnsweredBy": self.call.answered_by,
                "MachineDetectionDuration": str(round(SECONDS_TO_DETECT * 1000)),
            }
            letter = signed(
                self.network.configuration,
                order.async_amd_callback,
                order.async_amd_method,
                fields,
                about=f"{self.call.sid}-amd",
                report="calls",
            )
            self.network.courier.tell(letter)

    # The leg

    def say(self, text: str, language: str) -> bool:
        """Add the words to the transcript and take the time they need."""
        self.network.note(self.call, "say", text, language)
        pace = self.network.configuration.seconds_per_word
        return self.rest(len(text.split()) * pace)

    def rest(self, seconds: float) -> bool:
        """Wait; a key that counts ends the waiting and gives True."""
        return self._wait(seconds, self._key_waits)

    def listen(self, gather: Gather) -> None:
        """From now on keys count."""
        with self.network.changed:
            self.call.gathering = Gathering(
                gather.num_digits, gather.finish_on_key, gather.timeout
            )
            self.network.changed.notify_all()

    def digits(self, gather: Gather) -> tuple[str, str]:
        """Collect keys until enough, finished, or silence; nothing counts after."""
        digits, finished_by = "", ""
        try:
            while gather.num_digits is None or len(digits) < gather.num_digits:
                if not self._wait(gather.timeout, self._key_waits):
                    break
                key = self._next_key()
                if key == gather.finish_on_key:
                    finished_by = key
                    break
                digits += key
        finally:
            with self.network.changed:
                self.call.gathering = None
        return digits, finished_by

    def fetch(self, url: str, method: str, fields: Mapping[str, str]) -> Document:
        """Ask for a document; raise TwimlError when there is none."""
        self._wait(0, lambda: True)
        return self._open(Source(url=url, method=method), fields)

    def dial(self, dial: Dial) -> Mapping[str, str]:
        """Ring the other phone, connect, and wait until one of the two ends it."""
        network = self.network
        _allowed(dial)
        network.note(self.call, "dial", dial.number)
        if not e164(dial.number):
            # Twilio logs 13224 and goes on: nobody can be rung there.
            network.note(self.call, "error", f"13224 {dial.number}")
            return {"DialCallStatus": "failed", "DialBridged": "false"}
        order = _child_order(self.call, dial)
        behaviour = network.play(dial.number, "calls", order.said)
        if behaviour.order_error is not None:
            network.note(self.call, "error", f"{behaviour.order_error} {dial.number}")
            return {"DialCallStatus": "failed", "DialBridged": "false"}
        child = place(network, order, behaviour)
        self.call.ended_by_star = child if dial.hangup_on_star else None
        try:
            self._wait(float("inf"), lambda: child.answered is not None or child.final)
            if not child.final:
                network.note(self.call, "connected", dial.number)
                network.note(child, "connected", self.call.order.to)
            self._wait(float("inf"), lambda: child.final or child.forgotten)
        finally:
            self.call.ended_by_star = None
            network.move(child, "completed", only_from="in-progress")
            network.move(child, "canceled")
        bridged = child.answered is not None
        outcome = {
            "DialCallSid": child.sid,
            "DialCallStatus": child.status,
            "DialBridged": "true" if bridged else "false",
        }
        if bridged:
            outcome["DialCallDuration"] = str(child.seconds)
        return outcome

    def replacement(self) -> Document | None:
        """Return the instructions given from outside, once."""
        with self.network.changed:
            source, self.call.replacement = self.call.replacement, None
        return None if source is None else self._open(source, {})

    def fallback(self, error: TwimlError) -> Document | None:
        """Note the error; return the fallback's document, the first time only."""
        self.network.note(self.call, "error", f"{error.code} {error.message}")
        source = self.call.order.fallback
        if source is None or self._fell_back:
            return None
        self._fell_back = True
        fields = {"ErrorCode": str(error.code)}
        if self.call.order.source.url:
            fields["ErrorUrl"] = self.call.order.source.url
        return self._open(source, fields)

    # Waiting and asking

    def _wait(self, seconds: float, until: Callable[[], bool]) -> bool:
        """Wait for `until`; raise HungUp or Replaced when that comes first."""
        call, network = self.call, self.network
        answered = call.answered or datetime.now(UTC)
        talked = (datetime.now(UTC) - answered).total_seconds()
        left = min(call.order.time_limit, call.behaviour.hangs_up_after) - talked
        network.wait(
            lambda: self._interrupted() or until(), min(seconds, left, 86400.0)
        )
        with network.changed:
            if left < seconds and not until() and not self._interrupted():
                network.move(call, "completed", only_from="in-progress")
            if call.forgotten or call.status != "in-progress":
                raise HungUp
            if call.replacement is not None:
                call.gathering = None
                raise Replaced
            return until()

    def _interrupted(self) -> bool:
        call = self.call
        return (
            call.forgotten
            or call.status != "in-progress"
            or call.replacement is not None
        )

    def _key_waits(self) -> bool:
        return self.call.gathering is not None and bool(self.call.gathering.keys)

    def _next_key(self) -> str:
        with self.network.changed:
            gathering = self.call.gathering
            return gathering.keys.popleft() if gathering else ""

    def _open(self, source: Source, extra: Mapping[str, str]) -> Document:
        if source.url is None:
            return Document(parse(source.twiml or ""))
        configuration = self.network.configuration
        fields = {**call_fields(configuration.account_sid, self.call), **extra}
        letter = signed(configuration, source.url, source.method, fields)
        try:
            answer = self.network.courier.ask(letter)
        except Unreachable as error:
            raise TwimlError(11205, f"{source.url}: {error}") from error
        if not answer.ok:
            raise TwimlError(11200, f"{source.url}: HTTP {answer.status}")
        if answer.status == 204:
            return Document((), source.url)
        if answer.content_type == "text/plain":
            return Document((Say(answer.text),), source.url)
        if answer.content_type not in MARKUP:
            kind = answer.content_type or "no content type"
            raise TwimlError(12300, f"{source.url}: {kind} is not TwiML")
        return Document(parse(answer.text), source.url)


def _child_order(parent: Call, dial: Dial) -> CallOrder:
    return CallOrder(
        to=dial.number,
        from_=dial.caller_id or parent.order.from_,
        timeout=dial.timeout,
        time_limit=dial.time_limit,
        status_callback=dial.status_callback,
        status_callback_method=dial.status_callback_method,
        status_callback_events=dial.status_callback_events,
        direction="outbound-dial",
        parent_sid=parent.sid,
        send_digits=dial.send_digits,
    )


def _allowed(dial: Dial) -> None:
    """Twilio ends a call that shows a number which nobody can have."""
    if dial.caller_id and (not e164(dial.caller_id) or dial.caller_id in MAGIC_FROM):
        raise TwimlError(13214, f"Invalid callerId value: {dial.caller_id}")
