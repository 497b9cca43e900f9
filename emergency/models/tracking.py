"""What the customer adds on the tracking page, and its link taken back."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from emergency.models.report import Report
from emergency.models.staff import Staff


class RevokedLink(models.Model):
    """The link of this report opens nothing any more but a page that says so."""

    report = models.OneToOneField(
        Report, on_delete=models.CASCADE, related_name="revoked_link"
    )
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("revoked link")
        verbose_name_plural = _("revoked links")


class AddedFact(models.Model):
    """What the customer adds in their own words. Personal data of its own row."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="added_facts"
    )
    at = models.DateTimeField()
    text = models.TextField(_("what you want to add"))

    class Meta:
        verbose_name = _("added fact")
        verbose_name_plural = _("added facts")
        ordering = ["at", "pk"]


class AddedNumber(models.Model):
    """A further number at which the customer can be called. Personal data of its own
    row."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="added_numbers"
    )
    at = models.DateTimeField()
    number = PhoneNumberField(_("callback number"))
    typed = models.CharField(max_length=80)
    extension = models.CharField(max_length=12, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("added number")
        verbose_name_plural = _("added numbers")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], name="number_is_added_once"
            ),
        ]


class KeptFile(models.Model):
    """A file of a customer; served as a download only. ``size`` in bytes,
    ``content_type`` as its content says, ``digest`` is the SHA-256 in hex.

    The content stands in the row: there is never one without the other, a backup holds
    both, and no web server can reach it.
    """

    at = models.DateTimeField()
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        abstract = True


class AddedFile(KeptFile):
    """A file that the customer adds to a report."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="added_files"
    )

    class Meta:
        verbose_name = _("added file")
        verbose_name_plural = _("added files")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "digest"], name="file_is_added_once"
            ),
        ]
