"""What is typed about shifts: overrides, swaps, absences, schedules, rotations."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.desk_forms import WallClockField
from emergency.models import Override, Schedule, Technician, When
from emergency.rules.local_time import instants_of

DAYS = [
    (0, _("Mon")),
    (1, _("Tue")),
    (2, _("Wed")),
    (3, _("Thu")),
    (4, _("Fri")),
    (5, _("Sat")),
    (6, _("Sun")),
]
LARGEST_CALENDAR = 1024 * 1024


def people() -> Any:
    """Everybody who can be on call, by name."""
    return (
        Technician.objects.filter(staff__is_active=True, is_house_phone=False)
        .select_related("staff")
        .order_by("staff__full_name")
    )


def instant(wall: datetime, zone: ZoneInfo, *, last: bool = False) -> datetime | None:
    """The instant this naive time means in the zone, None where the clock skips it.

    Where the clock shows it twice, a beginning is the first and an end the second: an
    hour too much rather than an hour without anybody.
    """
    found = instants_of(wall, zone)
    return (found[-1] if last else found[0]) if found else None


def wall(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """How the clock of the zone shows this instant, as forms want it."""
    if at is None:
        return None
    return at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


class PeriodForm(forms.Form):
    """A form with times as the clock of ``zone`` shows them; ``cleaned_data`` holds
    aware instants. ``ends`` names the fields that are ends of periods."""

    ends: tuple[str, ...] = ("ends_at",)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, field in self.fields.items():
            typed = cleaned.get(name)
            if not isinstance(field, WallClockField) or typed is None:
                continue
            cleaned[name] = instant(typed, self.zone, last=name in self.ends)
            if cleaned[name] is None:
                self.add_error(
                    name,
                    _("The clock skips this time in that night. Take an hour later."),
                )
        return cleaned


class OverrideForm(PeriodForm):
    kind = forms.ChoiceField(
        label=_("What is to change?"),
        choices=[
            (Override.Kind.REPLACE, _("Somebody is on call instead")),
            (Override.Kind.ADD, _("Somebody is on call as well")),
            (Override.Kind.REMOVE, _("Somebody is not on call")),
        ],
        widget=forms.RadioSelect,
        initial=Override.Kind.REPLACE,
    )
    technician = forms.ModelChoiceField(
        label=_("Who is on call"),
        queryset=Technician.objects.none(),
        required=False,
        empty_label="–",
    )
    replaced = forms.ModelChoiceField(
        label=_("Who is not"),
        queryset=Technician.objects.none(),
        required=False,
        empty_label="–",
        help_text=_("Left open, everybody else is replaced."),
    )
    starts_at = WallClockField(label=_("From"))
    ends_at = WallClockField(label=_("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("technician", "replaced"):
            self.fields[name].queryset = people()  # type: ignore[attr-defined]


class SwapForm(PeriodForm):
    ends = ("given_until", "taken_until")

    partner = forms.ModelChoiceField(
        label=_("Whom do you ask?"),
        queryset=Technician.objects.none(),
        empty_label=None,
    )
    given_from = WallClockField(label=_("You give from"))
    given_until = WallClockField(label=_("until"))
    taken_from = WallClockField(label=_("You take from"), required=False)
    taken_until = WallClockField(
        label=_("until"),
        required=False,
        help_text=_("Both left open: you only ask to be covered."),
    )

    def __init__(self, *args: Any, own: Technician, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = people().exclude(  # type: ignore[attr-defined]
            pk=own.pk
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("taken_from")) != bool(cleaned.get("taken_until")):
            empty = "taken_until" if cleaned.get("taken_from") else "taken_from"
            if empty not in self.errors:
                self.add_error(empty, _("Give both times or none."))
        return cleaned

    @property
    def given(self) -> tuple[datetime, datetime]:
        return self.cleaned_data["given_from"], self.cleaned_data["given_until"]

    @property
    def taken(self) -> tuple[datetime, datetime] | None:
        start, end = self.cleaned_data["taken_from"], self.cleaned_data["taken_until"]
        return (start, end) if start and end else None


class AbsenceForm(PeriodForm):
    starts_at = WallClockField(label=_("Away from"))
    ends_at = WallClockField(label=_("until"))


class CalendarForm(forms.Form):
    calendar = forms.FileField(
        label=_("Calendar file (.ics)"),
        help_text=_("Whole days and times count as absences. Titles are not kept."),
    )

    def clean_calendar(self) -> bytes:
        given = self.cleaned_data["calendar"]
        if given.size > LARGEST_CALENDAR:
            raise forms.ValidationError(_("This file is larger than 1 MB."))
        return bytes(given.read())


class TimesForm(forms.Form):
    """One range of hours on some days of the week."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    begins = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=_("To"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [bool(cleaned.get("days"))]
        given += [cleaned.get(name) is not None for name in ("begins", "ends")]
        if any(given) and not all(given) and not self.errors:
            self.add_error("days", _("Give days, a beginning and an end, or nothing."))
        return cleaned

    @property
    def range(self) -> dict[str, Any] | None:
        """As the rows keep it; None where nothing was typed."""
        if not self.cleaned_data.get("days"):
            return None
        return {
            "days": sorted(self.cleaned_data["days"]),
            "from": f"{self.cleaned_data['begins']:%H:%M}",
            "until": f"{self.cleaned_data['ends']:%H:%M}",
        }


TimesFormSet = forms.formset_factory(TimesForm, extra=0)


def times_formset(
    data: Any, times: list[dict[str, Any]], *, prefix: str = "times"
) -> Any:
    """A row for each range that stands and two empty ones."""
    initial = [
        {"days": item["days"], "begins": item["from"], "ends": item["until"]}
        for item in times
    ]
    return TimesFormSet(data, initial=[*initial, {}, {}], prefix=prefix)


def times_of(formset: Any) -> list[dict[str, Any]]:
    """The ranges of a valid formset."""
    return [form.range for form in formset if form.range is not None]


class ScheduleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=40,
        help_text=_("As in Europe/Vienna. Shifts begin and end on its clock."),
        widget=forms.TextInput(attrs={"list": "zones"}),
    )
    coverage = forms.ChoiceField(
        label=_("When must somebody be on call?"),
        choices=When.choices,
        widget=forms.RadioSelect,
    )
    shift_reminders = forms.CharField(
        label=_("Reminders before a shift, in minutes"),
        required=False,
        max_length=80,
        help_text=_("As in 1440, 60: a day and an hour before."),
    )
    answer_within = forms.IntegerField(
        label=_("Minutes to confirm a hand-off"), min_value=1, max_value=240
    )

    def __init__(
        self, *args: Any, schedule: Schedule | None = None, **kwargs: Any
    ) -> None:
        self.schedule = schedule
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        same = Schedule.objects.filter(name=name)
        if self.schedule is not None:
            same = same.exclude(pk=self.schedule.pk)
        if same.exists():
            raise forms.ValidationError(_("Another schedule has this name."))
        return name

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"]).strip()
        if name not in available_timezones():
            raise forms.ValidationError(_("Write a time zone like Europe/Vienna."))
        return name

    def clean_shift_reminders(self) -> list[int]:
        """Seconds, the longest first."""
        words = str(self.cleaned_data["shift_reminders"]).replace(",", " ").split()
        if not all(word.isdecimal() and 0 < int(word) <= 10_080 for word in words):
            raise forms.ValidationError(_("Write minutes like this: 1440, 60."))
        return sorted({int(word) * 60 for word in words}, reverse=True)


def schedule_initial(schedule: Schedule) -> dict[str, Any]:
    """Initial values that show the schedule in its form."""
    return {
        "name": schedule.name,
        "time_zone": schedule.time_zone,
        "coverage": schedule.coverage,
        "shift_reminders": ", ".join(str(s // 60) for s in schedule.shift_reminders),
        "answer_within": int(schedule.handoff_answer_within.total_seconds() // 60),
    }
