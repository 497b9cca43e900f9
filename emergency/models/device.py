"""Browsers that staff trust: there the second factor was shown already."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from emergency.models.staff import Staff


class TrustedDeviceQuerySet(models.QuerySet["TrustedDevice"]):
    def in_force(self, now: datetime) -> "TrustedDeviceQuerySet":
        """Those that still spare their owner the second factor."""
        return self.filter(until__gt=now)


class TrustedDevice(models.Model):
    """One browser of one person, until an instant. Forgetting it deletes the row, and
    whoever is signed in there is signed out by it.

    The browser holds the token, here stands its hash. ``browser`` is what the browser
    calls itself, in two words, so that its owner knows it again.
    """

    staff = models.ForeignKey(
        Staff, on_delete=models.CASCADE, related_name="trusted_devices"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    browser = models.CharField(_("browser"), max_length=60)
    trusted_at = models.DateTimeField(_("trusted since"))
    used_at = models.DateTimeField(_("last sign-in"))
    until = models.DateTimeField(_("until"))

    objects = TrustedDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("trusted device")
        verbose_name_plural = _("trusted devices")
        ordering = ["-used_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("trusted_at")),
                name="trusted_device_looks_ahead",
            )
        ]
