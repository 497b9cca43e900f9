"""What is typed on the desk's page about personal data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.queries.person import UnknownSubject, subject_of


class PersonForm(forms.Form):
    """Whose data."""

    subject = forms.CharField(
        label=_("E-mail address or phone number"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_subject(self) -> str:
        try:
            return subject_of(self.cleaned_data["subject"])
        except UnknownSubject as error:
            raise forms.ValidationError(
                _("Enter an e-mail address, or a number such as +43 664 1234567.")
            ) from error


class HoldForm(forms.Form):
    """Which incident is held, and why."""

    reference = forms.CharField(label=_("Reference"), max_length=16)
    why = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("For example: dispute about the invoice, court, authority."),
    )
