"""A drill walks the public form and real phones, and is no order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from emergency.models.incident import Incident
from emergency.models.staff import Staff


class DrillLink(models.Model):
    """What the desk hands out: the report made by it is a drill, once, until ``until``.

    Only the SHA-256 of its secret is stored.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    incident = models.OneToOneField(
        Incident,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="drill_link",
    )

    class Meta:
        verbose_name = _("drill link")
        verbose_name_plural = _("drill links")
        ordering = ["-made_at", "-pk"]
