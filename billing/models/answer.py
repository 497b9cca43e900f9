"""What a customer was answered to an objection: a letter, kept as it was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.document import Document


class ObjectionAnswer(models.Model):
    """One answer by mail about one document. The row is sent at least once; its
    Message-ID is its own, so that a mail sent twice is one mail."""

    class Status(models.TextChoices):
        DUE = "due", _("Waiting")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="objection_answers"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    address = models.EmailField()
    text = models.TextField(max_length=5000)
    status = models.CharField(max_length=8, choices=Status, default=Status.DUE)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="answer_ended_has_time",
                condition=Q(status__in=["due", "sending"], ended_at__isnull=True)
                | Q(status__in=["sent", "failed"], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_sending_has_lease",
                condition=~Q(status="sending") | Q(lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["due", "sending"]),
                name="answer_due",
            ),
        ]
