"""What is asked of a rehearsal: when, about what, and who takes part."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.desk_forms import OCCURRENCES, WallClockField, operator_zone
from emergency.models import Technician
from emergency.roster_forms import people
from emergency.rules.local_time import instants_of, occurrence_of


class WhatIfForm(forms.Form):
    """``cleaned_data["at"]`` is an aware instant."""

    at = WallClockField(label=_("The emergency comes at"))
    at_occurrence = forms.ChoiceField(
        label=_("The clock shows this time twice. Which one is it?"),
        choices=OCCURRENCES,
        required=False,
        widget=forms.RadioSelect,
    )
    about = forms.CharField(
        label=_("Server or account"),
        max_length=255,
        required=False,
        help_text=_("A name, an address or a customer number. May stay empty."),
    )
    busy = forms.ModelMultipleChoiceField(
        label=_("Busy with another emergency"),
        queryset=Technician.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    nobody = forms.BooleanField(
        label=_("Nobody answers: show everything up to the deadline"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["busy"].queryset = people()  # type: ignore[attr-defined]

    @property
    def asks_which(self) -> bool:
        """Whether the clock shows the time that was typed twice."""
        at = self.cleaned_data.get("at")
        return at is not None and occurrence_of(at, operator_zone()) is not None

    def clean(self) -> dict[str, Any]:
        """Of two showings of a time the first is meant, unless the second is chosen."""
        cleaned = super().clean() or {}
        if cleaned.get("at") is None:
            return cleaned
        instants = instants_of(cleaned["at"], operator_zone())
        if not instants:
            self.add_error(
                "at",
                _("The clock skips this time in that night. Take an hour later."),
            )
            return cleaned
        second = cleaned.get("at_occurrence") == "1"
        cleaned["at"] = instants[-1] if second else instants[0]
        return cleaned
