"""Hosting customers: accounts, their servers and their contacts."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Account(models.Model):
    """The hosting customer who is charged. Number and name are ours; address and VAT id
    belong to billing."""

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Business")
        CONSUMER = "consumer", _("Consumer")
        UNKNOWN = "unknown", _("Not known")

    number = models.CharField(_("account number"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.UNKNOWN
    )
    language = models.CharField(_("language"), max_length=5, default="de")
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["business", "consumer", "unknown"]),
                name="account_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Server(models.Model):
    """An infrastructure item of an account, found by name whatever its case.

    ``status_components`` are the names under which the status page lists it.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="servers"
    )
    name = models.CharField(_("server name"), max_length=253)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    status_components = models.JSONField(default=list, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("server")
        verbose_name_plural = _("servers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                condition=Q(retired_at__isnull=True),
                name="server_name_is_unique_while_in_service",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self) -> "ContactQuerySet":
        """People who still speak for an account that is still ours."""
        return self.filter(retired_at__isnull=True, account__retired_at__isnull=True)


class Contact(models.Model):
    """A person of the account. Never a sign-in of the staff."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="contacts"
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone_number = models.CharField(_("phone number"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=5, default="de")
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
