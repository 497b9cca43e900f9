"""Forms of the pages about exports."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.exports.selection import Wanted
from billing.exports.words import problem_words
from billing.models import Document, ExportRun, ExportSettings
from billing.rules.bmd import DEFAULT_COLUMNS, parse_columns
from billing.rules.bookkeeping import Problem, TaxCode, TaxKey, parse_exceptions
from billing.rules.tax import Category


class DayField(forms.DateField):
    """A day from the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=widget, **options)


class ExportForm(forms.Form):
    """What is exported, and how."""

    format = forms.ChoiceField(label=_("Format"), choices=ExportRun.Format.choices)
    issued_from = DayField(label=_("Issued from"))
    issued_to = DayField(label=_("Issued to"))
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All")), *Document.Kind.choices],
    )
    account_number = forms.CharField(label=_("Account"), required=False, max_length=40)
    only_new = forms.BooleanField(
        label=_("Only what no export of this format holds yet"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("issued_from"), cleaned.get("issued_to")
        if first and last and first > last:
            self.add_error("issued_to", _("The last day is before the first."))
        return cleaned

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)


class SeenForm(forms.Form):
    """What the preview showed: only that is exported."""

    count = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    gross = forms.DecimalField(decimal_places=2, widget=forms.HiddenInput)


class ExceptionsField(forms.CharField):
    """Lines ``K-1001 = 200123`` as a mapping."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return "\n".join(
                f"{number} = {account}" for number, account in value.items()
            )
        return value

    def clean(self, value: Any) -> Any:
        try:
            return parse_exceptions(super().clean(value) or "")
        except Problem as problem:
            raise ValidationError(problem_words(problem.code, problem.about)) from None


class ExportSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    debtor_exceptions = ExceptionsField(
        label=_("Exceptions"),
        required=False,
        help_text=_("One line each, like K-1001 = 200123."),
    )

    class Meta:
        model = ExportSettings
        fields = (
            "decimal_mark",
            "debtor_rule",
            "debtor_offset",
            "debtor_account",
            "debtor_exceptions",
            "bmd_encoding",
            "bmd_symbol",
            "bmd_credit_symbol",
            "bmd_credit_notes",
            "bmd_tax_sign",
            "bmd_posting_date",
            "bmd_columns",
            "datev_consultant",
            "datev_client",
            "datev_year_begins",
            "datev_account_length",
            "datev_label",
            "datev_initials",
            "datev_chart",
            "datev_locked",
        )
        help_texts = {
            "bmd_columns": _(
                "One line each: the name that BMD knows, or name = field where it has "
                "another, like gkto = gkonto. Also: belegnr_ziffern, periode, "
                "leistungsdatum."
            ),
            "datev_label": _("Empty: Ausgangsrechnungen."),
            "datev_locked": _("Locked bookings cannot be changed after the import."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.bmd_columns:
            self.initial["bmd_columns"] = "\n".join(DEFAULT_COLUMNS)

    def clean_bmd_columns(self) -> str:
        text = str(self.cleaned_data["bmd_columns"]).strip()
        if text:
            try:
                parse_columns(text)
            except Problem as problem:
                raise ValidationError(
                    problem_words(problem.code, problem.about)
                ) from None
        return text

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings."""
        titles = (("bmd_", "BMD NTCS"), ("datev_", "DATEV"))
        found = [
            (title, [f for f in self if f.name.startswith(prefix)])
            for prefix, title in titles
        ]
        named = {f.name for _title, fields in found for f in fields}
        return [(_("In general"), [f for f in self if f.name not in named]), *found]

    @property
    def values(self) -> dict[str, Any]:
        """The settings, cleaned."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class TaxCodeForm(forms.Form):
    """How one category and rate is booked."""

    bmd_code = forms.RegexField(r"^\d{1,4}$", required=False, max_length=4)
    bmd_account = forms.RegexField(r"^\d{1,9}$", required=False, max_length=9)
    datev_key = forms.RegexField(r"^\d{1,4}$", required=False, max_length=4)
    datev_account = forms.RegexField(r"^\d{1,9}$", required=False, max_length=9)

    labels = {
        "bmd_code": _("BMD tax code"),
        "bmd_account": _("BMD revenue account"),
        "datev_key": _("DATEV tax key"),
        "datev_account": _("DATEV revenue account"),
    }

    def __init__(self, data: Any, *, key: TaxKey, name: str, code: TaxCode) -> None:
        self.key, self.name = key, name
        initial = {field: getattr(code, field) for field in self.labels}
        category, rate = key
        prefix = f"{category.value}-{'' if rate is None else rate}"
        super().__init__(data, initial=initial, prefix=prefix)
        for field, label in self.labels.items():
            self.fields[field].label = label
            self.fields[field].widget.attrs["aria-label"] = f"{label}: {name}"
            self.fields[field].widget.attrs["inputmode"] = "numeric"

    @property
    def code(self) -> TaxCode:
        return TaxCode(**self.cleaned_data)


def tax_keys(rates: Iterable[Decimal]) -> list[TaxKey]:
    """What a line of the table is about: every rate, then what has none."""
    standard: list[TaxKey] = [
        (Category.STANDARD, rate) for rate in sorted(set(rates), reverse=True)
    ]
    return [*standard, (Category.REVERSE_CHARGE, None), (Category.OUTSIDE_SCOPE, None)]
