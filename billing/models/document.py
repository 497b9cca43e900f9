"""Invoices and credit notes: one kind of row, frozen when it gets its number."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.money import CURRENCY, money_field
from billing.models.profile import Language

# A document that was handed over has its number elsewhere.
UNNUMBERED = ("draft", "approved", "handed_over")


class NumberSeries(models.Model):
    """The counter of one kind and year; ``last`` is the number that was given last."""

    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)
    last_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "year"], name="series_once"),
        ]


class Document(models.Model):
    """A draft, an invoice or a credit note.

    It is about one emergency, or, with ``gathers_month``, about those of an account
    that ended in that month: then every emergency has an approved document of its own
    that says what it comes to, and ``gathered_into`` leads from there to this one.

    Amounts of a credit note are positive; its kind says that they are given back. Until
    ``number`` is set the row may be recomputed; afterwards the database refuses every
    change but the few columns named in the migration.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        ISSUED = "issued", _("Issued")
        TRANSMITTED = "transmitted", _("Transmitted")
        SETTLED = "settled", _("Settled")
        HANDED_OVER = "handed_over", _("Handed over")

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INVOICE)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    # Empty on a collective document; its lines say whose they are.
    incident_reference = models.CharField(_("reference"), max_length=40, blank=True)
    gathers_month = models.DateField(null=True, blank=True)
    gathered_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="members"
    )
    account_number = models.CharField(_("account"), max_length=40, blank=True)
    account_name = models.CharField(_("account name"), max_length=200, blank=True)
    refers_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )

    number = models.CharField(max_length=30, null=True, unique=True)  # noqa: DJ001
    issued_at = models.DateTimeField(null=True)
    issue_date = models.DateField(null=True)
    due_date = models.DateField(null=True)
    supply_from = models.DateField(null=True)
    supply_to = models.DateField(null=True)

    language = models.CharField(max_length=2, choices=Language, default=Language.DE)
    currency = models.CharField(max_length=3, default=CURRENCY)
    net = money_field(default=0)
    vat_total = money_field(default=0)
    gross = money_field(default=0)
    required_text = models.CharField(max_length=40, blank=True)
    blocked_by = models.JSONField(default=list)
    rating_version = models.CharField(max_length=20, blank=True)

    recipient = models.JSONField(default=dict)
    issuer = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    work = models.JSONField(default=dict)

    created_at = models.DateTimeField()
    computed_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    issue_requested_at = models.DateTimeField(null=True)
    # Why the last attempt to issue did not end in a number; a code.
    issue_problem = models.CharField(max_length=40, blank=True)
    transmitted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(
                fields=["incident_reference"],
                condition=Q(kind="invoice") & ~Q(incident_reference=""),
                name="document_one_invoice_per_incident",
            ),
            models.UniqueConstraint(
                fields=["account_number", "gathers_month"],
                condition=Q(
                    kind="invoice", status="draft", gathers_month__isnull=False
                ),
                name="document_one_collective_draft",
            ),
            models.CheckConstraint(
                name="document_gathers_or_has_reference",
                condition=Q(gathers_month__isnull=True) & ~Q(incident_reference="")
                | Q(gathers_month__isnull=False, incident_reference=""),
            ),
            models.CheckConstraint(
                name="document_gathered_has_no_number",
                condition=Q(gathered_into__isnull=True)
                | Q(
                    kind="invoice",
                    status="approved",
                    gathers_month__isnull=True,
                    issue_requested_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="document_kind_and_status_known",
                condition=Q(kind__in=["invoice", "credit_note"])
                & Q(
                    status__in=[
                        "draft",
                        "approved",
                        "issued",
                        "transmitted",
                        "settled",
                        "handed_over",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="document_number_means_issued",
                condition=Q(
                    status__in=UNNUMBERED,
                    number__isnull=True,
                    issued_at__isnull=True,
                    issue_date__isnull=True,
                )
                | (
                    ~Q(status__in=UNNUMBERED)
                    & Q(number__isnull=False)
                    & Q(issued_at__isnull=False)
                    & Q(issue_date__isnull=False)
                    & Q(supply_from__isnull=False)
                    & Q(supply_to__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="document_sums_add_up",
                condition=Q(gross=F("net") + F("vat_total")) & Q(net__gte=0),
            ),
            models.CheckConstraint(
                name="document_credit_note_refers",
                condition=Q(kind="credit_note", refers_to__isnull=False)
                | Q(kind="invoice", refers_to__isnull=True),
            ),
            models.CheckConstraint(
                name="document_issue_needs_approval",
                condition=Q(status="draft") | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="document_transmitted_has_time",
                condition=~Q(status="transmitted") | Q(transmitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-issued_at"], name="document_by_status"),
            models.Index(fields=["account_number"], name="document_by_account"),
            models.Index(
                fields=["issue_requested_at"],
                condition=Q(status="approved", issue_requested_at__isnull=False),
                name="document_to_issue",
            ),
            # What settles by itself is looked for every few seconds.
            models.Index(
                fields=["id"],
                condition=Q(Q(gross=0) | Q(kind="credit_note"))
                & Q(status__in=["issued", "transmitted"]),
                name="document_may_settle",
            ),
        ]

    @property
    def is_issued(self) -> bool:
        return self.number is not None

    @property
    def is_handed_over(self) -> bool:
        return self.status == self.Status.HANDED_OVER

    @property
    def number_there(self) -> str:
        """The number that the operator's own billing system gave; empty without one."""
        numbers = [one.external_number for one in self.hand_overs.all()]
        return next((number for number in numbers if number), "")

    @property
    def is_credit_note(self) -> bool:
        return self.kind == self.Kind.CREDIT_NOTE

    @property
    def is_collective(self) -> bool:
        return self.gathers_month is not None

    @property
    def is_taken_apart(self) -> bool:
        """Where documents are handed over: the other system gets its emergencies one
        by one. What corrects an invoice of ours goes there as it is."""
        return self.is_collective and not self.is_credit_note

    @property
    def references(self) -> list[str]:
        """The emergencies that this document is about, in its order."""
        if not self.is_collective:
            return [self.incident_reference]
        return list(dict.fromkeys(line.incident_reference for line in self.lines.all()))

    @property
    def emergencies(self) -> list[dict[str, Any]]:
        """What is known of the work on each of them, in the same order."""
        if not self.is_collective:
            return [self.work]
        works = {work["reference"]: work for work in self.work.get("emergencies", [])}
        return [works[reference] for reference in self.references]


class DocumentFile(models.Model):
    """The bytes that were issued: they are the document, and are never made again."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="file")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40, default="application/pdf")
    created_at = models.DateTimeField()
