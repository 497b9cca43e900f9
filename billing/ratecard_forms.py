"""The form of a new rate card."""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import RateCard
from billing.policy_words import READINGS
from billing.rules.policy import STANDARD, RatingPolicy
from billing.rules.readings import read_policy

PRICES = (
    "initial_fee",
    "included_minutes",
    "support_hourly",
    "application_analysis_hourly",
)
A_DAY = 24 * 60


class WallClockInput(forms.DateTimeInput):
    input_type = "datetime-local"


class RateCardForm(forms.ModelForm):  # type: ignore[type-arg]
    """Prices, promise and readings of a card that begins in the future."""

    valid_from = forms.DateTimeField(
        label=_("Valid from"),
        widget=WallClockInput(format="%Y-%m-%dT%H:%M"),
        help_text=_("Orders from then on. Earlier ones keep their card."),
    )
    callback_within_minutes = forms.IntegerField(
        label=_("Callback within minutes"), min_value=1, max_value=A_DAY
    )
    policy_name = forms.CharField(
        label=_("Name of the rating policy"),
        max_length=40,
        help_text=_("Other readings under the same name become its next version."),
    )
    minimum_minutes = forms.IntegerField(
        label=_("Least minutes that are charged, once work is"),
        min_value=0,
        max_value=A_DAY,
    )
    least_amount = forms.DecimalField(
        label=_("Least amount that is invoiced, net"),
        max_digits=8,
        decimal_places=2,
        min_value=Decimal(0),
    )

    class Meta:
        model = RateCard
        fields = ("valid_from", *PRICES)

    def __init__(self, *args: Any, current: RateCard, now: datetime, **kwargs: Any):
        self.current, self.now = current, now
        kwargs["initial"] = _of(current, now)
        super().__init__(*args, **kwargs)
        self.fields["included_minutes"].validators = [
            MinValueValidator(0),
            MaxValueValidator(A_DAY),
        ]
        for name, reading in READINGS.items():
            self.fields[name] = forms.ChoiceField(
                label=reading.question, choices=list(reading.answers.items())
            )

    @property
    def price_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*PRICES, "callback_within_minutes")]

    @property
    def policy_rows(self) -> list[list[forms.BoundField]]:
        """Three in a row, so that an answer can be read whole."""
        names = (*READINGS, "minimum_minutes", "least_amount")
        fields = [self[name] for name in names]
        return [fields[start : start + 3] for start in range(0, len(fields), 3)]

    def clean_valid_from(self) -> datetime:
        valid_from: datetime = self.cleaned_data["valid_from"]
        if valid_from <= self.now:
            raise ValidationError(
                gettext(
                    "A rate card begins in the future only: prices never change back."
                )
            )
        return valid_from

    @property
    def policy(self) -> RatingPolicy:
        """The chosen readings; which version they are is not yet said."""
        chosen = {name: self.cleaned_data[name] for name in READINGS}
        return read_policy(
            {
                **chosen,
                "name": self.cleaned_data["policy_name"],
                "minimum_minutes": self.cleaned_data["minimum_minutes"],
                "least_amount": f"{self.cleaned_data['least_amount']:.2f}",
            },
            around=STANDARD,
        )

    @property
    def values(self) -> dict[str, Any]:
        """The card's own columns, cleaned, without its policy."""
        minutes = self.cleaned_data["callback_within_minutes"]
        return {
            **{name: self.cleaned_data[name] for name in self.Meta.fields},
            "callback_within": timedelta(minutes=minutes),
            "currency": self.current.currency,
        }

    @property
    def fingerprint(self) -> str:
        """Names what was entered, so that only what was seen is put in force."""
        said = repr((sorted(self.values.items()), self.policy))
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def card(self) -> RateCard:
        """The card as it would be, not saved."""
        return RateCard(**self.values, policy=self.policy.to_values())


def _of(card: RateCard, now: datetime) -> dict[str, Any]:
    """The card in force as the form's beginning, from the first of next month."""
    local = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    next_month = (local.replace(day=1) + timedelta(days=32)).replace(day=1)
    policy = card.rating_policy.to_values()
    return {
        "valid_from": next_month,
        **{name: getattr(card, name) for name in PRICES},
        "callback_within_minutes": -(-card.callback_within // timedelta(minutes=1)),
        **{name: policy[name] for name in READINGS},
        "policy_name": policy["name"],
        "minimum_minutes": policy["minimum_minutes"],
        "least_amount": policy["least_amount"],
    }
