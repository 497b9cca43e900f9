"""Who runs this installation, and how alive its engine is."""

from datetime import datetime, time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def office_days() -> list[int]:
    return [0, 1, 2, 3, 4]


class OperatorProfileManager(models.Manager["OperatorProfile"]):
    def in_force(self, at: datetime) -> "OperatorProfile | None":
        """The newest version valid at this instant, or None before the first."""
        return self.filter(valid_from__lte=at).order_by("-valid_from", "-pk").first()


class OperatorProfile(models.Model):
    """One version of the operator's own facts; a change is a new row."""

    valid_from = models.DateTimeField(_("valid from"))
    name = models.CharField(_("name"), max_length=120)
    hotline = models.CharField(_("hotline"), max_length=32, blank=True)
    support_email = models.EmailField(_("free support by e-mail"), blank=True)
    status_page_url = models.URLField(_("status page"), blank=True)
    imprint = models.TextField(_("imprint"), blank=True)
    # Monday is 0. Half-open in the operator's zone; holidays are never office hours.
    office_days = models.JSONField(_("office days"), default=office_days)
    office_opens = models.TimeField(_("office opens"), default=time(8))
    office_closes = models.TimeField(_("office closes"), default=time(17))

    objects = OperatorProfileManager()

    class Meta:
        verbose_name = _("operator profile")
        verbose_name_plural = _("operator profiles")
        ordering = ["-valid_from"]


class Holiday(models.Model):
    """A day without office hours, kept as a row so that no upgrade of a library changes
    what was true when a customer ordered.

    ``fee_time`` False is an extra closing day on which no fee is due.
    """

    class Source(models.TextChoices):
        CALENDAR = "calendar", _("Public holiday")
        OPERATOR = "operator", _("Closing day")

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    source = models.CharField(_("kind"), max_length=10, choices=Source)
    fee_time = models.BooleanField(_("a fee is due"), default=True)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["calendar", "operator"]),
                name="holiday_source_is_known",
            ),
        ]


class Heartbeat(models.Model):
    """The last sign of life of one loop of the engine (``tick``, ``watcher``)."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("heartbeat")
