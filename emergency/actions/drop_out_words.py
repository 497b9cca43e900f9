"""What a technician writes about their duty, without a code."""

from datetime import datetime

from emergency.actions.drop_out import (
    decline_successor,
    drop_out,
    open_drop_outs,
    take_back,
)
from emergency.actions.refusal import Refused
from emergency.actions.roster import roster_of
from emergency.models import DropOut, Page, Schedule, Technician
from emergency.rules.rotation import on_call

# Never STOP, END or CANCEL: these the networks keep for themselves.
OUT = {"raus", "drop out", "dropout", "ausfall", "ich falle aus", "i drop out"}
BACK = {"zurück", "zurueck", "back", "bin zurück", "i am back"}
NO = {"nein", "no"}


def understand(
    *, sender: str, text: str, now: datetime
) -> tuple[str, Technician] | None:
    """What was written from a verified number has its effect; said again, it changes
    nothing. Answers a code for the reply and to whom it goes.

    None when the words are not about a duty or the number is nobody's.
    """
    said = " ".join(text.casefold().replace(".", " ").replace("!", " ").split())
    first, _, rest = said.partition(" ")
    if said not in OUT | BACK and first not in NO:
        return None
    person = technician_at(sender)
    if person is None:
        return None
    if first in NO:
        code = _decline(person, rest.replace(" ", ""), now)
    elif said in BACK:
        code = _come_back(person, now)
    else:
        code = drop_out_everywhere(technician=person, now=now, via="sms")
    return (code, person) if code else None


def drop_out_everywhere(*, technician: Technician, now: datetime, via: str) -> str:
    """The technician drops out of every schedule in which they are on call now.

    dropped_out, or not_on_call when there is none. Whoever is only asked to take over
    declines by it.
    """
    asked = _asked(technician, now)
    if asked is not None:
        decline_successor(drop_out_id=asked.pk, technician=technician, now=now, via=via)
        return "declined"
    code = "not_on_call"
    for schedule in schedules_on_call(technician, now=now):
        try:
            drop_out(schedule_id=schedule.pk, technician=technician, now=now, via=via)
        except Refused:
            continue
        code = "dropped_out"
    return code


def schedules_on_call(technician: Technician, *, now: datetime) -> list[Schedule]:
    """Where the technician is on call now."""
    return [
        schedule
        for schedule in Schedule.objects.order_by("name")
        if technician.pk in on_call(roster_of(schedule), now)
    ]


def technician_at(number: str) -> Technician | None:
    """Whose verified telephone this is; None when nobody's or shared by several."""
    found = Technician.objects.filter(
        contact_methods__address=number,
        contact_methods__kind__in=["voice", "sms"],
        contact_methods__verified_at__isnull=False,
        contact_methods__disabled_at__isnull=True,
        staff__is_active=True,
        is_house_phone=False,
    ).select_related("staff")
    people = list(found.distinct()[:2])
    return people[0] if len(people) == 1 else None


def _asked(technician: Technician, now: datetime) -> DropOut | None:
    """The drop-out for which this person is asked and nobody has confirmed."""
    return (
        open_drop_outs(now)
        .filter(confirmed_at__isnull=True, successor=technician)
        .first()
    )


def _decline(technician: Technician, code: str, now: datetime) -> str:
    page = (
        Page.objects.filter(
            technician=technician,
            purpose=Page.Purpose.SUCCESSOR,
            drop_out__isnull=False,
            code=code,
        )
        .exclude(code="")
        .last()
    )
    if page is None or page.drop_out_id is None:
        return ""
    try:
        decline_successor(
            drop_out_id=page.drop_out_id, technician=technician, now=now, via="sms"
        )
    except Refused:
        return "confirmed_already"
    return "declined"


def _come_back(technician: Technician, now: datetime) -> str:
    code = "not_on_call"
    for row in open_drop_outs(now).filter(technician=technician):
        try:
            take_back(drop_out_id=row.pk, technician=technician, now=now)
        except Refused:
            return "successor_has_it"
        code = "came_back"
    return code
