"""What changed what a customer owes: append-only, and every booking adds up."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.bank import BankEntry
from billing.models.document import Document
from billing.models.money import money_field


class Booking(models.Model):
    """One act with its parts. The database refuses to change or delete it; what was
    wrong is taken back by another booking. ``amount`` is the money that moved, positive
    towards us; it is the sum of the parts."""

    class Kind(models.TextChoices):
        BY_HAND = "by_hand", _("Marked as paid")
        PAYMENT = "payment", _("Payment")
        CREDIT_NOTE = "credit_note", _("Credit note set off")
        CREDIT_USED = "credit_used", _("Credit on account used")
        RETURNED = "returned", _("Payment returned by the bank")
        UNDONE = "undone", _("Taken back")

    kind = models.CharField(max_length=12, choices=Kind)
    amount = money_field()
    booked_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True)
    entry = models.ForeignKey(
        BankEntry, models.PROTECT, null=True, related_name="bookings"
    )
    # The booking whose parts this one mirrors, once at most.
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="booking_kind_known",
                condition=Q(
                    kind__in=[
                        *("by_hand", "payment", "credit_note", "credit_used"),
                        *("returned", "undone"),
                    ]
                ),
            ),
            models.CheckConstraint(
                name="booking_reversal_names_what",
                condition=Q(kind__in=["returned", "undone"], reverses__isnull=False)
                | (~Q(kind__in=["returned", "undone"]) & Q(reverses__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_payment_has_entry",
                condition=~Q(kind__in=["payment", "returned"]) | Q(entry__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_undone_says_why",
                condition=~Q(kind="undone") | ~Q(note=""),
            ),
        ]

    # What a person may take back. A set-off ends by itself, with its cause.
    UNDOABLE = frozenset({Kind.BY_HAND, Kind.PAYMENT, Kind.CREDIT_USED, Kind.RETURNED})

    @property
    def is_reversed(self) -> bool:
        return hasattr(self, "reversed_by")

    @property
    def undoable(self) -> bool:
        return self.kind in self.UNDOABLE and not self.is_reversed


class Allocation(models.Model):
    """One part of a booking: what a document, an account or nobody gets. What reduces
    the customer's debt is positive."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        ACCOUNT = "account", _("Credit on account")
        DIFFERENCE = "difference", _("Small difference or bank charges")

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=12, choices=Kind)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="allocations"
    )
    account_number = models.CharField(max_length=40, blank=True)
    amount = money_field()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="allocation_says_who_gets_it",
                condition=Q(kind="document", document__isnull=False, account_number="")
                | (Q(kind="account", document__isnull=True) & ~Q(account_number=""))
                | Q(kind="difference", document__isnull=True, account_number=""),
            ),
            models.CheckConstraint(
                name="allocation_is_something", condition=~Q(amount=0)
            ),
        ]
        indexes = [
            models.Index(
                fields=["account_number"],
                condition=Q(kind="account"),
                name="allocation_on_account",
            ),
        ]


class IncidentSettlement(models.Model):
    """What emergency has to know about an incident: since when all its documents are
    settled, or (``settled_at`` None) that they are no longer."""

    incident_reference = models.CharField(max_length=40, unique=True)
    settled_at = models.DateTimeField(null=True)
    told = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="settlement_names_its_incident",
                condition=~Q(incident_reference=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["incident_reference"],
                condition=Q(told=False),
                name="settlement_to_tell",
            ),
        ]
