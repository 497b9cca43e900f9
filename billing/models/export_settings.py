"""How documents go into the accountant's books: versions that are only ever added."""

from django.conf import settings
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.rules.bmd import parse_columns
from billing.rules.bookkeeping import (
    BmdCreditNotes,
    BmdPostingDate,
    BmdTaxSign,
    Bookkeeping,
    DebtorRule,
    Encoding,
    TaxCode,
    tax_key,
)
from billing.rules.export_text import DecimalMark
from billing.rules.tax import Category

DIGITS = RegexValidator(r"^\d{1,9}$", _("Digits only, nine at most."))
KEY = RegexValidator(r"^\d{1,4}$", _("Digits only, four at most."))
SIGNS = RegexValidator(r"^[A-Za-z0-9]{1,4}$", _("Letters and digits, four at most."))


class ExportSettings(models.Model):
    """One version of the settings; an export keeps the one that it was made with."""

    class Mark(models.TextChoices):
        COMMA = DecimalMark.COMMA.value, _("Comma: 1234,50")
        POINT = DecimalMark.POINT.value, _("Point: 1234.50")

    class Debtor(models.TextChoices):
        FROM_NUMBER = (
            DebtorRule.FROM_NUMBER.value,
            _("The digits of the account number plus a number"),
        )
        COLLECTIVE = DebtorRule.COLLECTIVE.value, _("One account for all customers")

    class BmdEncoding(models.TextChoices):
        WINDOWS = Encoding.WINDOWS.value, _("Windows-1252")
        UTF_8 = Encoding.UTF_8.value, _("UTF-8 with BOM")

    class CreditNotes(models.TextChoices):
        NEGATIVE = BmdCreditNotes.NEGATIVE.value, _("Negative amount, booking code 1")
        TURNED = BmdCreditNotes.TURNED.value, _("Positive amount, booking code 2")

    class TaxSign(models.TextChoices):
        OPPOSITE = BmdTaxSign.OPPOSITE.value, _("Opposite to the amount")
        SAME = BmdTaxSign.SAME.value, _("Same as the amount")

    class PostingDate(models.TextChoices):
        ISSUE_DATE = BmdPostingDate.ISSUE_DATE.value, _("Date of the document")
        MONTH_END = BmdPostingDate.MONTH_END.value, _("Last day of its month")

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decimal_mark = models.CharField(
        _("decimal mark of plain CSV"), max_length=1, choices=Mark, default=Mark.COMMA
    )
    debtor_rule = models.CharField(
        _("customer accounts"),
        max_length=12,
        choices=Debtor,
        default=Debtor.FROM_NUMBER,
    )
    debtor_account = models.CharField(
        _("account for all customers"), max_length=9, blank=True, validators=[DIGITS]
    )
    debtor_offset = models.PositiveIntegerField(
        _("number to add"), default=200_000, validators=[MaxValueValidator(999_999_999)]
    )
    debtor_exceptions = models.JSONField(default=dict, blank=True)

    bmd_encoding = models.CharField(
        _("encoding"), max_length=10, choices=BmdEncoding, default=BmdEncoding.WINDOWS
    )
    bmd_columns = models.TextField(_("columns"), max_length=2000, blank=True)
    bmd_symbol = models.CharField(
        _("symbol of invoices"), max_length=4, default="AR", validators=[SIGNS]
    )
    bmd_credit_symbol = models.CharField(
        _("symbol of credit notes"), max_length=4, default="AR", validators=[SIGNS]
    )
    bmd_credit_notes = models.CharField(
        _("credit notes"),
        max_length=10,
        choices=CreditNotes,
        default=CreditNotes.NEGATIVE,
    )
    bmd_tax_sign = models.CharField(
        _("sign of the tax"), max_length=10, choices=TaxSign, default=TaxSign.OPPOSITE
    )
    bmd_posting_date = models.CharField(
        _("posting date"),
        max_length=12,
        choices=PostingDate,
        default=PostingDate.ISSUE_DATE,
    )

    datev_consultant = models.PositiveIntegerField(
        _("consultant number"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1001), MaxValueValidator(9_999_999)],
    )
    datev_client = models.PositiveIntegerField(
        _("client number"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99_999)],
    )
    datev_year_begins = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    datev_account_length = models.PositiveSmallIntegerField(
        _("digits of general accounts"),
        default=4,
        validators=[MinValueValidator(4), MaxValueValidator(8)],
    )
    datev_label = models.CharField(_("name of the batch"), max_length=30, blank=True)
    datev_initials = models.CharField(
        _("initials"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Two capital letters."))],
    )
    datev_chart = models.CharField(
        _("chart of accounts"),
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^\d{2,4}$", _("Two to four digits, like 03."))],
    )
    datev_locked = models.BooleanField(_("lock the bookings"), default=False)

    class Meta:
        verbose_name = _("settings for exports")
        verbose_name_plural = _("settings for exports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="export_settings_choices_known",
                condition=Q(decimal_mark__in=[",", "."])
                & Q(debtor_rule__in=["from_number", "collective"])
                & Q(bmd_encoding__in=["cp1252", "utf-8-sig"])
                & Q(bmd_credit_notes__in=["negative", "turned"])
                & Q(bmd_tax_sign__in=["opposite", "same"])
                & Q(bmd_posting_date__in=["issue_date", "month_end"]),
            ),
            models.CheckConstraint(
                name="export_settings_in_datevs_limits",
                condition=Q(datev_account_length__range=(4, 8))
                & Q(datev_year_begins__range=(1, 12))
                & (Q(datev_consultant=None) | Q(datev_consultant__gte=1001)),
            ),
        ]

    @classmethod
    def current(cls) -> "ExportSettings":
        """The version in force; an unsaved one with the defaults before the first."""
        return cls.objects.order_by("-pk").first() or cls()

    def tax_rows(self) -> "list[ExportTaxCode]":
        """How rates are booked; none before the first version is saved."""
        return list(self.tax_codes.all()) if self.pk else []

    def bookkeeping(self) -> Bookkeeping:
        """The version as the rules want it."""
        return Bookkeeping(
            decimal_mark=DecimalMark(self.decimal_mark),
            debtor_rule=DebtorRule(self.debtor_rule),
            debtor_account=self.debtor_account,
            debtor_offset=self.debtor_offset,
            debtor_exceptions=self.debtor_exceptions,
            bmd_encoding=Encoding(self.bmd_encoding),
            bmd_columns=parse_columns(self.bmd_columns) if self.bmd_columns else (),
            bmd_symbol=self.bmd_symbol,
            bmd_credit_symbol=self.bmd_credit_symbol,
            bmd_credit_notes=BmdCreditNotes(self.bmd_credit_notes),
            bmd_tax_sign=BmdTaxSign(self.bmd_tax_sign),
            bmd_posting_date=BmdPostingDate(self.bmd_posting_date),
            datev_consultant=self.datev_consultant,
            datev_client=self.datev_client,
            datev_year_begins=self.datev_year_begins,
            datev_account_length=self.datev_account_length,
            datev_label=self.datev_label,
            datev_initials=self.datev_initials,
            datev_chart=self.datev_chart,
            datev_locked=self.datev_locked,
            tax_codes={
                tax_key(Category(row.category), row.rate): row.code
                for row in self.tax_rows()
            },
        )


class ExportTaxCode(models.Model):
    """How one category and rate is booked; ``rate`` is set for category S alone."""

    settings = models.ForeignKey(
        ExportSettings, models.PROTECT, related_name="tax_codes"
    )
    category = models.CharField(
        max_length=2,
        choices=[(category.value, category.value) for category in Category],
    )
    rate = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    bmd_code = models.CharField(max_length=4, blank=True, validators=[KEY])
    bmd_account = models.CharField(max_length=9, blank=True, validators=[DIGITS])
    datev_key = models.CharField(max_length=4, blank=True, validators=[KEY])
    datev_account = models.CharField(max_length=9, blank=True, validators=[DIGITS])

    class Meta:
        ordering = ["category", "rate"]
        constraints = [
            models.UniqueConstraint(
                fields=["settings", "category", "rate"],
                name="export_tax_code_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="export_tax_code_rate_of_standard",
                condition=Q(category="S", rate__isnull=False)
                | Q(category__in=["AE", "O"], rate__isnull=True),
            ),
        ]

    @property
    def code(self) -> TaxCode:
        return TaxCode(
            bmd_code=self.bmd_code,
            bmd_account=self.bmd_account,
            datev_key=self.datev_key,
            datev_account=self.datev_account,
        )
