"""What was agreed with one account: versions that are added and never changed."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, Subquery
from django.utils.translation import gettext_lazy as _

from billing.models.ratecard import RateCard
from billing.rules.allowance import Period


class ContractQuerySet(models.QuerySet["Contract"]):
    def in_force(
        self, account_number: str, day: date, *, known_at: Subquery | None = None
    ) -> "Contract | None":
        """The version that holds on that local day; None: the public terms hold.

        What was recorded after ``known_at`` does not count, where that finds an
        instant. Of two versions from the same day the one recorded last counts.
        """
        versions = self.filter(account_number=account_number, valid_from__lte=day)
        if known_at is not None:
            versions = versions.annotate(known_at=known_at).filter(
                Q(known_at__isnull=True) | Q(recorded_at__lte=F("known_at"))
            )
        return (
            versions.select_related("rate_card").order_by("-valid_from", "-pk").first()
        )


class Contract(models.Model):
    """One version of an account's contract. What is left empty is as for everybody."""

    class IncludedPeriod(models.TextChoices):
        MONTH = Period.MONTH.value, _("Month")
        QUARTER = Period.QUARTER.value, _("Quarter")
        YEAR = Period.YEAR.value, _("Year")

    account_number = models.CharField(max_length=40)
    valid_from = models.DateField(_("valid from"))
    rate_card = models.ForeignKey(
        RateCard, models.PROTECT, null=True, blank=True, related_name="contracts"
    )
    callback_within = models.DurationField(_("own callback deadline"), null=True)
    included_emergencies = models.PositiveSmallIntegerField(
        _("included emergencies"), default=0, validators=[MaxValueValidator(999)]
    )
    included_period = models.CharField(
        _("per"),
        max_length=7,
        choices=IncludedPeriod,
        default=IncludedPeriod.YEAR,
    )
    # Full names; empty: whoever a technician confirms.
    may_order = models.JSONField(_("who may order"), default=list, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    why = models.CharField(_("why"), max_length=300)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="contract_period_known",
                condition=Q(included_period__in=["month", "quarter", "year"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["account_number", "-valid_from"], name="contract_by_account"
            ),
        ]


class IncludedEmergency(models.Model):
    """An approved emergency's place among those that the contract includes.

    A draft only says which place it would have; two approvals never get the same one.
    """

    account_number = models.CharField(max_length=40)
    period_from = models.DateField()
    position = models.PositiveSmallIntegerField()
    incident_reference = models.CharField(max_length=40, unique=True)
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("included emergency")
        verbose_name_plural = _("included emergencies")
        ordering = ["account_number", "period_from", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["account_number", "period_from", "position"],
                name="included_place_taken_once",
            ),
        ]
