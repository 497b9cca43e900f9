"""Who runs this installation, and how alive its engine is."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class OperatorProfileManager(models.Manager["OperatorProfile"]):
    def in_force(self, at: datetime) -> "OperatorProfile | None":
        """The newest version valid at this instant, or None before the first."""
        return self.filter(valid_from__lte=at).order_by("-valid_from", "-pk").first()


class OperatorProfile(models.Model):
    """One version of the operator's own facts; a change is a new row."""

    valid_from = models.DateTimeField(_("valid from"))
    name = models.CharField(_("name"), max_length=120)
    hotline = models.CharField(_("hotline"), max_length=32, blank=True)
    support_email = models.EmailField(_("free support by e-mail"), blank=True)
    status_page_url = models.URLField(_("status page"), blank=True)
    imprint = models.TextField(_("imprint"), blank=True)

    objects = OperatorProfileManager()

    class Meta:
        verbose_name = _("operator profile")
        verbose_name_plural = _("operator profiles")
        ordering = ["-valid_from"]


class Heartbeat(models.Model):
    """The last sign of life of one loop of the engine (``tick``, ``watcher``)."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("heartbeat")
