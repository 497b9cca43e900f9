"""The case that a report opens, its timeline, its notes and its documents."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from emergency.models.account import Account
from emergency.models.staff import Staff, Technician
from emergency.rules.states import OPEN_STATES


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open(self) -> "IncidentQuerySet":
        """Incidents on which somebody still has to act."""
        return self.filter(status__in=[state.value for state in OPEN_STATES])


class Incident(models.Model):
    """One emergency. The callback deadline is report time plus the promise."""

    class Status(models.TextChoices):
        PAGING = "paging", _("Paging")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        UNREACHED = "unreached", _("Waiting for the customer")
        REACHED = "reached", _("Customer reached")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")
        MERGED = "merged", _("Merged with another incident")

    class CallbackOutcome(models.TextChoices):
        PENDING = "pending", _("Callback pending")
        MET = "met", _("Called back in time")
        ATTEMPTED = "attempted", _("Called in time, customer not reached")
        MISSED = "missed", _("Callback deadline missed")

    class Cause(models.TextChoices):
        INFRASTRUCTURE = "infrastructure", _("Infrastructure")
        APPLICATION = "application", _("Application")
        OTHER = "other", _("Other")
        UNDETERMINED = "undetermined", _("Undetermined")

    class Disposition(models.TextChoices):
        SOLVED = "solved", _("Solved")
        HANDED_TO_FREE_SUPPORT = "handed_to_free_support", _("Handed to free support")
        NOT_AN_EMERGENCY = "not_an_emergency", _("Not an emergency")
        DUPLICATE = "duplicate", _("Duplicate")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        PRANK = "prank", _("Prank")
        DRILL = "drill", _("Drill")

    reference = models.CharField(_("reference"), max_length=16, unique=True)
    # Marked before the report: walks everything, is charged and counted nowhere.
    is_drill = models.BooleanField(_("drill"), default=False)
    account = models.ForeignKey(
        Account,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incidents",
    )
    caller_confirmed_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=15, choices=Status, default=Status.PAGING
    )
    opened_at = models.DateTimeField(_("reported at"))
    callback_deadline_at = models.DateTimeField(_("call back by"))
    callback_outcome = models.CharField(
        max_length=10, choices=CallbackOutcome, default=CallbackOutcome.PENDING
    )
    policy_snapshot = models.JSONField()
    round = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(
        Technician,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incidents",
    )
    # Called in beside the owner; they may do what the owner may.
    helpers = models.ManyToManyField(Technician, blank=True, related_name="helping")
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    reached_at = models.DateTimeField(_("reached at"), null=True, blank=True)
    attempted_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    # The last thing a person did here; after *reached*, silence asks the owner.
    active_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=15, choices=Cause, blank=True)
    disposition = models.CharField(
        _("what it was"), max_length=25, choices=Disposition, blank=True
    )
    resolution = models.TextField(_("what was done"), blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # The incident that took over the reports of this one.
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )
    billing_frozen_at = models.DateTimeField(null=True, blank=True)
    billed_at = models.DateTimeField(null=True, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-opened_at"]
        indexes = [
            models.Index(
                fields=["callback_deadline_at"],
                name="incident_open",
                condition=Q(status__in=[state.value for state in OPEN_STATES]),
            ),
            models.Index(
                fields=["closed_at"],
                name="incident_to_bill",
                condition=Q(
                    billed_at__isnull=True,
                    closed_at__isnull=False,
                    merged_into__isnull=True,
                ),
            ),
            models.Index(fields=["account", "-opened_at"], name="incident_by_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "paging",
                        "acknowledged",
                        "unreached",
                        "reached",
                        "resolved",
                        "closed",
                        "cancelled",
                        "merged",
                    ]
                ),
                name="incident_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="acknowledged")
                | Q(acknowledged_at__isnull=False, owner__isnull=False),
                name="acknowledged_has_time_and_owner",
            ),
            models.CheckConstraint(
                condition=~Q(status="reached") | Q(reached_at__isnull=False),
                name="reached_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed")
                | (Q(closed_at__isnull=False) & ~Q(cause="")),
                name="closed_has_time_and_cause",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="merged_names_what_it_went_into",
            ),
            models.CheckConstraint(
                condition=~Q(callback_outcome="met")
                | Q(reached_at__lte=F("callback_deadline_at")),
                name="met_was_in_time",
            ),
            models.CheckConstraint(
                condition=~Q(callback_outcome="attempted")
                | Q(attempted_at__lte=F("callback_deadline_at")),
                name="attempted_was_in_time",
            ),
            models.CheckConstraint(
                condition=~Q(callback_outcome="missed") | Q(missed_at__isnull=False),
                name="missed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    cause__in=[
                        "",
                        "infrastructure",
                        "application",
                        "other",
                        "undetermined",
                    ]
                ),
                name="cause_is_known",
            ),
            models.CheckConstraint(
                condition=Q(is_drill=True, disposition__in=["", "drill"])
                | Q(
                    is_drill=False,
                    disposition__in=[
                        *("", "solved", "handed_to_free_support"),
                        *("not_an_emergency", "duplicate", "withdrawn", "prank"),
                    ],
                ),
                name="only_a_drill_ends_as_a_drill",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.status in {state.value for state in OPEN_STATES}


class TimelineEntry(models.Model):
    """An append-only fact: code and named values, worded when read.

    The database refuses updates and deletes. ``values`` holds codes, ids and numbers,
    never personal free text.
    """

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="timeline"
    )
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    staff = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT)
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["incident", "at", "id"], name="timeline_of_incident")
        ]


class Note(models.Model):
    """Free text for colleagues. Personal data: kept apart so that it can be erased."""

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="notes"
    )
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(_("note"))

    class Meta:
        verbose_name = _("note")
        ordering = ["at", "pk"]


class DocumentFact(models.Model):
    """What billing told us it did for this incident; never asked for again.

    ``kind`` none means that there is nothing to charge and ``number`` is empty.
    """

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=15)
    number = models.CharField(max_length=40, blank=True)
    gross = models.DecimalField(max_digits=12, decimal_places=2)
    issued_at = models.DateTimeField()
    url_name = models.CharField(max_length=60, blank=True)
    # Opens with the secret of a tracking page and the number, without signing in.
    public_url_name = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("document of billing")
        ordering = ["issued_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind", "number"], name="document_told_once"
            ),
        ]
