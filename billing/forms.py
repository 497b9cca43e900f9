"""Forms of accounting's pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.models import BillingProfile, Document, Issuer
from billing.rules.iban import iban_is_plausible
from billing.rules.tax import COUNTRIES, COUNTRY_ALIASES
from billing.rules.vat_id import compact, form_problem


class ReleaseForm(forms.Form):
    why = forms.CharField(label=_("Why may it go on?"), max_length=500)


class CreditForm(forms.Form):
    lines = forms.MultipleChoiceField(
        label=_("Lines to credit"), widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(label=_("Why is it corrected?"), max_length=500)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = choices  # type: ignore[attr-defined]
        self.fields["lines"].initial = [value for value, _label in choices]


class FilterForm(forms.Form):
    """The list's filters; what is not understood filters nothing."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *Document.Status.choices],
    )
    month = forms.ChoiceField(label=_("Month"), required=False)

    def __init__(self, *args: Any, months: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", _("All")), *months]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]


class CountryField(forms.CharField):
    """Two letters; everyday codes become the ISO ones."""

    def clean(self, value: Any) -> str:
        code = str(super().clean(value) or "").strip().upper()
        code = COUNTRY_ALIASES.get(code, code)
        if code and code not in COUNTRIES:
            raise ValidationError(_("Two letters of a country, like AT, DE or CH."))
        return code


class VatIdForm(forms.ModelForm):  # type: ignore[type-arg]
    """A VAT id in compact form that fits the country beside it."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        vat_id = compact(cleaned.get("vat_id") or "")
        cleaned["vat_id"] = vat_id
        country = cleaned.get("country") or ""
        problem = form_problem(vat_id, country) if vat_id and country else None
        if problem == "prefix":
            self.add_error(
                "vat_id", _("This VAT id belongs to another country than the address.")
            )
        elif problem:
            self.add_error(
                "vat_id",
                _("A VAT id of this country looks different. Please check it."),
            )
        return cleaned


class ProfileForm(VatIdForm):
    country = CountryField(label=_("Country"), max_length=2, required=False)
    vat_id_confirmed = forms.BooleanField(
        label=_("The authority has confirmed this VAT id"), required=False
    )

    class Meta:
        model = BillingProfile
        fields = (
            "kind",
            "legal_name",
            "address",
            "postcode",
            "city",
            "country",
            "vat_id",
            "language",
            "invoice_email",
        )
        widgets = {"address": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["vat_id_confirmed"].initial = bool(self.instance.vat_id_valid)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("vat_id_confirmed") and not cleaned.get("vat_id"):
            self.add_error(
                "vat_id_confirmed", _("There is no VAT id that could be confirmed.")
            )
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The profile's own fields, cleaned."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class IssuerForm(VatIdForm):
    country = CountryField(label=_("Country"), max_length=2)

    class Meta:
        model = Issuer
        fields = (
            "legal_name",
            "address",
            "postcode",
            "city",
            "country",
            "vat_id",
            "register_number",
            "register_court",
            "iban",
            "bic",
            "bank",
            "email",
            "phone",
            "website",
            "vat_rate",
            "payment_days",
        )

    def clean_iban(self) -> str:
        iban = compact(self.cleaned_data["iban"])
        if iban and not iban_is_plausible(iban):
            raise ValidationError(_("This IBAN has a typing error."))
        return iban

    @property
    def values(self) -> dict[str, Any]:
        """The issuer's fields, cleaned."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
