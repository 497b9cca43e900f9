"""Who wants to hear when a maintenance has ended."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class MaintenanceNoticeQuerySet(models.QuerySet["MaintenanceNotice"]):
    def due(self, now: datetime) -> "MaintenanceNoticeQuerySet":
        """Those to look at again, the longest waiting first."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")


class MaintenanceNotice(models.Model):
    """An address that is written to once, when the windows that were shown for these
    servers are over. The row is gone afterwards.

    ``windows`` are the shown ones as ``[page, id]``; ``sends`` counts tries.
    """

    email = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=5)
    servers = models.JSONField(_("servers"), default=list)
    windows = models.JSONField(default=list)
    title = models.CharField(_("maintenance"), max_length=500, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sends = models.PositiveSmallIntegerField(default=0)

    objects = MaintenanceNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice about a maintenance")
        verbose_name_plural = _("notices about maintenance")
        indexes = [
            models.Index(fields=["due_at"], name="maintenance_notice_due"),
            models.Index(fields=["email"], name="maintenance_notice_for"),
        ]
