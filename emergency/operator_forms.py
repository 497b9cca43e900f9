"""What is typed about the operator: facts, office hours, closing days."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from emergency.fields import CleanedText
from emergency.forms import NUMBER_REFUSALS
from emergency.models import Holiday, OperatorProfile
from emergency.passages.base import Passage
from emergency.roster_forms import DAYS
from emergency.rules.passages import places_in
from emergency.rules.phone_number import NumberRefused, callback_number


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """The operator's facts. ``based_on`` is the version they were read from."""

    use_required_attribute = False

    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    status_page_url = forms.URLField(
        label=_("Status page"), required=False, assume_scheme="https"
    )
    logo_file = forms.FileField(
        label=_("New logo"),
        required=False,
        help_text=_("PNG, JPEG or WebP, at most 200 kB. It stands above every page."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove_logo = forms.BooleanField(label=_("Show no logo"), required=False)
    office_days = forms.TypedMultipleChoiceField(
        label=_("Office days"),
        choices=DAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = OperatorProfile
        fields = (
            *("name", "hotline", "support_phone", "support_email", "support_text"),
            *("status_page_url", "office_days", "office_opens", "office_closes"),
            *("sells_to", "free_cancellation", "objection_days"),
            *("imprint", "privacy", "accessibility_contact"),
        )
        widgets = {
            "hotline": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "support_phone": forms.TextInput(
                attrs={"type": "tel", "autocomplete": "off"}
            ),
            "office_opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "office_closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "support_text": _lines(3),
            "imprint": _lines(6),
            "privacy": _lines(6),
        }
        help_texts = {
            "hotline": _("On top of every page of the customers."),
            "support_text": _("Shown with the free ways, such as what to write."),
            "imprint": _("Name, address, register, authority: what the law wants."),
            "privacy": _("Stands below what the product itself says on that page."),
            "free_cancellation": _("Orders keep the minutes of their day."),
            "sells_to": _(
                "Consumers tick two declarations and have a right of withdrawal."
            ),
        }

    def clean_hotline(self) -> str:
        return self._number("hotline")

    def clean_support_phone(self) -> str:
        return self._number("support_phone")

    def _number(self, name: str) -> str:
        typed: str = self.cleaned_data[name]
        if typed:
            try:
                callback_number(typed, region=settings.PHONENUMBER_DEFAULT_REGION)
            except NumberRefused as error:
                raise forms.ValidationError(NUMBER_REFUSALS[error.refusal]) from error
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("office_opens"), cleaned.get("office_closes")
        if opens and closes and opens == closes:
            self.add_error(
                "office_closes",
                forms.ValidationError(
                    _("The office cannot open and close at the same time."),
                    code="same",
                ),
            )
        return cleaned


class PassageForm(forms.Form):
    """One passage in every language of the product. Each language has its version:
    ``based_on_de`` is the one that ``text_de`` was read from."""

    use_required_attribute = False

    def __init__(self, *args: Any, passage: Passage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.passage = passage
        for code, name in settings.LANGUAGES:
            self.fields[f"text_{code}"] = CleanedText(
                label=name,
                required=False,
                max_length=passage.longest,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
            )
            self.fields[f"based_on_{code}"] = forms.IntegerField(
                required=False, widget=forms.HiddenInput
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for code, _name in settings.LANGUAGES:
            name = f"text_{code}"
            problem = self._problem(cleaned.get(name, ""))
            if problem is not None:
                self.add_error(name, problem)
        return cleaned

    def _problem(self, text: str) -> forms.ValidationError | None:
        used = places_in(text)
        unknown = sorted(used - self.passage.names)
        if unknown:
            return forms.ValidationError(
                _("There is no place called {%(name)s} in this text."),
                code="unknown",
                params={"name": unknown[0]},
            )
        left_out = sorted(self.passage.needed - used) if text else []
        if left_out:
            return forms.ValidationError(
                _("This text needs {%(name)s}."),
                code="needed",
                params={"name": left_out[0]},
            )
        return None

    def texts(self) -> dict[str, str]:
        """The wordings by language, once the form is valid."""
        return {c: self.cleaned_data[f"text_{c}"] for c, _n in settings.LANGUAGES}

    def based_on(self) -> dict[str, int | None]:
        """The versions by language that the wordings were read from."""
        return {c: self.cleaned_data[f"based_on_{c}"] for c, _n in settings.LANGUAGES}


class ClosingDayForm(forms.ModelForm):  # type: ignore[type-arg]
    """A day on which the office is closed although it is no public holiday."""

    use_required_attribute = False

    class Meta:
        model = Holiday
        fields = ("day", "name", "fee_time")
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "name": _("Customers read it, such as “company outing”."),
            "fee_time": _(
                "Without the tick no initial fee is due in the usual office hours of"
                " that day; such orders are held for review."
            ),
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(
                _("This day has passed. What was true then stays."), code="past"
            )
        return day

    def validate_unique(self) -> None:
        """The action says it, with the name of the day."""
