"""What staff type about callers and the people of an account."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CallerForm(forms.Form):
    """Whose incident it is. Which caller is asked where several have reported, and
    which name where several were typed."""

    account_number = forms.CharField(
        label=_("Account number"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    server_name = forms.CharField(
        label=_("Server of this account, if you know it"),
        max_length=253,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(
        self,
        *args: Any,
        callers: Sequence[tuple[str, str]],
        names: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(names) > 1:
            self.fields["named"] = forms.ChoiceField(
                label=_("What the caller called it"),
                choices=[("", _("the first that is not known yet")), *names],
                required=False,
            )
        if len(callers) > 1:
            self.fields["report"] = forms.ChoiceField(
                label=_("Which caller?"), choices=callers, widget=forms.RadioSelect
            )

    def report_id(self) -> int | None:
        """Whose caller it is; None for the first."""
        chosen = self.cleaned_data.get("report")
        return int(chosen) if chosen else None

    def named_id(self) -> int | None:
        """Which of the typed names means the server; None where nobody said it."""
        chosen = self.cleaned_data.get("named")
        return int(chosen) if chosen else None


class ContactForm(forms.Form):
    """A person who speaks for an account."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Signs in with a link sent to it."),
    )
    phone_number = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=80,
        help_text=_("Called back to make sure who is calling."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class MergeForm(forms.Form):
    other = forms.CharField(max_length=16)
