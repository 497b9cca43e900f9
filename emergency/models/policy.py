"""Escalation policies: whom to page, in which order, after which delay."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.schedule import Schedule
from emergency.models.staff import Technician


def default_reminders() -> list[int]:
    return [600, 900]


class EscalationPolicy(models.Model):
    """An ordered list of steps and the set points of the callback clock.

    ``reminders`` are seconds after the order at which an owner who has not reached the
    customer is reminded; ``repage_after`` pages the whole chain again;
    ``late_reminder_every`` goes on after a missed deadline. A running incident keeps
    the snapshot it was opened with.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_default = models.BooleanField(_("used for new incidents"), default=False)
    rounds = models.PositiveSmallIntegerField(_("rounds"), default=2)
    duty_manager = models.ForeignKey(
        Technician, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        Technician,
        verbose_name=_("plan owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reminders = models.JSONField(default=default_reminders)
    quiet_after_acknowledgement = models.DurationField(default=timedelta(minutes=5))
    repage_after = models.DurationField(default=timedelta(minutes=18))
    late_reminder_every = models.DurationField(default=timedelta(minutes=10))
    silence = models.DurationField(
        _("seconds without an answer until the next person is paged"),
        default=timedelta(seconds=90),
    )
    attempts_needed = models.PositiveSmallIntegerField(
        _("attempts that keep the promise when the customer does not answer"),
        default=3,
    )
    idle_after = models.DurationField(
        _("time without activity until the owner is asked"),
        default=timedelta(minutes=60),
    )

    class Meta:
        verbose_name = _("escalation policy")
        verbose_name_plural = _("escalation policies")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="one_default_escalation_policy",
            ),
            models.CheckConstraint(
                condition=Q(rounds__gte=1), name="escalation_policy_has_a_round"
            ),
            models.CheckConstraint(
                condition=Q(attempts_needed__gte=1),
                name="escalation_policy_asks_for_attempts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def snapshot(self) -> dict[str, Any]:
        """The copy that an incident keeps: plain values, durations in seconds."""
        return {
            "policy": self.name,
            "rounds": self.rounds,
            "duty_manager": self.duty_manager_id,
            "owner": self.owner_id,
            "reminders": list(self.reminders),
            "quiet": self.quiet_after_acknowledgement.total_seconds(),
            "repage_after": self.repage_after.total_seconds(),
            "late_reminder_every": self.late_reminder_every.total_seconds(),
            "silence": self.silence.total_seconds(),
            "attempts_needed": self.attempts_needed,
            "idle_after": self.idle_after.total_seconds(),
            "steps": [step.snapshot() for step in self.steps.order_by("position")],
        }


class EscalationStep(models.Model):
    """Whom to page, and how long to wait before the next step."""

    class Target(models.TextChoices):
        SCHEDULE = "schedule", _("Whoever is on call")
        TECHNICIAN = "technician", _("One technician")
        DUTY_MANAGER = "duty_manager", _("The duty manager")
        EVERYONE = "everyone", _("Everyone")

    policy = models.ForeignKey(
        EscalationPolicy, on_delete=models.CASCADE, related_name="steps"
    )
    position = models.PositiveSmallIntegerField()
    target = models.CharField(max_length=15, choices=Target)
    schedule = models.ForeignKey(
        Schedule, null=True, blank=True, on_delete=models.PROTECT
    )
    technician = models.ForeignKey(
        Technician, null=True, blank=True, on_delete=models.PROTECT
    )
    delay = models.DurationField(_("wait before the next step"))
    # Kinds of contact methods; none named means all.
    channels = models.JSONField(_("only by"), default=list, blank=True)

    class Meta:
        verbose_name = _("step")
        ordering = ["policy", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "position"], name="step_position_is_unique"
            ),
            models.CheckConstraint(
                condition=(
                    Q(target="schedule", schedule__isnull=False)
                    | Q(target="technician", technician__isnull=False)
                    | Q(target__in=["duty_manager", "everyone"])
                ),
                name="step_names_its_target",
            ),
        ]

    def snapshot(self) -> dict[str, Any]:
        """The step as plain values."""
        return {
            "target": self.target,
            "schedule": self.schedule_id,
            "technician": self.technician_id,
            "delay": self.delay.total_seconds(),
            "channels": list(self.channels),
        }
