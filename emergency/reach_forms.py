"""What people type about how they can be reached."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.models import ContactMethod
from emergency.queries.reach import ReachView

LONGEST_DELAY = 60


class MethodForm(forms.Form):
    kind = forms.ChoiceField(label=_("By"), choices=ContactMethod.Kind.choices)
    address = forms.CharField(
        label=_("Number, e-mail or push address"),
        max_length=500,
        help_text=_(
            "A push address names its service, as ntfy://topic. A proof is sent there"
            " at once; it counts when that came back."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
    )


class RulesForm(forms.Form):
    """Minutes after which each contact method is used, per urgency; empty: not used."""

    def __init__(self, *args: Any, view: ReachView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        for line in view.lines:
            for urgency in ("high", "low"):
                self.fields[f"{urgency}_{line.method.pk}"] = forms.IntegerField(
                    label=_("minutes"),
                    required=False,
                    min_value=0,
                    max_value=LONGEST_DELAY,
                    initial=getattr(line, urgency),
                )

    def rows(self) -> list[tuple[str, str, forms.BoundField, forms.BoundField]]:
        """Kind, address, and the two inputs of each contact method."""
        return [
            (
                line.method.get_kind_display(),
                line.shown,
                self[f"high_{line.method.pk}"],
                self[f"low_{line.method.pk}"],
            )
            for line in self.view.lines
        ]

    def delays(self, urgency: str) -> dict[int, timedelta]:
        """By contact method, those that are used."""
        found = {}
        for line in self.view.lines:
            minutes = self.cleaned_data.get(f"{urgency}_{line.method.pk}")
            if minutes is not None:
                found[line.method.pk] = timedelta(minutes=minutes)
        return found
