"""What is typed about an auditor's access."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from emergency.models import Staff


class AccessForm(forms.Form):
    """Whom an administrator lets in, until which day, and what for."""

    use_required_attribute = False

    full_name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At the end of this day the access ends by itself."),
    )
    why = forms.CharField(
        label=_("What is audited?"),
        max_length=200,
        help_text=_("For example: tax audit 2026, file number 12/345."),
    )

    @property
    def until(self) -> datetime:
        """The first instant after the last day, in the operator's zone."""
        after: Any = self.cleaned_data["last_day"] + timedelta(days=1)
        return datetime.combine(after, time(), timezone.get_current_timezone())


class OwnPasswordForm(forms.Form):
    """The password that somebody who was let in chooses for themselves."""

    use_required_attribute = False

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Staff, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password
