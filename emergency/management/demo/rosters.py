"""Who is on call at the fictional hoster."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from emergency.models import (
    EscalationPolicy,
    EscalationStep,
    Rotation,
    RotationMember,
    Schedule,
    Technician,
)
from emergency.models.schedule import When
from emergency.queries.roster import technicians_on_call
from emergency.rules import stage

WEEKS_BACK = timedelta(weeks=60)


def make_rosters(
    technicians: Mapping[str, Technician],
    *,
    turns: Sequence[str],
    duty_manager: str,
    now: datetime,
) -> None:
    """The schedule that is paged covers every hour, so that the demo can be tried at
    any time of day; the second line serves outside office hours, holidays included.

    Turns last a week from Monday, 08:00, and began 60 weeks ago. Nobody is in both
    schedules in one week.
    """
    policy = EscalationPolicy.objects.get(is_default=True)
    policy.duty_manager = technicians[duty_manager]
    policy.save(update_fields=["duty_manager"])
    first = Schedule.objects.get(name="Emergency support")
    first.time_zone = settings.TIME_ZONE
    first.save(update_fields=["time_zone"])
    second = Schedule.objects.create(
        name="Second line",
        time_zone=settings.TIME_ZONE,
        coverage=When.OUTSIDE_OFFICE_HOURS,
    )
    people = [technicians[name] for name in turns]
    half = len(people) // 2
    _make_turns(first, people, When.ALWAYS, now)
    _make_turns(second, people[half:] + people[:half], When.OUTSIDE_OFFICE_HOURS, now)
    on_call = technicians_on_call(schedule_id=first.pk, now=now)
    make_policy_of_the_stage(policy, next(p for p in people if p not in on_call))


def make_policy_of_the_stage(usual: EscalationPolicy, first: Technician) -> None:
    """The stage pages the same people in the same order, only sooner, and ``first``
    instead of whoever is on call: they have the demo's open incident, and somebody busy
    is paged together with the next step."""
    policy = EscalationPolicy.objects.create(
        name=stage.POLICY_NAME,
        rounds=stage.ROUNDS,
        duty_manager=usual.duty_manager,
        reminders=list(stage.REMINDERS),
        quiet_after_acknowledgement=stage.QUIET,
        repage_after=stage.REPAGE_AFTER,
        late_reminder_every=stage.LATE_EVERY,
        silence=stage.SILENCE,
    )
    targets = EscalationStep.Target
    for position, target in enumerate(
        (targets.TECHNICIAN, targets.DUTY_MANAGER, targets.EVERYONE)
    ):
        EscalationStep.objects.create(
            policy=policy,
            position=position,
            target=target,
            technician=first if target == targets.TECHNICIAN else None,
            delay=stage.STEP_DELAY,
        )


def _make_turns(
    schedule: Schedule, people: Sequence[Technician], limited_to: str, now: datetime
) -> None:
    today = timezone.localtime(now).date()
    rotation = Rotation.objects.create(
        schedule=schedule,
        starts_on=today - timedelta(days=today.weekday()) - WEEKS_BACK,
        handoff_time=time(8),
        shift_days=7,
        limited_to=limited_to,
    )
    RotationMember.objects.bulk_create(
        [
            RotationMember(rotation=rotation, technician=person, position=position)
            for position, person in enumerate(people)
        ]
    )
