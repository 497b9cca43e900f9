"""The callback: attempts, reaching the customer, and when it is the customer's turn."""

from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.acknowledge import stop_paging
from emergency.actions.idle import ask_when_idle
from emergency.actions.message import tell_customer
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import (
    Bridge,
    CallbackAttempt,
    DueRow,
    Incident,
    Message,
    Staff,
    Technician,
)
from emergency.queries.dialling import numbers_for, numbers_given
from emergency.rules.deadline import Outcome, Try, outcome_of
from emergency.rules.escalation import plan_from
from emergency.rules.states import Verb, sources

# One tap that arrives twice: nobody dials, waits and hangs up this fast.
DOUBLE_TAP = timedelta(seconds=5)

CLOCK = (
    DueRow.Kind.REMINDER,
    DueRow.Kind.REPAGE,
    DueRow.Kind.DEADLINE,
    DueRow.Kind.LATE,
)


def record_attempt(
    *,
    incident_id: int,
    staff: Staff,
    outcome: str,
    number: str = "",
    next_in: timedelta | None = None,
    bridge: Bridge | None = None,
    now: datetime,
) -> CallbackAttempt:
    """One attempt to call the customer stands. *Reached* stops the clock; so does the
    last of the fruitless attempts that the policy asks for, in time and on every number
    that the customer gave: then it is the customer's turn. No text goes to a wrong
    number any more.

    ``number`` is the one that was dialled; where only one was given, it is that one.
    ``next_in`` is when the technician means to try again after a fruitless call; the
    customer is told, and without it nothing is claimed. ``bridge`` is the call it was,
    where the provider made it: its facts are the proof, its instants count, and only
    one attempt comes of it.
    The same outcome by the same person within DOUBLE_TAP is the same attempt. Raises
    Refused (``not_open``, ``unknown_number``).
    """
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if not incident.is_open:
            raise Refused("not_open")
        dialled = _dialled(incident, number, bridge)
        repeated = _the_same(incident, staff, outcome, dialled, bridge, now)
        if repeated is not None:
            return repeated
        fruitless = outcome != CallbackAttempt.Outcome.REACHED
        attempt = CallbackAttempt.objects.create(
            incident=incident,
            technician=Technician.objects.filter(staff=staff).first(),
            staff=staff,
            at=_instant(bridge, fruitless=fruitless, now=now),
            outcome=outcome,
            number=dialled,
            next_at=now + next_in if next_in and fruitless else None,
            proof=_proof(bridge, fruitless=fruitless),
            bridge=bridge,
        )
        _what_follows(incident, attempt, now)
    return attempt


def _what_follows(incident: Incident, attempt: CallbackAttempt, now: datetime) -> None:
    """Timeline, texts, clock and owner follow the attempt."""
    bridge, staff = attempt.bridge, attempt.staff
    incident.active_at = now
    incident.save(update_fields=["active_at"])
    enter(
        incident,
        "callback_attempt",
        now=now,
        staff=staff,
        outcome=attempt.outcome,
        proof=attempt.proof,
        talked=bridge.talked_seconds if bridge else None,
    )
    if attempt.outcome == CallbackAttempt.Outcome.REACHED:
        reach(incident, attempt.technician, staff, now, at=attempt.at)
        return
    if attempt.outcome == CallbackAttempt.Outcome.WRONG_NUMBER and attempt.number:
        _stop_texts_to(incident, attempt.number, now)
    _leave_it_to_the_customer(incident, attempt, now)


def _dialled(incident: Incident, number: str, bridge: Bridge | None) -> str:
    """The number that was called, or nothing where nobody said it."""
    if bridge is not None:
        return bridge.customers_number
    numbers = numbers_for(incident)
    if number and number not in numbers.known:
        raise Refused("unknown_number", field="number")
    return number or (numbers.given[0] if len(numbers.given) == 1 else "")


def _the_same(
    incident: Incident,
    staff: Staff,
    outcome: str,
    dialled: str,
    bridge: Bridge | None,
    now: datetime,
) -> CallbackAttempt | None:
    """The attempt that this one repeats."""
    made = incident.callback_attempts.all()
    if bridge is not None:
        return made.filter(bridge=bridge).first()
    return made.filter(
        staff=staff,
        outcome=outcome,
        number=dialled,
        bridge__isnull=True,
        at__gt=now - DOUBLE_TAP,
    ).first()


def _instant(bridge: Bridge | None, *, fruitless: bool, now: datetime) -> datetime:
    """When the call was: of a call that the provider made it knows, and says so later.
    A fruitless one was made when the customer's number was dialled."""
    known = bridge and (bridge.pressed_at if fruitless else bridge.answered_at)
    return min(known or now, now)


def _proof(bridge: Bridge | None, *, fruitless: bool) -> str:
    """Whether the provider vouches for the customer's leg."""
    vouched = bridge is not None and (
        bridge.answered_at is not None
        or (fruitless and bridge.leg_status in {"busy", "no-answer"})
    )
    proof = CallbackAttempt.Proof.BRIDGE if vouched else CallbackAttempt.Proof.DECLARED
    return proof.value


def _stop_texts_to(incident: Incident, number: str, now: datetime) -> None:
    """What waits for a number that is somebody else's is not sent; nothing new is
    written to it."""
    incident.messages.filter(
        kind=Message.Kind.SMS, address=number, status=Message.Status.QUEUED
    ).update(status=Message.Status.WITHDRAWN, ended_at=now)
    enter(incident, "texts_stopped", now=now)


def _outcome(incident: Incident, now: datetime) -> Outcome:
    fruitless = incident.callback_attempts.exclude(
        outcome=CallbackAttempt.Outcome.REACHED
    )
    return outcome_of(
        reached_at=incident.reached_at,
        tries=[Try(at=one.at, number=one.number) for one in fruitless],
        numbers=numbers_given(incident),
        needed=plan_from(incident.policy_snapshot).attempts_needed,
        deadline_at=incident.callback_deadline_at,
        now=now,
    )


def _leave_it_to_the_customer(
    incident: Incident, attempt: CallbackAttempt, now: datetime
) -> None:
    """When enough was tried in time, chain and clock stop and the customer is told
    which number to ring."""
    if incident.status not in sources(Verb.ATTEMPT):
        return
    if _outcome(incident, now) is not Outcome.ATTEMPTED:
        return
    incident.status = Incident.Status.UNREACHED
    incident.callback_outcome = Incident.CallbackOutcome.ATTEMPTED
    incident.attempted_at = attempt.at
    incident.missed_at = None
    incident.owner = incident.owner or attempt.technician
    incident.save(
        update_fields=[
            *("status", "callback_outcome", "attempted_at", "missed_at", "owner"),
        ]
    )
    stop_clock(incident=incident, now=now)
    enter(
        incident,
        "waiting_for_customer",
        now=now,
        staff=attempt.staff,
        attempts=incident.callback_attempts.count(),
    )
    tell_customer(incident=incident, purpose=Message.Purpose.ATTEMPTED, now=now)


def reach(
    incident: Incident,
    technician: Technician | None,
    staff: Staff,
    now: datetime,
    *,
    at: datetime | None = None,
) -> None:
    """The customer is reached, now or was so ``at`` an earlier time; a second *reached*
    changes nothing. The caller has locked the incident."""
    if incident.status not in sources(Verb.REACH):
        return
    incident.status = Incident.Status.REACHED
    incident.reached_at = at or now
    incident.owner = incident.owner or technician
    # The tick that records a miss may be late, or a moment quicker than whoever reached
    # the customer in the last second; the truth is the clock.
    outcome = _outcome(incident, now)
    if outcome is Outcome.MISSED:
        if incident.callback_outcome == Incident.CallbackOutcome.PENDING:
            enter(incident, "deadline_missed", now=now)
        incident.missed_at = incident.callback_deadline_at
    else:
        incident.missed_at = None
    incident.callback_outcome = outcome.value
    incident.save(
        update_fields=["status", "reached_at", "owner", "callback_outcome", "missed_at"]
    )
    stop_clock(incident=incident, now=now)
    ask_when_idle(incident=incident, now=now)
    enter(
        incident,
        "reached",
        now=now,
        staff=staff,
        in_time=outcome is not Outcome.MISSED,
        seconds=round((incident.reached_at - incident.opened_at).total_seconds()),
    )


def stop_clock(*, incident: Incident, now: datetime) -> None:
    """Nobody is paged or reminded any more, and the deadline is not watched."""
    stop_paging(incident=incident, now=now)
    DueRow.objects.filter(
        incident=incident, kind__in=CLOCK, done_at__isnull=True
    ).update(done_at=now)
