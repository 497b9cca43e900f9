"""Hand-offs: the incoming person is reminded, asked, and missed when silent.

Silence changes nothing in the schedule: whoever is on call stays so and is paged for
every emergency. The duty manager decides, and the outgoing person hears that they may
be asked to go on.
"""

from datetime import datetime

from django.db import transaction

from emergency.actions.hand_off_plan import reminders_of
from emergency.actions.notices import tell_duty_manager
from emergency.actions.refusal import Refused
from emergency.actions.roster import roster_of
from emergency.actions.roster_entries import enter_roster
from emergency.actions.roster_pages import ask_incoming, tell_shift, withdraw
from emergency.models import HandOff, Page, Technician
from emergency.rules.reminders import next_look, reminders_passed
from emergency.rules.rotation import on_call


def decide_hand_off(hand_off: HandOff, *, now: datetime) -> None:
    """What is due of this hand-off is done and ``due_at`` says when to look again.

    The caller has locked the row and its schedule.
    """
    at = max(now, hand_off.starts_at)
    roster = roster_of(hand_off.schedule)
    if hand_off.ends_at <= now or hand_off.incoming_id not in on_call(roster, at):
        # Not the one who comes in any more: there is nothing to ask.
        hand_off.due_at = None
    elif now < hand_off.starts_at:
        _remind(hand_off, now)
    elif hand_off.confirmed_at is not None:
        hand_off.due_at = None
    elif hand_off.asked_at is None:
        _ask(hand_off, now)
    else:
        _miss(hand_off, now)
    hand_off.failures = 0
    hand_off.save(
        update_fields=["reminders_sent", "asked_at", "silent_at", "due_at", "failures"]
    )


def confirm_hand_off(
    *, hand_off_id: int, technician: Technician, now: datetime, via: str
) -> bool:
    """The incoming person has the duty and is asked no more. False when it was
    confirmed before.

    Also before the hand-off and after the duty manager was told. ``via``: voice | sms |
    desk | link. Raises Refused for anybody else.
    """
    with transaction.atomic():
        hand_off = (
            HandOff.objects.select_for_update(no_key=True, of=("self",))
            .select_related("schedule")
            .get(pk=hand_off_id)
        )
        if hand_off.incoming_id != technician.pk:
            raise Refused("not_yours")
        if hand_off.confirmed_at is not None:
            return False
        hand_off.confirmed_at = now
        hand_off.confirmed_via = via
        if hand_off.starts_at <= now:
            hand_off.due_at = None
        hand_off.save(update_fields=["confirmed_at", "confirmed_via", "due_at"])
        withdraw(hand_off.pages.filter(purpose=Page.Purpose.HANDOFF), now=now)
        enter_roster(
            hand_off.schedule,
            "hand_off_confirmed",
            now=now,
            technician=technician,
            by=technician.staff,
            starts_at=hand_off.starts_at,
            via=via,
        )
    return True


def _remind(hand_off: HandOff, now: datetime) -> None:
    reminders = reminders_of(hand_off.schedule)
    tell_shift(
        hand_off.incoming,
        "reminder",
        schedule=hand_off.schedule,
        now=now,
        starts_at=hand_off.starts_at,
        ends_at=hand_off.ends_at,
        hand_off=hand_off,
    )
    # One reminder, however many fell due while the engine stood still.
    hand_off.reminders_sent = reminders_passed(hand_off.starts_at, reminders, now)
    hand_off.due_at = next_look(hand_off.starts_at, reminders, hand_off.reminders_sent)


def _ask(hand_off: HandOff, now: datetime) -> None:
    pages = ask_incoming(hand_off, now=now)
    hand_off.asked_at = now
    enter_roster(
        hand_off.schedule,
        "hand_off_asked",
        now=now,
        technician=hand_off.incoming,
        starts_at=hand_off.starts_at,
        ways=len(pages),
    )
    if pages:
        hand_off.due_at = now + hand_off.schedule.handoff_answer_within
    else:
        # Nothing leads to this person: no answer can be waited for.
        _miss(hand_off, now)


def _miss(hand_off: HandOff, now: datetime) -> None:
    hand_off.silent_at = now
    hand_off.due_at = None
    schedule = hand_off.schedule
    enter_roster(
        schedule,
        "hand_off_silent",
        now=now,
        technician=hand_off.incoming,
        starts_at=hand_off.starts_at,
    )
    tell_duty_manager(code="hand_off_silent", now=now, schedule=schedule.name)
    if hand_off.outgoing is not None:
        tell_shift(
            hand_off.outgoing,
            "may_go_on",
            schedule=schedule,
            now=now,
            starts_at=hand_off.starts_at,
            hand_off=hand_off,
        )
