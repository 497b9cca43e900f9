"""What the bank said: files, their movements, and how CSV files of a bank are read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.money import CURRENCY, money_field


class BankFile(models.Model):
    """A file that was imported, known again by its hash. Its bytes are not kept: they
    hold movements that are nobody's business here."""

    name = models.CharField(max_length=200)
    format = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    # Movements in the file; new ones that were kept; known ones; not ours.
    movements = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    passed_over = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("bank file")
        verbose_name_plural = _("bank files")
        ordering = ["-imported_at", "-id"]


class BankEntry(models.Model):
    """One movement on our account. What the bank said is never changed; only what
    became of it is."""

    class Status(models.TextChoices):
        OPEN = "open", _("To match")
        BOOKED = "booked", _("Booked")
        SET_ASIDE = "set_aside", _("Set aside")

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="entries")
    fingerprint = models.CharField(max_length=64, unique=True)
    account_iban = models.CharField(max_length=34, blank=True)
    booked_on = models.DateField()
    value_on = models.DateField()
    amount = money_field()
    currency = models.CharField(max_length=3, default=CURRENCY)
    name = models.CharField(max_length=200, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    end_to_end_id = models.CharField(max_length=100, blank=True)
    bank_reference = models.CharField(max_length=100, blank=True)
    charges = money_field(default=0)
    returned = models.BooleanField(default=False)

    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    status_at = models.DateTimeField(null=True)
    status_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    status_note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("bank entry")
        verbose_name_plural = _("bank entries")
        ordering = ["-booked_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="bankentry_status_known",
                condition=Q(status__in=["open", "booked", "set_aside"]),
            ),
            models.CheckConstraint(
                name="bankentry_moves_something", condition=~Q(amount=0)
            ),
            models.CheckConstraint(
                name="bankentry_aside_says_why",
                condition=~Q(status="set_aside") | ~Q(status_note=""),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-booked_on"], name="bankentry_by_status"),
            models.Index(
                fields=["iban"], condition=~Q(iban=""), name="bankentry_by_iban"
            ),
        ]


class CsvMapping(models.Model):
    """How the CSV files of one bank are read: the names of the columns in its first
    row, and how it writes days and amounts."""

    class Delimiter(models.TextChoices):
        SEMICOLON = ";", _("Semicolon")
        COMMA = ",", _("Comma")
        TAB = "\t", _("Tabulator")

    class Encoding(models.TextChoices):
        UTF_8 = "utf-8-sig", "UTF-8"
        WINDOWS = "cp1252", "Windows-1252"
        LATIN = "iso8859-15", "ISO 8859-15"

    class DayForm(models.TextChoices):
        GERMAN = "%d.%m.%Y", "31.12.2026"
        GERMAN_SHORT = "%d.%m.%y", "31.12.26"
        ISO = "%Y-%m-%d", "2026-12-31"
        BRITISH = "%d/%m/%Y", "31.12.2026"

    name = models.CharField(_("bank"), max_length=60, unique=True)
    delimiter = models.CharField(
        _("columns are separated by"), max_length=1, choices=Delimiter, default=";"
    )
    encoding = models.CharField(
        _("character set"), max_length=12, choices=Encoding, default="utf-8-sig"
    )
    skipped_lines = models.PositiveSmallIntegerField(
        _("lines before the column names"), default=0
    )
    day_form = models.CharField(
        _("days look like"), max_length=10, choices=DayForm, default="%d.%m.%Y"
    )
    decimal_comma = models.BooleanField(_("amounts have a decimal comma"), default=True)
    booked_on = models.CharField(_("column of the booking day"), max_length=60)
    value_on = models.CharField(_("column of the value day"), max_length=60, blank=True)
    amount = models.CharField(_("column of the amount"), max_length=60)
    currency = models.CharField(_("column of the currency"), max_length=60, blank=True)
    text = models.CharField(_("column of the remittance text"), max_length=60)
    payer = models.CharField(_("column of the name"), max_length=60, blank=True)
    iban = models.CharField(_("column of the IBAN"), max_length=60, blank=True)
    reference = models.CharField(
        _("column of the payment reference"), max_length=60, blank=True
    )
    bank_reference = models.CharField(
        _("column of the bank's own reference"), max_length=60, blank=True
    )
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("form of a bank's CSV files")
        verbose_name_plural = _("forms of banks' CSV files")
        ordering = ["name"]
