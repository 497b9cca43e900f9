"""What is typed about cases that may have to be reported to an authority."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.desk_forms import WallClockField, operator_zone
from emergency.fields import CleanedLine
from emergency.models import ReportableCase
from emergency.rules.local_time import instants_of

# Who asks what we know of them is handed this, too.
NO_NAMES = _("No names of people: whoever asks for their data may read it.")


class FlagForm(forms.Form):
    """Why an incident may have to be reported."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ReportableCase.Kind.choices,
        widget=forms.RadioSelect,
    )


class AddForm(forms.Form):
    """Which incident belongs to the case, too."""

    reference = forms.CharField(
        label=_("Another incident (reference)"), max_length=16, strip=True
    )


class StepForm(forms.Form):
    """A step that was done; with nothing typed, just now."""

    reference = CleanedLine(
        label=_("Reference number of the authority"), max_length=80, required=False
    )
    done_at = WallClockField(
        label=_("Done at"),
        required=False,
        help_text=_("Empty: now, or as it was recorded."),
    )
    reason = CleanedLine(
        label=_("If late: why"), max_length=300, required=False, help_text=NO_NAMES
    )

    def clean_done_at(self) -> datetime | None:
        """A time that the clock shows twice means the later: nothing looks more in time
        than it was."""
        return _instant(self.cleaned_data["done_at"], -1)


class ReasonForm(forms.Form):
    """Why something is not done."""

    reason = CleanedLine(label=_("Why"), max_length=300, help_text=NO_NAMES)


class KnownForm(ReasonForm):
    """When we knew of it."""

    known_at = WallClockField(label=_("We knew of it at"))
    field_order = ("known_at", "reason")

    def clean_known_at(self) -> Any:
        """A time that the clock shows twice means the earlier: no deadline is later
        than it may be."""
        return _instant(self.cleaned_data["known_at"], 0)


def _instant(wall: datetime | None, which: int) -> datetime | None:
    if wall is None:
        return None
    instants = instants_of(wall, operator_zone())
    if not instants:
        raise forms.ValidationError(
            _("The clock skips this time in that night. Take an hour later.")
        )
    return instants[which]
