"""A call that the provider makes for a technician: first to them, then to the
customer."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.staff import Technician
from emergency.rules.bridge import Stage


class BridgeQuerySet(models.QuerySet["Bridge"]):
    def live(self) -> "BridgeQuerySet":
        """Bridges that have not ended."""
        return self.filter(ended_at__isnull=True)

    def due(self, now: datetime) -> "BridgeQuerySet":
        """Bridges to place now: queued, or claimed by somebody whose lease ran out."""
        return self.filter(
            Q(stage=Stage.QUEUED.value, started_at__lte=now)
            | Q(stage=Stage.CLAIMED.value, lease_until__lt=now)
        ).order_by("started_at", "pk")


class Bridge(models.Model):
    """One call over the bridge, written before the provider is asked for it.

    ``token`` travels in the callback addresses. ``provider_id`` is the technician's
    leg, ``leg_id`` the customer's; their words never go back. ``pressed_at`` is when
    the key was pressed and the customer dialled. ``answered_at`` and ``talked_seconds``
    are of the customer's leg: the proof; ``provider_answered_at`` is the instant as the
    provider gave it, ``heard_at`` its last sign of life. ``asked_at`` is since when a
    request to the provider has been without an outcome. ``end_code`` says why nothing
    came of it; empty otherwise.
    """

    class Stage(models.TextChoices):
        QUEUED = "queued", _("Waiting to be placed")
        CLAIMED = "claimed", _("Being placed")
        SENT = "sent", _("Your telephone rings")
        DIALLING = "dialling", _("The customer is called")
        ASKING = "asking", _("How did it end?")
        ENDED = "ended", _("Ended")

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="bridges"
    )
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT)
    token = models.CharField(max_length=43, unique=True)
    digit = models.CharField(max_length=1)
    technicians_number = models.CharField(max_length=20, blank=True)
    customers_number = models.CharField(max_length=20, blank=True)
    extension = models.CharField(max_length=12, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.QUEUED)
    started_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveSmallIntegerField(default=0)
    heard_at = models.DateTimeField()
    provider_id = models.CharField(max_length=64, blank=True, db_index=True)
    provider_status = models.CharField(max_length=20, blank=True)
    sequence = models.IntegerField(default=-1)
    pressed_at = models.DateTimeField(null=True, blank=True)
    leg_id = models.CharField(max_length=64, blank=True)
    leg_status = models.CharField(max_length=20, blank=True)
    leg_sequence = models.IntegerField(default=-1)
    answered_at = models.DateTimeField(null=True, blank=True)
    provider_answered_at = models.DateTimeField(null=True, blank=True)
    talked_seconds = models.PositiveIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_code = models.CharField(max_length=40, blank=True)

    objects = BridgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("call over the bridge")
        verbose_name_plural = _("calls over the bridge")
        ordering = ["started_at", "pk"]
        indexes = [
            models.Index(
                fields=["heard_at"],
                name="bridge_live",
                condition=Q(ended_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                name="one_live_bridge_per_incident",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(
                    stage__in=[
                        *("queued", "claimed", "sent"),
                        *("dialling", "asking", "ended"),
                    ]
                ),
                name="bridge_stage_is_known",
            ),
            models.CheckConstraint(
                condition=Q(stage="ended", ended_at__isnull=False)
                | (~Q(stage="ended") & Q(ended_at__isnull=True)),
                name="ended_bridge_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(stage="claimed") | Q(lease_until__isnull=False),
                name="claimed_bridge_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(pressed_at__isnull=False),
                name="customer_is_dialled_after_the_key",
            ),
        ]

    @property
    def talked(self) -> timedelta | None:
        """How long technician and customer were connected, where it is known."""
        seconds = self.talked_seconds
        return None if seconds is None else timedelta(seconds=seconds)
