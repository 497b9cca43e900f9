"""What a document is made of: its lines, and the tax on them."""

from django.db import models
from django.db.models import F, Q

from billing.models.document import Document
from billing.models.money import money_field


class DocumentLine(models.Model):
    """One priced line with the facts that explain it; words are made on reading."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    # On a collective document: the emergency that this line is for.
    incident_reference = models.CharField(max_length=40, blank=True)
    # None: one piece at unit_price; otherwise unit_price is per hour.
    minutes = models.PositiveIntegerField(null=True)
    unit_price = money_field()
    net = money_field()
    worked_seconds = models.PositiveIntegerField(default=0)
    included_minutes = models.PositiveIntegerField(default=0)
    not_charged_seconds = models.PositiveIntegerField(default=0)
    # A fee that the contract includes: which one of how many, in which days.
    place = models.PositiveSmallIntegerField(null=True)
    places = models.PositiveSmallIntegerField(null=True)
    places_from = models.DateField(null=True)
    places_to = models.DateField(null=True)
    # What only some lines have to explain: billing.computing.details_of.
    details = models.JSONField(default=dict)
    # On a credit note: the line of the invoice that it takes back, once at most.
    credits = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="credited_by"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "position"], name="line_position_once"
            ),
            models.CheckConstraint(
                name="line_not_negative",
                condition=Q(net__gte=0) & Q(unit_price__gte=0),
            ),
            models.CheckConstraint(
                name="line_place_is_whole",
                condition=Q(
                    place__isnull=True,
                    places__isnull=True,
                    places_from__isnull=True,
                    places_to__isnull=True,
                )
                | Q(
                    place__gte=1,
                    places__gte=F("place"),
                    places_from__isnull=False,
                    places_to__gte=F("places_from"),
                ),
            ),
        ]


class DocumentTax(models.Model):
    """The tax on one category and rate. ``rate`` None: outside the scope of the tax."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="taxes")
    category = models.CharField(max_length=2)
    rate = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    base = money_field()
    amount = money_field()

    class Meta:
        ordering = ["category", "rate"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "category", "rate"],
                name="tax_once_per_rate",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="tax_category_known", condition=Q(category__in=["S", "AE", "O"])
            ),
            models.CheckConstraint(
                name="tax_only_when_standard", condition=Q(category="S") | Q(amount=0)
            ),
        ]
