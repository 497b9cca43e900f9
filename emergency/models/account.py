"""Hosting customers: accounts, their servers and their contacts."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Account(models.Model):
    """The hosting customer who is charged. Number and name are ours; address and VAT id
    belong to billing."""

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Business")
        CONSUMER = "consumer", _("Consumer")
        UNKNOWN = "unknown", _("Not known")

    class Standing(models.TextChoices):
        GOOD = "good", pgettext_lazy("standing of an account", "Good")
        OVERDUE = "overdue", pgettext_lazy("standing of an account", "Overdue")
        HELD = "held", pgettext_lazy("standing of an account", "On hold")
        UNKNOWN = "unknown", _("Not known")

    number = models.CharField(_("account number"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.UNKNOWN
    )
    language = models.CharField(_("language"), max_length=5, default="de")
    # What the customers' own system calls it; empty where none told.
    external_id = models.CharField(_("external id"), max_length=64, blank=True)
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing, default=Standing.UNKNOWN
    )
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
            models.CheckConstraint(
                condition=Q(standing__in=["good", "overdue", "held", "unknown"]),
                name="account_standing_is_known",
            ),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id=""),
                name="account_external_id_is_unique",
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
    external_id = models.CharField(_("external id"), max_length=64, blank=True)
    contract_reference = models.CharField(_("contract"), max_length=64, blank=True)
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
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id=""),
                name="server_external_id_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServerAlias(models.Model):
    """Another word under which customers know a server. ``value`` is kept as it is
    compared: normalised and in lower case.

    Several servers may share one, as an address; it then tells none of them.
    """

    class Kind(models.TextChoices):
        ADDRESS = "address", _("Address")
        DOMAIN = "domain", _("Domain")
        SERVICE_NUMBER = "service", _("Service number")

    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="aliases")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    value = models.CharField(_("alias"), max_length=253)

    class Meta:
        verbose_name = _("alias of a server")
        verbose_name_plural = _("aliases of servers")
        ordering = ["kind", "value"]
        indexes = [models.Index(fields=["value"], name="server_alias_by_value")]
        constraints = [
            models.UniqueConstraint(
                fields=["server", "kind", "value"], name="server_alias_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["address", "domain", "service"]),
                name="server_alias_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.value


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self) -> "ContactQuerySet":
        """People who still speak for an account that is still ours."""
        return self.filter(retired_at__isnull=True, account__retired_at__isnull=True)


class Contact(models.Model):
    """A person of the account. Never a sign-in of the staff.

    ``imported``: an import brought them, and an import may retire them; whoever was put
    on file or taken off at the desk is the desk's.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="contacts"
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone_number = models.CharField(_("phone number"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=5, default="de")
    external_id = models.CharField(_("external id"), max_length=64, blank=True)
    imported = models.BooleanField(default=False)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
