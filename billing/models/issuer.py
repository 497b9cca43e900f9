"""Who issues: the operator's legal facts, versioned by the day they begin."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.money import rate_field

NEEDED = (
    "legal_name",
    "address",
    "postcode",
    "city",
    "country",
    "vat_id",
    "register_number",
    "register_court",
    "iban",
    "email",
)


class IssuerQuerySet(models.QuerySet["Issuer"]):
    def on(self, day: date) -> "Issuer":
        """The version in force on that day. Raises Issuer.DoesNotExist."""
        found = self.filter(valid_from__lte=day).order_by("-valid_from").first()
        if found is None:
            raise self.model.DoesNotExist
        return found


class Issuer(models.Model):
    """One version of the issuer. What is printed is copied at issue, not read live."""

    valid_from = models.DateField(_("valid from"), unique=True)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    address = models.CharField(_("street and number"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, default="AT")
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    # Names the issuer where its VAT id must not stand (category O of EN 16931).
    tax_number = models.CharField(_("tax number"), max_length=30, blank=True)
    register_number = models.CharField(
        _("company register number"), max_length=30, blank=True
    )
    register_court = models.CharField(
        _("company register court"), max_length=100, blank=True
    )
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    bank = models.CharField(_("bank"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    website = models.CharField(_("website"), max_length=100, blank=True)
    electronic_address = models.CharField(
        _("electronic address"), max_length=110, blank=True
    )
    vat_rate = rate_field(
        verbose_name=_("VAT rate in percent"),
        default="20.00",
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    payment_days = models.PositiveSmallIntegerField(
        _("days to pay"), default=14, validators=[MaxValueValidator(90)]
    )

    objects = IssuerQuerySet.as_manager()

    class Meta:
        verbose_name = _("issuer")
        verbose_name_plural = _("issuers")
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                name="issuer_vat_rate_is_percent",
                condition=models.Q(vat_rate__gte=0) & models.Q(vat_rate__lte=100),
            ),
        ]

    @property
    def missing(self) -> list[str]:
        """Names of the fields without which nothing may be issued."""
        return [name for name in NEEDED if not getattr(self, name)]

    def snapshot(self) -> dict[str, Any]:
        """The issuer as it is printed, to be kept with a document."""
        fields = (
            *(*NEEDED, "tax_number", "bic", "bank", "phone", "website"),
            *("electronic_address", "payment_days"),
        )
        return {name: getattr(self, name) for name in fields}
