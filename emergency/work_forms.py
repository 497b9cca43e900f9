"""What staff type about the work: its end, what measured time was, amendments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.desk_forms import TimeForm, wall_clock
from emergency.models import Incident, TimeEntry


class ResolveForm(forms.Form):
    cause = forms.ChoiceField(
        label=_("Where was the cause?"),
        choices=Incident.Cause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Name the cause before closing.")},
    )
    disposition = forms.ChoiceField(
        label=_("What was it?"),
        choices=[
            choice
            for choice in Incident.Disposition.choices
            if choice[0] != Incident.Disposition.DRILL
        ],
        widget=forms.RadioSelect,
        initial=Incident.Disposition.SOLVED.value,
        required=False,
    )
    resolution = forms.CharField(
        label=_("What was done"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two sentences are enough. Colleagues and the customer read them."),
    )

    def clean_disposition(self) -> str:
        """Whoever says nothing else has solved it."""
        said: str = self.cleaned_data["disposition"]
        return said or Incident.Disposition.SOLVED.value


class KindForm(forms.Form):
    """What a timer measures."""

    kind = forms.ChoiceField(choices=TimeEntry.Kind.choices)


class ReviewForm(TimeForm):
    """What of a measured time was work. Its start and end may be full seconds."""


class AmendForm(TimeForm):
    """A new version of a time entry."""

    reason = forms.CharField(label=_("Why it is amended"), max_length=200)


def times_of(entry: TimeEntry) -> dict[str, Any]:
    """Initial values of an amendment: the entry as it stands."""
    return {
        "kind": entry.kind,
        "billable": entry.billable,
        "waiver_reason": entry.waiver_reason,
        **wall_clock(entry.started_at, "started_at"),
        **wall_clock(entry.ended_at, "ended_at"),
    }
