"""Who is on call: schedules, rotations, overrides."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from emergency.models.staff import Technician


class When(models.TextChoices):
    """Which hours a rotation serves, or a schedule must cover."""

    ALWAYS = "always", _("Always")
    OUTSIDE_OFFICE_HOURS = "outside_office_hours", _("Outside office hours")
    TIMES = "times", _("At these times")


WHEN_IS_KNOWN = ["always", "outside_office_hours", "times"]


def default_shift_reminders() -> list[int]:
    return [24 * 3600, 3600]


class Schedule(models.Model):
    """Answers who is on call at t, in its own zone.

    ``coverage`` says which hours it must cover: only those can be gaps. ``times`` and
    ``coverage_times`` are lists of ``{"days": [0..6], "from": "HH:MM", "until":
    "HH:MM"}`` with Monday as 0; an ``until`` not after ``from`` means the next day.
    ``shift_reminders`` are seconds before a shift begins.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=40)
    coverage = models.CharField(
        _("must be covered"), max_length=20, choices=When, default=When.ALWAYS
    )
    coverage_times = models.JSONField(default=list, blank=True)
    shift_reminders = models.JSONField(default=default_shift_reminders, blank=True)
    handoff_answer_within = models.DurationField(
        _("time to confirm a hand-off"), default=timedelta(minutes=15)
    )
    # Counted up to end every calendar address given out so far.
    feed_version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            models.CheckConstraint(
                condition=Q(coverage__in=WHEN_IS_KNOWN),
                name="schedule_coverage_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Rotation(models.Model):
    """Technicians taking turns, handing off at a wall-clock time.

    The first shift begins on ``starts_on`` at ``handoff_time``; a shift lasts
    ``shift_days`` days and ``shift_hours`` hours on the wall clock. The last one ends
    with ``ends_on`` at ``handoff_time``, if that is given. A higher ``layer`` wins
    during the hours to which the rotation is limited.
    """

    schedule = models.ForeignKey(
        Schedule, on_delete=models.CASCADE, related_name="rotations"
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    layer = models.PositiveSmallIntegerField(_("layer"), default=0)
    starts_on = models.DateField(_("first hand-off on"))
    ends_on = models.DateField(_("last hand-off on"), null=True, blank=True)
    handoff_time = models.TimeField(_("hand-off at"))
    shift_days = models.PositiveSmallIntegerField(_("days per shift"), default=7)
    shift_hours = models.PositiveSmallIntegerField(_("and hours"), default=0)
    limited_to = models.CharField(
        _("serves"), max_length=20, choices=When, default=When.ALWAYS
    )
    times = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("rotation")
        verbose_name_plural = _("rotations")
        ordering = ["schedule", "-layer", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shift_days__gte=1) | Q(shift_hours__gte=1),
                name="rotation_shift_has_a_length",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="rotation_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=Q(limited_to__in=WHEN_IS_KNOWN),
                name="rotation_limit_is_known",
            ),
        ]


class RotationMember(models.Model):
    """A technician's place in the order of turns."""

    rotation = models.ForeignKey(
        Rotation, on_delete=models.CASCADE, related_name="members"
    )
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("rotation member")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["rotation", "position"], name="rotation_position_is_unique"
            ),
        ]


class Override(models.Model):
    """A change of the schedule in [starts_at, ends_at).

    ``replace``: ``technician`` instead of ``replaced``, or of everybody when that is
    empty. ``add``: ``technician`` beside whoever is on call. ``remove``: ``replaced``
    is not on call. A cancelled override is kept.
    """

    class Kind(models.TextChoices):
        REPLACE = "replace", _("Replace")
        ADD = "add", _("Add")
        REMOVE = "remove", _("Remove")

    class Reason(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SWAP = "swap", _("Swap")
        DROP_OUT = "drop_out", _("Drop-out")

    schedule = models.ForeignKey(
        Schedule, on_delete=models.CASCADE, related_name="overrides"
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.REPLACE
    )
    technician = models.ForeignKey(
        Technician, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced = models.ForeignKey(
        Technician, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    reason = models.CharField(
        _("reason"), max_length=10, choices=Reason, default=Reason.PLANNED
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(
                fields=["schedule", "ends_at"],
                name="override_in_force",
                condition=Q(cancelled_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="override_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["replace", "add"], technician__isnull=False)
                | Q(kind="remove", replaced__isnull=False, technician__isnull=True),
                name="override_names_its_people",
            ),
        ]
