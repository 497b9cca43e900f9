"""How a phone reacts, as one table. A new behaviour is a new row here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Behaviour:
    """What the network meets when it calls or texts a phone.

    `refuses_with` ends a call before it rings. `answers_after` is the time in
    seconds until the phone picks up by itself; None leaves it to a person.
    `message_error` is the carrier's error for messages; None delivers them.
    """

    code: str
    refuses_with: str | None = None
    sip_code: int = 487
    answers_after: float | None = None
    machine: bool = False
    message_error: int | None = None


TABLE = {
    behaviour.code: behaviour
    for behaviour in (
        Behaviour("manual"),
        Behaviour("busy", refuses_with="busy", sip_code=486),
        Behaviour("no_answer"),
        Behaviour("mailbox", answers_after=0.5, machine=True),
        Behaviour("unreachable", refuses_with="failed", sip_code=404),
        Behaviour("sms_undelivered", message_error=30003),
    )
}

ERROR_MESSAGES = {30003: "Unreachable destination handset"}
