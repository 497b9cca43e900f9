"""What staff type at the desk."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from emergency.models import CallbackAttempt, Technician, TimeEntry
from emergency.rules.local_time import instants_of, occurrence_of

OCCURRENCES = [
    ("0", _("the first time, before the clock is put back")),
    ("1", _("the second time, after the clock is put back")),
]


# Minutes after which a technician may mean to call again.
NEXT_IN = (2, 5, 10, 15)


def operator_zone() -> ZoneInfo:
    """The zone in which staff type and read times."""
    return ZoneInfo(settings.TIME_ZONE)


class WallClockInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "any"}, format="%Y-%m-%dT%H:%M")

    def format_value(self, value: Any) -> str | None:
        """Full minutes as such; seconds are kept where a time has them."""
        if isinstance(value, datetime) and value.second:
            return value.isoformat(timespec="seconds")
        return super().format_value(value)


class WallClockField(forms.Field):
    """A naive date and time as the clock on the wall shows it."""

    widget = WallClockInput

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value
        try:
            wall = datetime.fromisoformat(str(value).strip())
        except ValueError as error:
            raise forms.ValidationError(
                _("Write date and time like this: 2026-03-14 02:41.")
            ) from error
        if wall.tzinfo is not None:
            raise forms.ValidationError(
                _("Write date and time like this: 2026-03-14 02:41.")
            )
        return wall


class AttemptForm(forms.Form):
    """How a call ended. The number is asked for where the customer gave several; when
    we try again may stay unsaid."""

    outcome = forms.ChoiceField(
        label=_("How did the call end?"), choices=CallbackAttempt.Outcome.choices
    )
    number = forms.ChoiceField(label=_("Number dialled"), required=False)
    next_in = forms.TypedChoiceField(
        label=_("Not reached: when do you try again?"),
        choices=[
            ("", _("not said")),
            *((str(m), _("in %(minutes)d minutes") % {"minutes": m}) for m in NEXT_IN),
        ],
        coerce=lambda minutes: timedelta(minutes=int(minutes)),
        empty_value=None,
        required=False,
        help_text=_("The customer reads this time on the tracking page."),
    )
    # The call over the bridge that the outcome belongs to.
    bridge = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        numbers: Sequence[str],
        on_file: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        """``on_file`` are those of the numbers that the customer has not given."""
        super().__init__(*args, **kwargs)
        given = [one for one in numbers if one not in on_file] or numbers
        self.only_number = given[0] if len(given) == 1 else ""
        if len(numbers) > 1:
            told = _("%(number)s (on file)")
            choices = [
                (one, told % {"number": one} if one in on_file else one)
                for one in numbers
            ]
            self.fields["number"] = forms.ChoiceField(
                label=_("Number dialled"),
                choices=choices,
                required=len(given) > 1 and not self.data.get("bridge"),
            )
        else:
            del self.fields["number"]

    def dialled(self) -> str:
        """The number that was dialled, as far as it is said or clear."""
        return self.cleaned_data.get("number") or self.only_number


class ColleagueForm(forms.Form):
    """A colleague who is asked to take the incident over, or to help."""

    def __init__(self, *args: Any, owner: Technician | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Technician.objects.filter(
            staff__is_active=True, is_house_phone=False
        )
        if owner is not None:
            colleagues = colleagues.exclude(pk=owner.pk)
        self.fields["colleague"] = forms.ModelChoiceField(
            label=_("Colleague"),
            queryset=colleagues.select_related("staff").order_by("staff__full_name"),
            empty_label=_("choose"),
        )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for colleagues"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TimeForm(forms.Form):
    """A work interval, typed in the operator's zone.

    ``cleaned_data`` holds aware instants. A time that the clock skips is refused; one
    that it shows twice asks which of the two is meant.
    """

    kind = forms.ChoiceField(label=_("Kind of work"), choices=TimeEntry.Kind.choices)
    technician = forms.ModelChoiceField(
        label=_("Technician"),
        queryset=Technician.objects.filter(staff__is_active=True)
        .select_related("staff")
        .order_by("staff__full_name"),
        empty_label=None,
    )
    started_at = WallClockField(label=_("Start"))
    started_at_occurrence = forms.ChoiceField(
        label=_("Which start?"),
        choices=OCCURRENCES,
        widget=forms.RadioSelect,
        required=False,
    )
    ended_at = WallClockField(label=_("End"))
    ended_at_occurrence = forms.ChoiceField(
        label=_("Which end?"),
        choices=OCCURRENCES,
        widget=forms.RadioSelect,
        required=False,
    )
    billable = forms.BooleanField(
        label=_("Charge this time"), required=False, initial=True
    )
    waiver_reason = forms.CharField(
        label=_("If not: why it is not charged"), max_length=200, required=False
    )

    def __init__(self, *args: Any, own: Technician | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        if own is not None:
            del self.fields["technician"]

    @property
    def asks_for(self) -> set[str]:
        """The fields about an occurrence that must be shown."""
        names = {"started_at_occurrence", "ended_at_occurrence"}
        return {n for n in names if self.initial.get(n) or n in self.errors}

    def worker(self) -> Technician:
        """Whose time it is, once the form is valid."""
        technician: Technician = self.own or self.cleaned_data["technician"]
        return technician

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("started_at", "ended_at"):
            if cleaned.get(name):
                self._to_instant(cleaned, name)
        return cleaned

    def _to_instant(self, cleaned: dict[str, Any], name: str) -> None:
        instants = instants_of(cleaned[name], operator_zone())
        occurrence = cleaned.get(f"{name}_occurrence", "")
        if not instants:
            self.add_error(
                name,
                _("The clock skips this time in that night. Take an hour later."),
            )
        elif len(instants) == 1:
            cleaned[name] = instants[0]
        elif occurrence:
            cleaned[name] = instants[int(occurrence)]
        else:
            self.add_error(
                f"{name}_occurrence",
                _("The clock shows this time twice in that night. Which one is it?"),
            )


def wall_clock(instant: datetime, name: str) -> dict[str, Any]:
    """Initial values that show this instant in a TimeForm's field ``name``."""
    zone = operator_zone()
    wall = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    occurrence = occurrence_of(instant, zone)
    values: dict[str, Any] = {name: wall.replace(microsecond=0)}
    if occurrence is not None:
        values[f"{name}_occurrence"] = str(occurrence)
    return values


def suggested_times(*, since: datetime | None, now: datetime) -> dict[str, Any]:
    """From ``since`` to now in full minutes; no end while that would be nothing."""
    if since is None:
        return {}
    initial = wall_clock(since, "started_at")
    if now - since >= timedelta(minutes=1):
        initial |= wall_clock(now.replace(second=0), "ended_at")
    return initial
