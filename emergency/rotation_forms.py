"""What is typed about a rotation: its people in order, its hand-offs, its hours."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.models import Rotation, Technician, When
from emergency.roster_forms import people

FEWEST_PLACES = 6
LENGTHS = {"daily": (1, 0), "weekly": (7, 0)}


class RotationForm(forms.Form):
    """``places`` are selects, one per place in the order; empty ones do not count."""

    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    starts_on = forms.DateField(
        label=_("First hand-off on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Its day of the week is the day of all weekly hand-offs."),
    )
    handoff_time = forms.TimeField(
        label=_("Hand-off at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    length = forms.ChoiceField(
        label=_("A shift lasts"),
        choices=[
            ("daily", _("One day")),
            ("weekly", _("One week")),
            ("custom", _("As given here:")),
        ],
        widget=forms.RadioSelect,
        initial="weekly",
    )
    shift_days = forms.IntegerField(
        label=_("Days"), min_value=0, max_value=366, required=False
    )
    shift_hours = forms.IntegerField(
        label=_("Hours"), min_value=0, max_value=23, required=False
    )
    ends_on = forms.DateField(
        label=_("Last hand-off on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left open, it goes on."),
    )
    layer = forms.IntegerField(
        label=_("Layer"),
        min_value=0,
        max_value=20,
        initial=0,
        help_text=_("A higher layer wins in the hours it serves."),
    )
    limited_to = forms.ChoiceField(
        label=_("Serves"),
        choices=When.choices,
        widget=forms.RadioSelect,
        initial=When.ALWAYS,
    )

    def __init__(self, *args: Any, places: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = list(people())
        self._people = {person.pk: person for person in everybody}
        choices = [("", "–"), *((str(p.pk), str(p)) for p in everybody)]
        self.place_names = [
            f"place_{number}" for number in range(max(FEWEST_PLACES, places + 2))
        ]
        for number, name in enumerate(self.place_names, start=1):
            self.fields[name] = forms.ChoiceField(
                label=_("Place %(number)s") % {"number": number},
                choices=choices,
                required=False,
            )

    @property
    def places(self) -> list[forms.BoundField]:
        return [self[name] for name in self.place_names]

    @property
    def members(self) -> list[Technician]:
        """In order, once the form is valid."""
        chosen = (self.cleaned_data.get(name) for name in self.place_names)
        return [self._people[int(key)] for key in chosen if key]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("length") in LENGTHS:
            days, hours = LENGTHS[cleaned["length"]]
        else:
            days = cleaned.get("shift_days") or 0
            hours = cleaned.get("shift_hours") or 0
            if not days and not hours and not self.errors:
                self.add_error("shift_days", _("Say how long a shift lasts."))
        cleaned["shift_days"], cleaned["shift_hours"] = days, hours
        begin, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if begin and end and end <= begin:
            self.add_error("ends_on", _("The end must be later than the start."))
        if not any(cleaned.get(name) for name in self.place_names):
            self.add_error(self.place_names[0], _("Choose a person."))
        return cleaned


def rotation_initial(rotation: Rotation) -> dict[str, Any]:
    """Initial values that show the rotation in its form."""
    length = (rotation.shift_days, rotation.shift_hours)
    named = next((name for name, known in LENGTHS.items() if known == length), "custom")
    members = rotation.members.order_by("position").values_list(
        "technician_id", flat=True
    )
    return {
        "name": rotation.name,
        "starts_on": rotation.starts_on,
        "handoff_time": rotation.handoff_time,
        "length": named,
        "shift_days": rotation.shift_days,
        "shift_hours": rotation.shift_hours,
        "ends_on": rotation.ends_on,
        "layer": rotation.layer,
        "limited_to": rotation.limited_to,
        **{f"place_{number}": str(key) for number, key in enumerate(members)},
    }
