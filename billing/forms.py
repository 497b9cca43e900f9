"""Forms of accounting's pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.models import BillingProfile, EInvoice, Issuer
from billing.rules.einvoice import ON_REQUEST, buyer_needs, split_endpoint
from billing.rules.iban import iban_is_plausible
from billing.rules.records import Record
from billing.rules.tax import COUNTRIES, COUNTRY_ALIASES
from billing.rules.vat_id import compact, form_problem


class ReleaseForm(forms.Form):
    why = forms.CharField(
        label=_("Why may it go on?"),
        max_length=500,
        error_messages={"required": _("Say why the hold may be released.")},
    )


class CreditForm(forms.Form):
    """Which lines are credited and why. ``gross`` is what the preview showed."""

    lines = forms.MultipleChoiceField(
        label=_("Lines to credit"), widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=500,
        help_text=_("Kept with the documents; the customer does not read it."),
    )
    gross = forms.DecimalField(
        max_digits=12, decimal_places=2, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = choices  # type: ignore[attr-defined]
        self.fields["lines"].initial = [value for value, _label in choices]

    @property
    def line_ids(self) -> list[int]:
        return [int(line) for line in self.cleaned_data["lines"]]


class NoteObjectionForm(forms.Form):
    what = forms.CharField(
        label=_("What does the customer object to?"),
        max_length=200,
        error_messages={
            "required": _("Say in a few words what the customer objects to.")
        },
    )


class SendForm(forms.Form):
    """Where a document goes when it is sent once more."""

    address = forms.EmailField(
        label=_("To another address"),
        help_text=_("Left empty, it goes to the account's address for invoices."),
        max_length=254,
        required=False,
    )


class DeliveredForm(forms.Form):
    how = forms.CharField(
        label=_("Which way?"),
        max_length=200,
        help_text=_("For example: by registered letter on 3 March."),
        error_messages={"required": _("Say in which way it went.")},
    )


class BouncedForm(forms.Form):
    why = forms.CharField(
        label=_("What does the answer of the mail server say?"),
        max_length=200,
        required=False,
    )


class AnswerForm(forms.Form):
    """The answer as the customer reads it, and how it was decided."""

    use_required_attribute = False

    address = forms.EmailField(label=_("Send to"), max_length=254)
    text = forms.CharField(
        label=_("What the customer reads"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    why = forms.CharField(
        label=_("How was it decided?"),
        max_length=500,
        help_text=_("For the history; the customer does not read it."),
    )


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


class ElectronicAddressField(forms.CharField):
    """A scheme and an id: ``9914:ATU12345678``, ``0204:991-12345-06``."""

    def clean(self, value: Any) -> str:
        address = str(super().clean(value) or "").strip()
        if address and split_endpoint(address) is None:
            raise ValidationError(
                _("A scheme and an id with a colon between, like 9914:ATU12345678.")
            )
        return address


class ProfileForm(VatIdForm):
    country = CountryField(label=_("Country"), max_length=2, required=False)
    einvoice_kinds = forms.MultipleChoiceField(
        label=_("Further electronic formats"),
        choices=[(form.value, EInvoice.Kind(form).label) for form in ON_REQUEST],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    electronic_address = ElectronicAddressField(
        label=_("Electronic address"),
        help_text=_("Peppol id of the customer: scheme, colon, id."),
        max_length=110,
        required=False,
    )
    enclosed_records = forms.MultipleChoiceField(
        label=_("Goes with the invoice's e-mail"),
        choices=[
            (Record.ORDER.value, _("Order record")),
            (Record.CALLBACK.value, _("Callback record")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
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
            "external_number",
            "standing",
            "invoice_email",
            "collective",
            "enclosed_records",
            "einvoice_kinds",
            "electronic_address",
            "buyer_reference",
            "supplier_number",
        )
        widgets = {"address": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "collective": _(
                "When a month is over, its approved emergencies go into one invoice. "
                "Included minutes belong to each emergency all the same."
            ),
            "buyer_reference": _(
                "What the customer wants to read on every invoice: an order reference, "
                "a Leitweg-ID."
            ),
            "supplier_number": _("The number under which the customer knows us."),
            "external_number": _(
                "The account's number in your own billing or customer system."
            ),
            "standing": _("Never shown to the customer."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["vat_id_confirmed"].initial = bool(self.instance.vat_id_valid)
        self.fields["standing"].required = False

    def clean_standing(self) -> str:
        """Nothing said changes nothing."""
        return str(self.cleaned_data["standing"] or self.initial["standing"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("vat_id_confirmed") and not cleaned.get("vat_id"):
            self.add_error(
                "vat_id_confirmed", _("There is no VAT id that could be confirmed.")
            )
        for name in buyer_needs(cleaned.get("einvoice_kinds", [])):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("One of the chosen formats needs this."))
        return cleaned

    @property
    def asks_for_formats(self) -> bool:
        """Whether the part about electronic formats is in use or needs a look."""
        names = ("einvoice_kinds", "electronic_address")
        more = ("buyer_reference", "supplier_number")
        return any(self[name].value() or self[name].errors for name in (*names, *more))

    @property
    def values(self) -> dict[str, Any]:
        """The profile's own fields, cleaned."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class IssuerForm(VatIdForm):
    country = CountryField(label=_("Country"), max_length=2)
    electronic_address = ElectronicAddressField(
        label=_("Electronic address"),
        help_text=_("Our own Peppol id; empty: the VAT id."),
        max_length=110,
        required=False,
    )

    class Meta:
        model = Issuer
        fields = (
            "legal_name",
            "address",
            "postcode",
            "city",
            "country",
            "vat_id",
            "tax_number",
            "register_number",
            "register_court",
            "iban",
            "bic",
            "bank",
            "email",
            "phone",
            "website",
            "electronic_address",
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
