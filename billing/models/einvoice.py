"""The electronic forms of an issued document: bytes like its PDF, made once."""

from django.db import models
from django.db.models import Q

from billing.models.document import Document
from billing.rules.einvoice import Format


class EInvoice(models.Model):
    """One document in one electronic format; never changed and never made again."""

    class Kind(models.TextChoices):
        FACTUR_X = Format.FACTUR_X.value, "Factur-X / ZUGFeRD"
        PEPPOL = Format.PEPPOL.value, "Peppol BIS Billing 3"
        XRECHNUNG = Format.XRECHNUNG.value, "XRechnung"
        EBINTERFACE = Format.EBINTERFACE.value, "ebInterface 6.1"

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="electronic_forms"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40, default="application/xml")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "kind"], name="einvoice_once_per_kind"
            ),
            models.CheckConstraint(
                name="einvoice_kind_known",
                condition=Q(
                    kind__in=["factur_x", "peppol", "xrechnung", "ebinterface"]
                ),
            ),
        ]

    @property
    def file_name(self) -> str:
        """RE-2026-00001-peppol.xml: unique among the files of all documents."""
        return f"{self.document.number}-{self.kind}.xml"
