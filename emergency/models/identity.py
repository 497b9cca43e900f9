"""How a customer proves to speak for an account: support PINs and sign-in links.

Secrets are kept hashed. A contact is never a Django user.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emergency.models.account import Account, Contact
from emergency.models.report import Report
from emergency.models.staff import Staff


class SupportPinQuerySet(models.QuerySet["SupportPin"]):
    def current(self) -> "SupportPinQuerySet":
        """PINs that nobody has revoked, of accounts that are still ours."""
        return self.filter(revoked_at__isnull=True, account__retired_at__isnull=True)


class SupportPin(models.Model):
    """A PIN of an account, shown once and kept as a salted hash.

    Wrong tries are counted; with too many the PIN rests until ``locked_until``. An
    account has at most one that is not revoked.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="support_pins"
    )
    secret = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    failed_attempts = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = SupportPinQuerySet.as_manager()

    class Meta:
        verbose_name = _("support PIN")
        verbose_name_plural = _("support PINs")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(revoked_at__isnull=True),
                name="account_has_one_support_pin",
            ),
        ]

    def is_locked(self, now: datetime) -> bool:
        """Whether the PIN rests after too many wrong tries."""
        return self.locked_until is not None and now < self.locked_until


class SignInRequestQuerySet(models.QuerySet["SignInRequest"]):
    def due(self, now: datetime) -> "SignInRequestQuerySet":
        """Requests nobody has answered yet."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")


class SignInRequest(models.Model):
    """An address that somebody typed to get a sign-in link. It is looked up, answered
    and erased outside the request, so that no answer tells whether it is known."""

    email = models.EmailField()
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sends = models.PositiveSmallIntegerField(default=0)

    objects = SignInRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a sign-in link")
        verbose_name_plural = _("requests for sign-in links")
        indexes = [models.Index(fields=["due_at"], name="sign_in_request_due")]


class SignInLink(models.Model):
    """A link that signs a contact in once, until it expires. ``token_hash`` is the
    SHA-256 of its secret, which only the e-mail holds."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="sign_in_links"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")
        indexes = [
            models.Index(
                fields=["contact", "created_at"], name="sign_in_link_of_contact"
            )
        ]


class NetworkTouch(models.Model):
    """From which network address something was asked: personal data, kept for a short
    time in a row of its own.."""

    class Purpose(models.TextChoices):
        ORDER = "order", _("Order")
        LINK = "link", _("Request for a sign-in link")
        PIN = "pin", _("Support PIN")

    purpose = models.CharField(max_length=6, choices=Purpose)
    address = models.GenericIPAddressField(_("network address"))
    at = models.DateTimeField()
    report = models.OneToOneField(
        Report,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="network_touch",
    )

    class Meta:
        verbose_name = _("network address")
        verbose_name_plural = _("network addresses")
        indexes = [
            models.Index(
                fields=["purpose", "address", "at"], name="network_touch_seen"
            ),
            models.Index(fields=["at"], name="network_touch_age"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["order", "link", "pin"]),
                name="network_touch_purpose_is_known",
            ),
        ]
