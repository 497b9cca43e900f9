"""Versioned prices from a date."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.money import CURRENCY, money_field
from billing.rules.policy import STANDARD, RatingPolicy
from billing.rules.readings import read_policy
from billing.rules.work import Terms


def standard_policy() -> dict[str, str]:
    """The values of the standard rating policy."""
    return STANDARD.to_values()


class RateCardQuerySet(models.QuerySet["RateCard"]):
    def in_force(self, at: datetime) -> "RateCard":
        """The card whose prices hold at that instant. Raises RateCard.DoesNotExist."""
        found = self.filter(valid_from__lte=at).order_by("-valid_from").first()
        if found is None:
            raise self.model.DoesNotExist
        return found


class RateCard(models.Model):
    """Net prices, hourly ones per hour, and the rating policy that reads them.

    A card is never edited: the database refuses it. Another card from a later date
    takes its place; orders keep the card that was in force when they were made.
    """

    valid_from = models.DateTimeField(_("valid from"), unique=True)
    currency = models.CharField(_("currency"), max_length=3, default=CURRENCY)
    initial_fee = money_field(
        verbose_name=_("initial fee"), validators=[MinValueValidator(0)]
    )
    included_minutes = models.PositiveSmallIntegerField(_("included minutes"))
    support_hourly = money_field(
        verbose_name=_("support per hour"), validators=[MinValueValidator(0)]
    )
    application_analysis_hourly = money_field(
        verbose_name=_("application analysis per hour"),
        validators=[MinValueValidator(0)],
    )
    callback_within = models.DurationField(
        _("callback within"), default=timedelta(minutes=30)
    )
    policy = models.JSONField(_("rating policy"), default=standard_policy)
    created_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = RateCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("rate card")
        verbose_name_plural = _("rate cards")
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                name="ratecard_prices_not_negative",
                condition=models.Q(initial_fee__gte=0)
                & models.Q(support_hourly__gte=0)
                & models.Q(application_analysis_hourly__gte=0),
            ),
            models.CheckConstraint(
                name="ratecard_promises_something",
                condition=models.Q(callback_within__gt=timedelta()),
            ),
        ]

    @property
    def rating_policy(self) -> RatingPolicy:
        """How its prices are read."""
        return read_policy(self.policy, "policy")

    @property
    def terms(self) -> Terms:
        """Its prices as rating takes them."""
        return Terms(
            initial_fee=self.initial_fee,
            included_minutes=self.included_minutes,
            support_hourly=self.support_hourly,
            application_analysis_hourly=self.application_analysis_hourly,
            callback_within=self.callback_within,
        )
