"""Messages to contacts: what the operator tells a customer by SMS or e-mail."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> "MessageQuerySet":
        """Messages to send now: queued and due, or claimed by somebody whose lease ran
        out."""
        return self.filter(
            Q(status=Message.Status.QUEUED, due_at__lte=now)
            | Q(status=Message.Status.CLAIMED, lease_until__lt=now)
        ).order_by("due_at", "pk")


class Message(models.Model):
    """One text to one contact, kept as it was sent: a promise in words.

    ``address`` and ``text`` are personal data of this row. ``token`` travels in the
    callback address and is written before the provider is asked.
    """

    class Kind(models.TextChoices):
        SMS = "sms", _("SMS")
        EMAIL = "email", _("E-mail")

    class Purpose(models.TextChoices):
        ATTEMPTED = "attempted", _("We called and did not reach you")
        MISSED = "missed", _("The callback is late")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Handed to the provider")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Not delivered")
        WITHDRAWN = "withdrawn", _("No longer needed")

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="messages"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    purpose = models.CharField(max_length=12, choices=Purpose)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=5)
    text = models.TextField()
    token = models.CharField(max_length=43, unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveSmallIntegerField(default=0)
    provider = models.CharField(max_length=20, blank=True)
    provider_id = models.CharField(max_length=64, blank=True, db_index=True)
    provider_status = models.CharField(max_length=20, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"], name="message_queued", condition=Q(status="queued")
            ),
            models.Index(
                fields=["lease_until"],
                name="message_claimed",
                condition=Q(status="claimed"),
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
                name="message_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["sms", "email"]), name="message_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="claimed") | Q(lease_until__isnull=False),
                name="claimed_message_has_a_lease",
            ),
        ]
