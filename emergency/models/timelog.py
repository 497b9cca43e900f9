"""Time worked on an incident. An amendment is a new version; nothing is edited."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.staff import Staff, Technician


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class TimeEntryQuerySet(models.QuerySet["TimeEntry"]):
    def current(self) -> "TimeEntryQuerySet":
        """The newest version of each entry."""
        return self.filter(superseded_at__isnull=True)


class TimeEntry(models.Model):
    """A work interval [started_at, ended_at) of one technician, of one kind."""

    class Kind(models.TextChoices):
        SUPPORT = "support", _("Support")
        APPLICATION_ANALYSIS = "application_analysis", _("Application analysis")

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="time_entries"
    )
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    started_at = models.DateTimeField(_("start"))
    ended_at = models.DateTimeField(_("end"))
    billable = models.BooleanField(_("billable"), default=True)
    waiver_reason = models.CharField(
        _("why it is not charged"), max_length=200, blank=True
    )
    logged_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()
    amends = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="amended_by",
    )
    amendment_reason = models.CharField(max_length=200, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("time entry")
        verbose_name_plural = _("time entries")
        ordering = ["started_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at")),
                name="time_entry_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["support", "application_analysis"]),
                name="time_entry_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(billable=True) | ~Q(waiver_reason=""),
                name="waived_time_has_a_reason",
            ),
            ExclusionConstraint(
                name="technician_works_on_one_thing_at_a_time",
                expressions=[
                    ("technician", RangeOperators.EQUAL),
                    (TsTzRange("started_at", "ended_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at__isnull=True),
            ),
        ]
