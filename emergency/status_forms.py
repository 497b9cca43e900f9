"""What is typed about status pages: an address, fixed times, windows of our own."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from emergency.desk_forms import WallClockField
from emergency.roster_forms import PeriodForm
from status.actions.local import Announcement
from status.sources.base import SourceError
from status.sources.kinds import KINDS
from status.sources.static import LONGEST, calendar_of

_WEEK = "FREQ=WEEKLY"
REPEATS = [
    ("", _("once")),
    (_WEEK, _("every week")),
    (f"{_WEEK};INTERVAL=2", _("every second week")),
    ("month", _("every month, on the same weekday of the month")),
]
DETECTABLE = [(name, name) for name, kind in KINDS.items() if kind.fetches]
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def lines_of(value: str) -> list[str]:
    """The names typed, one a line or with commas, each once."""
    names = (part.strip()[:200] for part in value.replace(",", "\n").splitlines())
    return list(dict.fromkeys(name for name in names if name))


class PartsField(forms.CharField):
    """Names of parts; what is cleaned is a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> Any:
        return lines_of(super().clean(value))


class AddressForm(forms.Form):
    """The address that staff paste."""

    use_required_attribute = False

    url = forms.URLField(
        label=_("Address of the status page"),
        max_length=500,
        assume_scheme="https",
        help_text=_("The page itself is enough; we find out which product it is."),
    )


class SourceForm(forms.Form):
    """What was found, and what only the operator can say about it."""

    use_required_attribute = False

    kind = forms.ChoiceField(choices=DETECTABLE, widget=forms.HiddenInput)
    url = forms.URLField(
        max_length=500, assume_scheme="https", widget=forms.HiddenInput
    )
    name = forms.CharField(label=_("Name, as customers read it"), max_length=200)
    timezone = forms.ChoiceField(
        label=_("Time zone of the page's clock"),
        required=False,
        choices=lambda: [(name, name) for name in sorted(available_timezones())],
    )
    notice_means_maintenance = forms.BooleanField(
        label=_("A notice on this page means maintenance"), required=False
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = KINDS.get(kind)
        if not (known and known.needs_zone):
            del self.fields["timezone"]
        if kind != "cstate":
            del self.fields["notice_means_maintenance"]

    def config(self) -> dict[str, Any]:
        """The settings of the page, as its reader takes them."""
        names = ("timezone", "notice_means_maintenance")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


class FixedTimesForm(forms.Form):
    """A window that the hoster keeps by agreement."""

    use_required_attribute = False

    name = forms.CharField(label=_("What is done"), max_length=200)
    starts_at = WallClockField(label=_("First time"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=int(LONGEST.total_seconds() // 60),
    )
    repeat = forms.ChoiceField(label=_("Repeats"), choices=REPEATS, required=False)
    components = PartsField(
        label=_("Servers or parts"),
        required=False,
        help_text=_("One a line. Empty means everything."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                calendar_of(self.config())
            except SourceError as error:
                raise forms.ValidationError(
                    _("These times cannot be understood.")
                ) from error
        return data

    def config(self) -> dict[str, Any]:
        """The window as ``status.sources.static`` reads it."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "timezone": settings.TIME_ZONE,
            "starts": data["starts_at"].isoformat(),
            "minutes": data["minutes"],
            "rule": _rule(data["repeat"], data["starts_at"]),
            "components": data["components"],
        }


def _rule(repeat: str, starts_at: datetime) -> str:
    if repeat != "month":
        return repeat
    number = (starts_at.day - 1) // 7 + 1
    # A fifth weekday is not in every month; the last one is.
    place = number if number < 5 else -1
    return f"FREQ=MONTHLY;BYDAY={place}{_DAYS[starts_at.weekday()]}"


class OwnPageForm(forms.Form):
    """The name of our own page and its parts."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name of the page"), max_length=200)
    components = PartsField(
        label=_("Servers or parts"), required=False, help_text=_("One a line.")
    )


class AnnouncementForm(PeriodForm):
    """A window of our own. No end: until further notice."""

    use_required_attribute = False

    name = forms.CharField(label=_("What is done"), max_length=200)
    starts_at = WallClockField(label=_("Begins"))
    ends_at = WallClockField(
        label=_("Ends"), required=False, help_text=_("Empty: until further notice.")
    )
    components = PartsField(
        label=_("Servers or parts"),
        required=False,
        help_text=_("One a line. Empty means everything."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("The end has to be after the beginning."))
        return data

    def announcement(self) -> Announcement:
        """The window as typed."""
        data = self.cleaned_data
        return Announcement(
            name=data["name"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            components=tuple(data["components"]),
        )
