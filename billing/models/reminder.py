"""What is set about payments and reminders, and the reminders that were made."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.document import Document
from billing.models.money import money_field
from billing.models.profile import Language


class PaymentRules(models.Model):
    """One version of the settings; the newest holds. Without any, exact matches are
    booked, no difference is accepted and no reminder is sent."""

    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    books_exact_matches = models.BooleanField(
        _("Book exact matches without asking"), default=True
    )
    tolerance = money_field(
        verbose_name=_("Accept differences up to"),
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(10)],
    )
    sends_reminders = models.BooleanField(
        _("Send reminders by themselves"), default=False
    )
    mentions_interest = models.BooleanField(
        _("Mention statutory interest and lump sum to businesses"), default=False
    )
    # [{"days": 7, "subject": {"de": …, "en": …}, "text": {"de": …, "en": …}}, …]
    levels = models.JSONField(default=list)

    class Meta:
        get_latest_by = ["saved_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="paymentrules_tolerance_small",
                condition=Q(tolerance__gte=0) & Q(tolerance__lte=10),
            ),
        ]


class Reminder(models.Model):
    """One attempt to send one level of reminder for one document, word for word."""

    class Status(models.TextChoices):
        DUE = "due", _("Waiting")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("No longer needed")

    document = models.ForeignKey(Document, models.PROTECT, related_name="reminders")
    level = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status, default=Status.DUE)
    language = models.CharField(max_length=2, choices=Language)
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    # What was open when it was made: another amount makes the words wrong.
    amount = money_field()
    due_at = models.DateTimeField()
    # While sending: until then nobody else tries; afterwards somebody takes over.
    lease_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "level", "attempt"],
                condition=~Q(status="dropped"),
                name="reminder_attempt_once",
            ),
            models.CheckConstraint(
                name="reminder_ended_has_time",
                condition=Q(status__in=["due", "sending"], ended_at__isnull=True)
                | Q(status__in=["sent", "failed", "dropped"], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_sending_has_lease",
                condition=~Q(status="sending") | Q(lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["due", "sending"]),
                name="reminder_due",
            ),
        ]
