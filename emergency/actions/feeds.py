"""Ending the addresses of a calendar feed."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from emergency.actions.roster_entries import enter_roster
from emergency.models import Schedule, Staff, Technician


def renew_feed(*, of: Technician | Schedule, by: Staff, now: datetime) -> None:
    """Every address of this calendar given out so far opens nothing any more; the row
    is read again, so that ``feed_url`` gives the new one.

    It stands among the facts of the schedule, for a technician of each schedule in
    whose rotations they take turns.
    """
    person = of if isinstance(of, Technician) else None
    with transaction.atomic():
        type(of)._default_manager.filter(pk=of.pk).update(
            feed_version=F("feed_version") + 1
        )
        of.refresh_from_db(fields=["feed_version"])
        for schedule in _concerned(of):
            enter_roster(
                schedule,
                "own_feed_renewed" if person else "feed_renewed",
                now=now,
                technician=person,
                by=by,
            )


def _concerned(of: Technician | Schedule) -> list[Schedule]:
    if isinstance(of, Schedule):
        return [of]
    theirs = Schedule.objects.filter(rotations__members__technician=of)
    return list(theirs.order_by("pk").distinct())
