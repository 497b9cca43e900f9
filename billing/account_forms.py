"""Forms about accounts, the rate of tax, and what another billing system says."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from billing.actions.contract import OwnPrices
from billing.models import Contract, HandOver, VatRate
from billing.rules.hand_over import NUMBERED, TOLD

EARLIEST = date(2000, 1, 1)
LONGEST_NAME = 120
MOST_NAMES = 50


class DayField(forms.DateField):
    """A day, typed or picked; none before there was a price."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **options)
        self.validators.append(MinValueValidator(EARLIEST))


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=10, decimal_places=2
    )


class ContractForm(forms.Form):
    """A new version of an account's contract, filled with the one in force."""

    valid_from = DayField(label=_("Valid from"))
    initial_fee = _amount(_("Initial fee, net"))
    included_minutes = forms.IntegerField(
        label=_("Included minutes"), required=False, min_value=0, max_value=1440
    )
    support_hourly = _amount(_("Support per hour, net"))
    application_analysis_hourly = _amount(_("Application analysis per hour, net"))
    callback_minutes = forms.IntegerField(
        label=_("Own callback deadline in minutes"),
        help_text=_(
            "Counts once a technician has confirmed the caller, and only if it is "
            "sooner than what was promised at the order."
        ),
        required=False,
        min_value=1,
        max_value=1440,
    )
    included_emergencies = forms.IntegerField(
        label=_("Included emergencies"),
        help_text=_("Without an initial fee; 0 is none."),
        min_value=0,
        validators=[MaxValueValidator(999)],
    )
    included_period = forms.ChoiceField(
        label=_("in every"), choices=Contract.IncludedPeriod.choices
    )
    may_order = forms.CharField(
        label=_("Who may order"),
        help_text=_("One full name per line. Empty: whoever a technician confirms."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    why = forms.CharField(label=_("Why this version?"), max_length=300)

    PRICES = (
        *("initial_fee", "included_minutes"),
        *("support_hourly", "application_analysis_hourly"),
    )

    def clean_may_order(self) -> list[str]:
        lines = self.cleaned_data["may_order"].splitlines()
        names = list(dict.fromkeys(" ".join(line.split()) for line in lines))
        names = [name for name in names if name]
        if len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(_("At most 50 names of 120 letters each."))
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [name for name in self.PRICES if cleaned.get(name) is not None]
        broken = [name for name in self.PRICES if name in self.errors]
        if given and not broken and len(given) < len(self.PRICES):
            for name in set(self.PRICES) - set(given):
                self.add_error(name, _("Own prices are all four together, or none."))
        return cleaned

    @property
    def own_prices(self) -> OwnPrices | None:
        if self.cleaned_data["initial_fee"] is None:
            return None
        return OwnPrices(**{name: self.cleaned_data[name] for name in self.PRICES})

    @property
    def callback_within(self) -> timedelta | None:
        minutes = self.cleaned_data["callback_minutes"]
        return None if minutes is None else timedelta(minutes=minutes)

    @property
    def values(self) -> dict[str, Any]:
        """What the action wants to know of the new version."""
        as_typed = (
            *("valid_from", "included_emergencies", "included_period"),
            *("may_order", "why"),
        )
        return {
            **{name: self.cleaned_data[name] for name in as_typed},
            "own_prices": self.own_prices,
            "callback_within": self.callback_within,
        }


def filled_with(contract: Contract | None, today: date) -> dict[str, Any]:
    """The form's first values: today's contract, or none at all."""
    if contract is None:
        return {
            "valid_from": today,
            "included_emergencies": 0,
            "included_period": Contract.IncludedPeriod.YEAR,
        }
    own = contract.callback_within
    card = contract.rate_card
    return {
        "valid_from": today,
        **({name: getattr(card, name) for name in ContractForm.PRICES} if card else {}),
        "callback_minutes": None if own is None else int(own.total_seconds() // 60),
        "included_emergencies": contract.included_emergencies,
        "included_period": contract.included_period,
        "may_order": "\n".join(contract.may_order),
    }


class VatRateForm(forms.ModelForm):  # type: ignore[type-arg]
    """The issuer's rate from a day on."""

    valid_from = DayField(label=_("Valid from"))

    class Meta:
        model = VatRate
        fields = ("valid_from", "rate")

    def validate_unique(self) -> None:
        """Typing the same day again corrects its rate."""


class AnswerForm(forms.Form):
    """What somebody read in the other billing system."""

    status = forms.ChoiceField(
        label=_("Status there"),
        choices=[(s.value, s.label) for s in HandOver.Status if s.value in TOLD],
    )
    number = forms.CharField(label=_("Number there"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("status") in NUMBERED and not cleaned.get("number"):
            self.add_error(
                "number", _("An invoiced document has a number. Please enter it.")
            )
        return cleaned


class TakeBackForm(forms.Form):
    why = forms.CharField(
        label=_("What will be put right?"),
        max_length=500,
        error_messages={"required": _("Say what will be put right.")},
    )
