"""What a customer typed and has not ordered yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from emergency.models.tracking import KeptFile


class Draft(models.Model):
    """A form that was sent and not ordered; personal data, kept for a short time.

    ``cookie_hash`` is the SHA-256 of the browser's random cookie, ``order_key`` the one
    that the form carries: an order takes the draft's files along and deletes it.
    """

    cookie_hash = models.CharField(max_length=64)
    order_key = models.CharField(max_length=64, unique=True)
    network_address = models.CharField(max_length=45, blank=True)
    typed = models.JSONField(_("typed"), default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [
            models.Index(
                fields=["cookie_hash", "-updated_at"], name="draft_by_browser"
            ),
            models.Index(
                fields=["network_address", "updated_at"], name="draft_by_address"
            ),
            models.Index(fields=["updated_at"], name="draft_by_age"),
        ]


class DraftFile(KeptFile):
    """A file chosen in the form; the order takes it along."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "digest"], name="draft_file_is_kept_once"
            ),
        ]
