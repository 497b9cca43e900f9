"""The escalation policy of a test, in one line."""

from datetime import timedelta

from emergency.models import EscalationPolicy, EscalationStep, Schedule, Technician


def policy(*targets: tuple[str, int], rounds: int = 2) -> EscalationPolicy:
    """The one for new incidents: (target, minutes) are its steps."""
    made = EscalationPolicy.objects.get(is_default=True)
    made.rounds = rounds
    made.save()
    made.steps.all().delete()
    EscalationStep.objects.bulk_create(
        [
            EscalationStep(
                policy=made,
                position=number,
                target=target,
                schedule=Schedule.objects.first() if target == "schedule" else None,
                technician=Technician.objects.order_by("pk").last()
                if target == "technician"
                else None,
                delay=timedelta(minutes=minutes),
            )
            for number, (target, minutes) in enumerate(targets)
        ]
    )
    return made
