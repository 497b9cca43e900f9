"""Forms of the tracking page."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from emergency.fields import CleanedLine, CleanedText
from emergency.forms import LONGEST_NAME, NUMBER_REFUSALS
from emergency.models import Objection
from emergency.rules.free_text import cleaned_line
from emergency.rules.phone_number import CallbackNumber, NumberRefused, callback_number

LONGEST_WHY = 5_000
LONGEST_FACT = 50_000


class FactForm(forms.Form):
    """What the customer adds in their own words."""

    use_required_attribute = False

    text = CleanedText(
        label=_("What do you want to add?"),
        help_text=_("Error messages help. Please type no passwords."),
        max_length=LONGEST_FACT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write what you want to add."),
            "max_length": _(
                "Shorten this to %(limit_value)d characters. You have %(show_value)d."
            ),
        },
    )


class FileForm(forms.Form):
    """A file that the customer adds."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("Which file?"),
        # The action says more helpfully what is wrong with an empty one.
        allow_empty_file=True,
        error_messages={
            "required": _("Choose a file."),
            "invalid": _("Choose a file."),
        },
    )


class NumberForm(forms.Form):
    """A further number to call. After validation ``dialled`` is it."""

    use_required_attribute = False

    number = forms.CharField(
        label=_("Which number should we call, too?"),
        required=False,
        strip=False,
        max_length=80,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}
        ),
    )
    name = CleanedLine(
        label=_("Whose number is it?"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is not None:
            # The field's own check would answer a NUL with words that help nobody.
            data = data.copy()
            data["number"] = (data.get("number") or "").replace("\x00", "")
        super().__init__(data, **kwargs)
        self.dialled: CallbackNumber | None = None

    def clean_number(self) -> str:
        typed = self.cleaned_data.get("number") or ""
        try:
            self.dialled = callback_number(
                typed, region=settings.PHONENUMBER_DEFAULT_REGION
            )
        except NumberRefused as error:
            raise forms.ValidationError(
                NUMBER_REFUSALS[error.refusal], code=error.refusal.value
            ) from error
        return cleaned_line(typed)


class LimitForm(forms.Form):
    """Up to which gross amount the customer wants not to be asked. Empty: no limit."""

    use_required_attribute = False

    gross = forms.DecimalField(
        label=_("Ask me before it costs more than (including VAT)"),
        required=False,
        localize=True,
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter an amount like 400.")},
    )

    def __init__(self, *args: Any, least: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least = least

    def clean_gross(self) -> Decimal | None:
        gross: Decimal | None = self.cleaned_data["gross"]
        if gross is not None and gross < self.least:
            raise forms.ValidationError(
                _("The fee you ordered is higher. Enter at least %(least)s.")
                % {"least": number_format(self.least, 2)}
            )
        return gross


class WithdrawalForm(forms.Form):
    """Who withdraws, and where the acknowledgement goes."""

    use_required_attribute = False

    name = CleanedLine(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address for the acknowledgement"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("You also get it on this page, to save or print."),
        error_messages={"invalid": _("Enter an e-mail address like name@example.com.")},
    )


class ObjectionForm(forms.Form):
    """What the customer objects to, of what can still be objected to."""

    use_required_attribute = False

    about = forms.ChoiceField(
        label=_("What do you object to?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you object to."),
            "invalid_choice": _("Choose what you object to."),
        },
    )
    text = CleanedText(
        label=_("Why?"),
        required=False,
        max_length=LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, matters: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Objection.About.choices)
        choices = [(matter, labels[matter]) for matter in matters]
        self.fields["about"].choices = choices  # type: ignore[attr-defined]
