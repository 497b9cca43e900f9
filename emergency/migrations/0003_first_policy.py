"""An empty installation can page: one schedule and one policy stand from the start."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import migrations


def make_first_policy(apps: Any, schema_editor: Any) -> None:
    Schedule = apps.get_model("emergency", "Schedule")
    Policy = apps.get_model("emergency", "EscalationPolicy")
    Step = apps.get_model("emergency", "EscalationStep")
    if Policy.objects.exists():
        return
    schedule = Schedule.objects.create(
        name="Emergency support", time_zone=settings.TIME_ZONE
    )
    policy = Policy.objects.create(name="Emergency support", is_default=True)
    Step.objects.bulk_create(
        [
            Step(
                policy=policy,
                position=0,
                target="schedule",
                schedule=schedule,
                delay=timedelta(minutes=4),
            ),
            Step(
                policy=policy,
                position=1,
                target="duty_manager",
                delay=timedelta(minutes=3),
            ),
            Step(
                policy=policy, position=2, target="everyone", delay=timedelta(minutes=3)
            ),
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("emergency", "0002_append_only_timeline")]

    operations = [migrations.RunPython(make_first_policy, migrations.RunPython.noop)]
