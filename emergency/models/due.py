"""Decisions that the engine must take at a time."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident


class DueRowQuerySet(models.QuerySet["DueRow"]):
    def due(self, now: datetime) -> "DueRowQuerySet":
        """Rows whose decision is due and not yet taken, the longest overdue first."""
        return self.filter(done_at__isnull=True, due_at__lte=now).order_by(
            "due_at", "pk"
        )


class DueRow(models.Model):
    """A decision the engine must take about an incident at ``due_at`` (UTC).

    ``step`` is counted within ``round``; other kinds leave them at zero or use ``step``
    as their running number.
    """

    class Kind(models.TextChoices):
        STEP = "step", _("Escalation step")
        REMINDER = "reminder", _("Reminder of the callback")
        REPAGE = "repage", _("Paging again")
        DEADLINE = "deadline", _("Callback deadline")
        LATE = "late", _("Callback overdue")
        IDLE = "idle", _("Nothing happens any more")
        TIMER = "timer", _("Timer to confirm")

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="due_rows"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    round = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    objects = DueRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("due row")
        indexes = [
            models.Index(
                fields=["due_at"],
                name="due_row_open",
                condition=Q(done_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind", "round", "step"],
                name="each_decision_is_taken_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "step",
                        "reminder",
                        "repage",
                        "deadline",
                        "late",
                        "idle",
                        "timer",
                    ]
                ),
                name="due_row_kind_is_known",
            ),
        ]
