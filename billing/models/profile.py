"""Who is invoiced, and how they want it."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.rules.einvoice import buyer_needs
from billing.rules.recipient import ADDRESS
from billing.rules.tax import Recipient


class Language(models.TextChoices):
    DE = "de", _("German")
    EN = "en", _("English")


class BillingProfile(models.Model):
    """The billing side of one account; emergency owns number, name and kind."""

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Business")
        CONSUMER = "consumer", _("Consumer")
        UNKNOWN = "unknown", _("Not known yet")

    class Standing(models.TextChoices):
        GOOD = "good", _("Good")
        WATCH = "watch", _("Please watch")
        STOPPED = "stopped", _("Stopped: look before billing")

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
    # Under which the operator's own billing or customer system knows the account.
    external_number = models.CharField(_("external number"), max_length=40, blank=True)
    # For staff's eyes alone: no page of a customer says or shows anything of it.
    standing = models.CharField(
        _("standing"), max_length=8, choices=Standing, default=Standing.GOOD
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
                name="profile_standing_known",
                condition=models.Q(standing__in=["good", "watch", "stopped"]),
            ),
            models.CheckConstraint(
                name="profile_vat_answer_has_time",
                condition=models.Q(vat_id_valid__isnull=True)
                | models.Q(vat_id_checked_at__isnull=False),
            ),
        ]

    @property
    def missing(self) -> list[str]:
        """Names of the empty fields that some invoice may want by law, or that the
        chosen electronic formats want."""
        return self.lacks((*ADDRESS, *buyer_needs(self.einvoice_kinds)))

    def lacks(self, needed: Iterable[str]) -> list[str]:
        """Which of these fields are empty, each named once."""
        return [name for name in dict.fromkeys(needed) if not getattr(self, name)]

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
            *(*ADDRESS, "account_number", "kind", "vat_id", "invoice_email"),
            *("einvoice_kinds", "electronic_address", "buyer_reference"),
            *("supplier_number", "external_number", "enclosed_records"),
        )
        return {name: getattr(self, name) for name in fields}


class ProfileChange(models.Model):
    """Append-only: what somebody changed in an account's billing profile."""

    account_number = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # {field: [before, after]} as plain values.
    changes = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("change of a billing profile")
        verbose_name_plural = _("changes of billing profiles")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["account_number", "-at"], name="profile_changes"),
        ]
