"""The issuer's rate of tax by day, and what the authority said about VAT ids."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.money import rate_field


class VatRateQuerySet(models.QuerySet["VatRate"]):
    def on(self, day: date) -> Decimal:
        """The rate in percent on that day. Raises VatRate.DoesNotExist."""
        found: VatRate | None = (
            self.filter(valid_from__lte=day).order_by("-valid_from").first()
        )
        if found is None:
            raise self.model.DoesNotExist
        rate: Decimal = found.rate
        return rate


class VatRate(models.Model):
    """The issuer's rate from a day on; it holds until the next one begins."""

    valid_from = models.DateField(_("valid from"), unique=True)
    rate = rate_field(
        verbose_name=_("VAT rate in percent"),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = VatRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                name="vat_rate_is_percent", condition=Q(rate__gte=0) & Q(rate__lte=100)
            ),
        ]


class VatIdCheck(models.Model):
    """One question whether a VAT id is valid, and its answer.

    While there is no answer it is asked again; an answer is kept as it came.
    """

    class Status(models.TextChoices):
        DUE = "due", _("Waiting")
        ASKING = "asking", _("Asking")
        VALID = "valid", _("Valid")
        INVALID = "invalid", _("Not valid")

    class Source(models.TextChoices):
        VIES = "vies", "VIES"
        HAND = "hand", _("By hand")

    vat_id = models.CharField(_("VAT id"), max_length=20)
    # Our own id, with which the answer carries a consultation number.
    requester = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=4, choices=Source, default=Source.VIES)
    status = models.CharField(max_length=8, choices=Status, default=Status.DUE)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Why there is no answer yet; a code of the authority, or the name of an error.
    problem = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)
    consultation_number = models.CharField(
        _("consultation number"), max_length=60, blank=True
    )
    name = models.CharField(max_length=300, blank=True)
    address = models.TextField(max_length=500, blank=True)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("check of a VAT id")
        verbose_name_plural = _("checks of VAT ids")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["vat_id"],
                condition=Q(status__in=["due", "asking"]),
                name="vat_check_open_once",
            ),
            models.CheckConstraint(
                name="vat_check_answer_has_time",
                condition=Q(status__in=["due", "asking"], answered_at__isnull=True)
                | Q(status__in=["valid", "invalid"], answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["due", "asking"]),
                name="vat_check_due",
            ),
            models.Index(fields=["vat_id", "-answered_at"], name="vat_check_by_id"),
        ]
