"""Imports of accounts and servers: every run is a row."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.staff import Staff


class AccountImportQuerySet(models.QuerySet["AccountImport"]):
    def claimable(self, now: datetime) -> "AccountImportQuerySet":
        """Nightly runs that are due, and those whose worker has not come back."""
        return self.filter(
            Q(status="due", due_at__lte=now) | Q(status="running", lease_until__lte=now)
        )

    def waiting(self) -> "AccountImportQuerySet":
        """Runs that somebody has to confirm or discard, while their file is there."""
        return self.filter(status__in=["preview", "stopped"], file__isnull=False)


class AccountImport(models.Model):
    """One run. ``counts`` are numbers by record and fate; ``problems`` are the first
    rows that were not taken, by place and code. ``fingerprint`` names what the run
    would change, so that what is confirmed is what was shown.

    ``preview``: somebody looks at it. ``stopped``: the brake on mass changes holds it.
    """

    class Origin(models.TextChoices):
        UPLOAD = "upload", _("Upload")
        COMMAND = "command", _("Command")
        NIGHTLY = "nightly", _("Every night")

    class Status(models.TextChoices):
        DUE = "due", _("due")
        RUNNING = "running", _("running")
        PREVIEW = "preview", _("waits to be confirmed")
        STOPPED = "stopped", _("stopped by the brake")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        DISCARDED = "discarded", _("discarded")

    origin = models.CharField(_("from"), max_length=8, choices=Origin)
    status = models.CharField(_("state"), max_length=10, choices=Status)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The name of the file, or the address without what may be secret in it.
    source = models.CharField(max_length=200, blank=True)
    partial = models.BooleanField(_("only a part"), default=False)
    digest = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True)
    problem_count = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True)

    objects = AccountImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of accounts")
        verbose_name_plural = _("imports of accounts")
        ordering = ["-due_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="account_import_open",
                condition=Q(status__in=["due", "running"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin"],
                name="one_nightly_import_is_planned",
                condition=Q(origin="nightly", status__in=["due", "running"]),
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["upload", "command", "nightly"]),
                name="account_import_origin_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("due", "running", "preview", "stopped"),
                        *("done", "failed", "discarded"),
                    ]
                ),
                name="account_import_status_is_known",
            ),
        ]

    @property
    def waits(self) -> bool:
        """Whether somebody has to confirm or discard it. A file that nobody asked for
        any more is purged."""
        undecided = self.status in {self.Status.PREVIEW, self.Status.STOPPED}
        return undecided and hasattr(self, "file")


class AccountImportFile(models.Model):
    """The bytes of a run that waits to be confirmed; gone with the answer."""

    run = models.OneToOneField(
        AccountImport, on_delete=models.CASCADE, related_name="file"
    )
    at = models.DateTimeField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")
