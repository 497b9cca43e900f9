"""Exports: what was handed to the books, by whom, and the bytes of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.document import Document, DocumentFile
from billing.models.export_settings import ExportSettings


class ExportRun(models.Model):
    """One export: the documents and sums are fixed when it is asked for, the file is
    made afterwards, and from then on the row never changes."""

    class Format(models.TextChoices):
        CSV = "csv", _("CSV, one row per document")
        CSV_LINES = "csv_lines", _("CSV, one row per line")
        XLSX = "xlsx", _("Excel workbook (XLSX)")
        ZIP = "zip", _("Archive (ZIP): PDF, e-invoices, lists, hashes")
        BMD = "bmd", _("BMD NTCS bookings")
        DATEV = "datev", _("DATEV booking batch (EXTF 700, version 13)")

    class Status(models.TextChoices):
        DUE = "due", _("Waiting")
        MAKING = "making", _("Being made")
        MADE = "made", _("Made")
        FAILED = "failed", _("Failed")

    format = models.CharField(max_length=10, choices=Format)
    requested_at = models.DateTimeField()
    # None: from the command line.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    settings = models.ForeignKey(ExportSettings, models.PROTECT, related_name="runs")

    # The filter, as it was asked for; empty: everything.
    issued_from = models.DateField(null=True)
    issued_to = models.DateField(null=True)
    kind = models.CharField(max_length=12, choices=Document.Kind, blank=True)
    account_number = models.CharField(max_length=40, blank=True)
    only_new = models.BooleanField(default=False)

    # What fits it; credit notes count negative.
    documents = models.PositiveIntegerField()
    repeated = models.PositiveIntegerField(default=0)
    net = models.DecimalField(max_digits=14, decimal_places=2)
    vat_total = models.DecimalField(max_digits=14, decimal_places=2)
    gross = models.DecimalField(max_digits=14, decimal_places=2)

    status = models.CharField(max_length=10, choices=Status, default=Status.DUE)
    lease_until = models.DateTimeField(null=True)
    progress = models.PositiveIntegerField(default=0)
    # Why no file could be made: a code and what it is about.
    problem = models.CharField(max_length=40, blank=True)
    problem_about = models.CharField(max_length=200, blank=True)

    made_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    replaced = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="export_status_and_format_known",
                condition=Q(status__in=["due", "making", "made", "failed"])
                & Q(format__in=["csv", "csv_lines", "xlsx", "zip", "bmd", "datev"])
                & Q(kind__in=["", "invoice", "credit_note"]),
            ),
            models.CheckConstraint(
                name="export_made_has_hash",
                condition=Q(status="made", made_at__isnull=False) & ~Q(sha256="")
                | ~Q(status="made") & Q(made_at__isnull=True, sha256=""),
            ),
            models.CheckConstraint(
                name="export_sums_add_up",
                condition=Q(gross=models.F("net") + models.F("vat_total")),
            ),
            models.CheckConstraint(
                name="export_making_has_lease",
                condition=~Q(status="making") | Q(lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"],
                condition=Q(status__in=["due", "making"]),
                name="export_to_make",
            ),
        ]

    @property
    def is_made(self) -> bool:
        return self.status == self.Status.MADE

    @property
    def is_open(self) -> bool:
        return self.status in {self.Status.DUE, self.Status.MAKING}


class ExportEntry(models.Model):
    """This document is in this export."""

    run = models.ForeignKey(ExportRun, models.PROTECT, related_name="entries")
    document = models.ForeignKey(Document, models.PROTECT, related_name="exports")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "document"], name="exported_once_per_run"
            ),
        ]


class ExportPiece(models.Model):
    """A part of the file: bytes of its own, then those of an issued file, if any.

    An archive repeats no PDF: it points to the bytes that were issued, which nobody can
    change either.
    """

    class Part(models.TextChoices):
        NOTHING = "", _("nothing")
        PDF = "pdf", "PDF"
        XML = "xml", _("e-invoice")

    run = models.ForeignKey(ExportRun, models.PROTECT, related_name="pieces")
    position = models.PositiveIntegerField()
    content = models.BinaryField()
    file = models.ForeignKey(DocumentFile, models.PROTECT, null=True, related_name="+")
    part = models.CharField(max_length=3, choices=Part, blank=True)

    class Meta:
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "position"], name="export_piece_once"
            ),
            models.CheckConstraint(
                name="export_piece_of_a_file",
                condition=Q(file=None, part="")
                | Q(file__isnull=False, part__in=["pdf", "xml"]),
            ),
        ]
