"""What the list of documents is narrowed to."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing.models import Document, Hold
from billing.queries.lists import ANY_HOLD, Filters


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _gross(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=12,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


class FilterForm(forms.Form):
    """The list's filters; what is not understood filters nothing."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *Document.Status.choices],
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All")), *Document.Kind.choices],
    )
    month = forms.ChoiceField(label=_("Month"), required=False)
    text = forms.CharField(label=_("Number, name or text"), required=False)
    first_day = _day(_("From"))
    last_day = _day(_("To"))
    account = forms.CharField(label=_("Account"), max_length=40, required=False)
    least = _gross(_("Gross at least"))
    most = _gross(_("Gross at most"))
    hold = forms.ChoiceField(
        label=_("Hold"),
        required=False,
        choices=[("", _("All")), (ANY_HOLD, _("Any hold")), *Hold.Reason.choices],
    )
    FURTHER = ("first_day", "last_day", "account", "least", "most", "hold")

    def __init__(self, *args: Any, months: list[date], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.months = {f"{month:%Y-%m}": month for month in months}
        choices = [(key, date_format(day, "F Y")) for key, day in self.months.items()]
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *choices,
        ]

    @property
    def filters(self) -> Filters:
        """What was understood of it."""
        if not self.is_bound:
            return Filters()
        self.full_clean()
        values = {
            name: v for name, v in self.cleaned_data.items() if v not in ("", None)
        }
        values["month"] = self.months.get(values.get("month", ""))
        if "account" in values:
            values["account"] = values["account"].strip()
        return Filters(**values)

    @property
    def further(self) -> list[forms.BoundField]:
        """The filters that few need."""
        return [self[name] for name in self.FURTHER]

    @property
    def uses_further(self) -> bool:
        return any(self[name].value() or self[name].errors for name in self.FURTHER)
