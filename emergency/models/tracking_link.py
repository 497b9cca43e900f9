"""Further addresses of a tracking page, for messages that are written later."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from emergency.models.report import Report


class TrackingLink(models.Model):
    """An address in messages that opens the report's tracking page, as the report's own
    secret does, and that is taken back with it (RevokedLink).

    It is derived from the installation's key when a message leaves; ``token_hash`` is
    what is stored of it. A report has several only after the key was changed.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("link to a tracking page")
        verbose_name_plural = _("links to tracking pages")
        ordering = ["made_at", "pk"]
