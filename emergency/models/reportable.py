"""Cases that may have to be reported to an authority, and what was done about them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.staff import Staff


class ReportableCaseQuerySet(models.QuerySet["ReportableCase"]):
    def open(self) -> "ReportableCaseQuerySet":
        """Cases in which a step is still to be done."""
        return self.filter(ended_at__isnull=True)


class ReportableCase(models.Model):
    """Incidents of which an authority may have to hear. Everything that was decided
    stands in its facts; here stands only what queries ask for.

    ``due_at`` is when the engine looks at it next; ``failures`` counts looks that
    went wrong.
    """

    class Kind(models.TextChoices):
        OUTAGE = "outage", _("Service outage")
        COMPROMISE = "compromise", _("Suspected malicious compromise")
        PERSONAL_DATA = "personal_data", _("Breach of personal data")

    class Ending(models.TextChoices):
        COMPLETE = "complete", _("Every step is settled")
        NOT_REPORTABLE = "not_reportable", _("Need not be reported")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    incidents = models.ManyToManyField(Incident, related_name="reportable_cases")
    flagged_at = models.DateTimeField(_("flagged at"))
    flagged_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ending = models.CharField(max_length=15, choices=Ending, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects = ReportableCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("reportable case")
        verbose_name_plural = _("reportable cases")
        ordering = ["-flagged_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="reportable_case_due",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["flagged_at"],
                name="reportable_case_open",
                condition=Q(ended_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["outage", "compromise", "personal_data"]),
                name="reportable_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | Q(
                    ended_at__isnull=False,
                    ending__in=["complete", "not_reportable"],
                    due_at__isnull=True,
                ),
                name="reportable_end_says_how",
            ),
        ]


class ReportableFact(models.Model):
    """One thing that was decided or done in a case. The database refuses changes, but
    for words that are erased. What was entered last about a step, or about the moment
    of knowledge, counts.

    ``at`` is when it was entered, ``moment`` the instant it is about: the moment of
    knowledge, when a step was done, the deadline that somebody was reminded of.
    """

    class Code(models.TextChoices):
        KNOWN = "known", _("Moment of knowledge")
        INCIDENT = "incident", _("Incident added")
        DONE = "done", _("Done")
        NOT_NEEDED = "not_needed", _("Not needed")
        REMINDED = "reminded", _("Duty managers reminded")
        ENDED = "ended", _("Case ended")

    class Step(models.TextChoices):
        EARLY_WARNING = "early_warning", _("Early warning")
        NOTIFICATION = "notification", _("Notification")
        FINAL_REPORT = "final_report", _("Final report")
        DATA_BREACH = "data_breach", _("Notification of the data breach")

    class Reminder(models.TextChoices):
        AHEAD = "ahead", _("days before")
        SOON = "soon", _("hours before")
        PASSED = "passed", _("at the deadline")

    case = models.ForeignKey(
        ReportableCase, on_delete=models.PROTECT, related_name="facts"
    )
    code = models.CharField(_("fact"), max_length=15, choices=Code)
    step = models.CharField(_("step"), max_length=15, choices=Step, blank=True)
    reminder = models.CharField(max_length=10, choices=Reminder, blank=True)
    at = models.DateTimeField(_("entered at"))
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    moment = models.DateTimeField(_("moment"), null=True, blank=True)
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(
        _("reference number of the authority"), max_length=80, blank=True
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("fact of a reportable case")
        verbose_name_plural = _("facts of reportable cases")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["case", "at", "id"], name="facts_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__in=["known", "done"], moment__isnull=False)
                | Q(code="reminded", moment__isnull=False)
                | Q(code="incident", incident__isnull=False)
                | Q(code__in=["not_needed", "ended"]),
                name="reportable_fact_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    code__in=["done", "not_needed", "reminded"],
                    step__in=[
                        *("early_warning", "notification", "final_report"),
                        "data_breach",
                    ],
                )
                | Q(code__in=["known", "incident", "ended"], step=""),
                name="reportable_fact_names_its_step",
            ),
            models.UniqueConstraint(
                fields=["case", "step", "reminder", "moment"],
                condition=Q(code="reminded"),
                name="each_reminder_is_given_once",
            ),
        ]
