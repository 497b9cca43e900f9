"""Work that the server's clock measures, stretch by stretch."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.staff import Staff, Technician
from emergency.models.timelog import TimeEntry


class TimerQuerySet(models.QuerySet["Timer"]):
    def running(self) -> "TimerQuerySet":
        """Stretches that nobody has ended."""
        return self.filter(state="running")

    def waiting(self) -> "TimerQuerySet":
        """Ended stretches at which a person has to look before they may be charged."""
        return self.filter(state="review")


class Timer(models.Model):
    """One stretch [started_at, ended_at) of one kind; it runs while it has no end.

    A person has one running stretch at most. Switching the kind ends a stretch and
    begins the next. ``confirmed_at`` is when the person last showed that they are at
    it, ``asked_at`` when they were asked since. A stretch that a person has ended is a
    time entry; one that nobody confirmed waits for review (``why``), and nothing of it
    is charged before.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Runs")
        SAVED = "saved", _("Saved as a time entry")
        REVIEW = "review", _("Waits for review")
        DROPPED = "dropped", _("Reviewed: no work")

    class Why(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("not confirmed by its owner")
        BEYOND_LIMIT = "beyond_limit", _("beyond the customer's cost limit")
        OVERLAP = "overlap", _("another time entry stands in this interval")

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="timers"
    )
    technician = models.ForeignKey(
        Technician, on_delete=models.PROTECT, related_name="timers"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=TimeEntry.Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    why = models.CharField(max_length=15, choices=Why, blank=True)
    started_at = models.DateTimeField(_("start"))
    confirmed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("end"), null=True, blank=True)
    started_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(
        TimeEntry,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="timer",
    )

    objects = TimerQuerySet.as_manager()

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["technician"],
                condition=Q(state="running"),
                name="one_running_timer_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | (
                    Q(state__in=["saved", "review", "dropped"])
                    & Q(ended_at__gte=F("started_at"))
                ),
                name="timer_runs_until_it_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state="saved", entry__isnull=False)
                | (~Q(state="saved") & Q(entry__isnull=True)),
                name="saved_timer_names_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["support", "application_analysis"]),
                name="timer_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="review")
                | Q(why__in=["unconfirmed", "beyond_limit", "overlap"]),
                name="timer_in_review_says_why",
            ),
        ]
