"""Pages, the attempts to send them, and what the provider reported back."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.staff import ContactMethod, Technician


class PageQuerySet(models.QuerySet["Page"]):
    def due(self, now: datetime) -> "PageQuerySet":
        """Pages to send now: queued and due, or claimed by somebody whose lease ran
        out."""
        return self.filter(
            Q(status=Page.Status.QUEUED, due_at__lte=now)
            | Q(status=Page.Status.CLAIMED, lease_until__lt=now)
        ).order_by("due_at", "pk")


class Page(models.Model):
    """One attempt to reach one technician by one contact method.

    The address is the copy taken when the step fired. ``digit`` is the key that
    acknowledges by voice, ``code`` the word that acknowledges by SMS.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Handed to the provider")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Not delivered")
        WITHDRAWN = "withdrawn", _("No longer needed")

    class Purpose(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency")
        REMINDER = "reminder", _("Reminder of the callback")
        MISSED = "missed", _("Callback deadline missed")
        TAKEN = "taken", _("Somebody else has it")
        ENGINE = "engine", _("Engine trouble")

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="pages"
    )
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT)
    contact_method = models.ForeignKey(
        ContactMethod, null=True, blank=True, on_delete=models.SET_NULL
    )
    kind = models.CharField(max_length=10, choices=ContactMethod.Kind)
    address = models.CharField(max_length=254)
    purpose = models.CharField(max_length=12, choices=Purpose)
    round = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=0)
    digit = models.CharField(max_length=1, blank=True)
    code = models.CharField(max_length=8, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"], name="page_queued", condition=Q(status="queued")
            ),
            models.Index(
                fields=["lease_until"],
                name="page_claimed",
                condition=Q(status="claimed"),
            ),
            models.Index(
                fields=["sent_at"], name="page_in_flight", condition=Q(status="sent")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "queued",
                        "claimed",
                        "sent",
                        "delivered",
                        "failed",
                        "withdrawn",
                    ]
                ),
                name="page_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="claimed") | Q(lease_until__isnull=False),
                name="claimed_page_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "delivered"])
                | Q(sent_at__isnull=False),
                name="sent_page_has_a_time",
            ),
        ]


class PageAttempt(models.Model):
    """One call to the provider, written before it is made.

    ``token`` travels in the callback address, so that a callback finds its attempt even
    when our own answer was lost. ``finished_at`` is null while the outcome is unknown.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="attempts")
    token = models.CharField(max_length=43, unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=64, blank=True, db_index=True)
    provider_status = models.CharField(max_length=20, blank=True)
    sequence = models.IntegerField(default=-1)
    error_code = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("page attempt")
        ordering = ["started_at", "pk"]


class ProviderCallback(models.Model):
    """What the provider said, as received. The same saying is stored once."""

    attempt = models.ForeignKey(
        PageAttempt, on_delete=models.CASCADE, related_name="callbacks"
    )
    kind = models.CharField(max_length=10)
    fingerprint = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    values = models.JSONField()

    class Meta:
        verbose_name = _("provider callback")
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "kind", "fingerprint"],
                name="provider_callback_stored_once",
            ),
        ]
