"""Sending a document: every attempt is a row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.document import Document


class Transmission(models.Model):
    """One attempt to send one document to one address; a retry is the next row."""

    class Status(models.TextChoices):
        DUE = "due", _("Waiting")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        BOUNCED = "bounced", _("Came back")

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PUSH = "push", _("Customer system")
        HAND_OVER = "hand_over", _("Billing system")
        # By post, by hand: a person did it and says so.
        OTHER = "other", _("Another way")

    document = models.ForeignKey(Document, models.PROTECT, related_name="transmissions")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.EMAIL)
    # An e-mail address, that of a system that takes requests, or which other way.
    address = models.CharField(max_length=300)
    # Who asked for it; None: it follows from issuing, or from an attempt that failed.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    attempt = models.PositiveSmallIntegerField(default=1)
    # The attempt that began this row of retries: asking by hand begins a new one.
    first_attempt = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status, default=Status.DUE)
    due_at = models.DateTimeField()
    # While sending: until then nobody else tries; afterwards somebody takes over.
    lease_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "kind", "attempt"],
                name="transmission_attempt_once_per_kind",
            ),
            models.CheckConstraint(
                name="transmission_kind_known",
                condition=Q(kind__in=["email", "push", "hand_over", "other"]),
            ),
            models.CheckConstraint(
                name="transmission_ended_has_time",
                condition=Q(status__in=["due", "sending"], ended_at__isnull=True)
                | Q(status__in=["sent", "failed", "bounced"], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="transmission_sending_has_lease",
                condition=~Q(status="sending") | Q(lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["due", "sending"]),
                name="transmission_due",
            ),
        ]
