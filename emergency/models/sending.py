"""What pages and messages have in common: queued, claimed, sent, at least once."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

SendingType = TypeVar("SendingType", bound="Sending")


class SendingQuerySet(models.QuerySet[SendingType]):
    def due(self, now: datetime) -> Self:
        """Rows to send now: queued and due, or claimed by somebody whose lease ran
        out."""
        return self.filter(
            Q(status=Sending.Status.QUEUED, due_at__lte=now)
            | Q(status=Sending.Status.CLAIMED, lease_until__lt=now)
        ).order_by("due_at", "pk")


class Sending(models.Model):
    """One thing to bring to somebody. Instants are aware UTC; ``sends`` counts how
    often a provider was asked."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Handed to the provider")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Not delivered")
        WITHDRAWN = "withdrawn", _("No longer needed")

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="%(class)s_queued",
                condition=Q(status="queued"),
            ),
            models.Index(
                fields=["lease_until"],
                name="%(class)s_claimed",
                condition=Q(status="claimed"),
            ),
            models.Index(
                fields=["sent_at"],
                name="%(class)s_in_flight",
                condition=Q(status="sent"),
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
                name="%(class)s_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="claimed") | Q(lease_until__isnull=False),
                name="claimed_%(class)s_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "delivered"])
                | Q(sent_at__isnull=False),
                name="sent_%(class)s_has_a_time",
            ),
        ]
