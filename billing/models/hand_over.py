"""Approved documents in the hands of the operator's own billing system."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.document import Document
from billing.models.money import money_field
from billing.rules.hand_over import State


class HandOverBatch(models.Model):
    """A file of documents handed over, kept as it was made."""

    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    count = models.PositiveIntegerField()
    net = money_field()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("hand-over file")
        verbose_name_plural = _("hand-over files")
        ordering = ["-id"]


class HandOver(models.Model):
    """One document as it was handed over, and what the other system says of it.

    ``key`` makes repeating harmless: however often ``body`` arrives, it is one bill.
    """

    class Status(models.TextChoices):
        WAITING = State.WAITING.value, _("Handed over")
        ACCEPTED = State.ACCEPTED.value, _("Accepted")
        BOOKED = State.BOOKED.value, _("Invoiced")
        PAID = State.PAID.value, _("Paid")
        REFUSED = State.REFUSED.value, _("Refused")
        CANCELLED = State.CANCELLED.value, _("Cancelled")

    document = models.ForeignKey(Document, models.PROTECT, related_name="hand_overs")
    key = models.CharField(max_length=40, unique=True)
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    # The number of the invoice over there; empty until it is told.
    external_number = models.CharField(_("number"), max_length=40, blank=True)
    message = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(
        HandOverBatch, models.PROTECT, null=True, related_name="hand_overs"
    )

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=~Q(status="refused"),
                name="hand_over_once_unless_refused",
            ),
            models.CheckConstraint(
                name="hand_over_status_known",
                condition=Q(
                    status__in=[
                        *("waiting", "accepted", "booked"),
                        *("paid", "refused", "cancelled"),
                    ]
                ),
            ),
            models.CheckConstraint(
                name="hand_over_booked_has_number",
                condition=~Q(status__in=["booked", "paid"]) | ~Q(external_number=""),
            ),
        ]


class HandOverEvent(models.Model):
    """What the other system told us, once each; repeating it changes nothing."""

    class Source(models.TextChoices):
        WEBHOOK = "webhook", _("Told by the other system")
        ANSWER = "answer", _("Answered at once")
        HAND = "hand", _("Typed by hand")

    event_id = models.CharField(max_length=80, unique=True)
    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="events")
    source = models.CharField(max_length=8, choices=Source)
    received_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=HandOver.Status)
    number = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=300, blank=True)
    # False: it was older news than what stands already.
    applied = models.BooleanField()
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("answer of the billing system")
        verbose_name_plural = _("answers of the billing system")
        ordering = ["id"]
