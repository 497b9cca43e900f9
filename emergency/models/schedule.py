"""Who is on call at a time: schedules, rotations, overrides."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from emergency.models.staff import Technician


class Schedule(models.Model):
    """Answers who is on call at t, in its own zone."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=40)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")

    def __str__(self) -> str:
        return self.name


class Rotation(models.Model):
    """Technicians taking turns of ``shift_days`` days, handing off at a wall-clock
    time.

    The first shift begins on ``starts_on`` at ``handoff_time``; a higher ``layer``
    wins.
    """

    schedule = models.ForeignKey(
        Schedule, on_delete=models.CASCADE, related_name="rotations"
    )
    layer = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(_("first hand-off on"))
    handoff_time = models.TimeField(_("hand-off at"))
    shift_days = models.PositiveSmallIntegerField(_("days per shift"), default=7)

    class Meta:
        verbose_name = _("rotation")
        verbose_name_plural = _("rotations")
        ordering = ["schedule", "-layer"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shift_days__gte=1), name="rotation_shift_has_days"
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
    """For [starts_at, ends_at) this technician is on call instead of the rotation."""

    schedule = models.ForeignKey(
        Schedule, on_delete=models.CASCADE, related_name="overrides"
    )
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="override_ends_after_its_start",
            ),
        ]
