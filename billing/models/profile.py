"""Who is invoiced, and how they want it."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.rules.einvoice import buyer_needs
from billing.rules.tax import Recipient

# What stands on an invoice by law; without it nothing is issued.
NEEDED = ("legal_name", "address", "postcode", "city", "country")


class Language(models.TextChoices):
    DE = "de", _("German")
    EN = "en", _("English")


class BillingProfile(models.Model):
    """The billing side of one account; emergency owns number, name and kind."""

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Business")
        CONSUMER = "consumer", _("Consumer")
        UNKNOWN = "unknown", _("Not known yet")

    account_number = models.CharField(_("account number"), max_length=40, unique=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.UNKNOWN
    )
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    address = models.TextField(_("street and number"), max_length=300, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Two letters, like AT."))],
    )
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    # None: nobody has asked yet, or the answer is about another id.
    vat_id_valid = models.BooleanField(_("VAT id confirmed"), null=True, blank=True)
    vat_id_checked_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(
        _("language of documents"),
        max_length=2,
        choices=Language,
        default=Language.DE,
    )
    # One invoice for the emergencies of a month instead of one for each.
    collective = models.BooleanField(_("one invoice a month"), default=False)
    # What goes with the invoice's e-mail besides; see billing.rules.records.
    enclosed_records = models.JSONField(_("enclosed records"), default=list, blank=True)
    invoice_email = models.EmailField(_("e-mail for invoices"), blank=True)
    # Formats besides the PDF with its Factur-X inside; see billing.rules.einvoice.
    einvoice_kinds = models.JSONField(_("electronic formats"), default=list, blank=True)
    electronic_address = models.CharField(
        _("electronic address"), max_length=110, blank=True
    )
    buyer_reference = models.CharField(
        _("customer's reference"), max_length=100, blank=True
    )
    supplier_number = models.CharField(
        _("our supplier number"), max_length=60, blank=True
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("billing profile")
        verbose_name_plural = _("billing profiles")
        ordering = ["account_number"]
        constraints = [
            models.CheckConstraint(
                name="profile_kind_and_language_known",
                condition=models.Q(kind__in=["business", "consumer", "unknown"])
                & models.Q(language__in=["de", "en"]),
            ),
            models.CheckConstraint(
                name="profile_vat_answer_has_time",
                condition=models.Q(vat_id_valid__isnull=True)
                | models.Q(vat_id_checked_at__isnull=False),
            ),
        ]

    @property
    def missing(self) -> list[str]:
        """Names of the empty fields that the law wants on an invoice, or that the
        chosen electronic formats want."""
        needed = (*NEEDED, *buyer_needs(self.einvoice_kinds))
        return [name for name in needed if not getattr(self, name)]

    @property
    def recipient(self) -> Recipient:
        """What decides the tax; a kind that is not known is treated as a consumer."""
        return Recipient(
            country=self.country,
            business=self.kind == self.Kind.BUSINESS,
            vat_id=self.vat_id or None,
            vat_id_valid=bool(self.vat_id_valid),
        )

    def snapshot(self) -> dict[str, Any]:
        """The recipient as it is printed, to be kept with a document."""
        fields = (
            *(*NEEDED, "account_number", "kind", "vat_id", "invoice_email"),
            *("einvoice_kinds", "electronic_address", "buyer_reference"),
            *("supplier_number", "enclosed_records"),
        )
        return {name: getattr(self, name) for name in fields}
