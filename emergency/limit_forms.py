"""What an administrator types about rate limits."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emergency.models import RateLimit
from emergency.rules.limits import (
    DEFAULTS,
    FEWEST,
    LONGEST,
    SHORTEST,
    Ordinary,
    highest,
)

# What is counted, and what happens above it.
WORDS: dict[str, tuple[Promise, Promise]] = {
    "reports-address": (
        _("Reports from one network address"),
        _("Marked on the board. Technicians are paged all the same."),
    ),
    "reports-number": (
        _("Reports with one callback number"),
        _("Marked on the board. Technicians are paged all the same."),
    ),
    "reports-account": (
        _("Reports of one account"),
        _("Marked on the board. Technicians are paged all the same."),
    ),
    "reports-total": (
        _("Reports in total"),
        _("The board warns of a storm. Technicians are paged all the same."),
    ),
    "drafts-address": (
        _("Forms begun from one network address"),
        _("What is typed is not kept for later. Ordering works."),
    ),
    "links-address": (
        _("Sign-in links asked for from one network address"),
        _("No link is sent. The page does not say so."),
    ),
    "pins-address": (
        _("Support PINs tried from one network address"),
        _("No PIN fits for a while."),
    ),
    "links-contact": (
        _("Sign-in links for one contact"),
        _("No link is sent. The page does not say so."),
    ),
    "texts-number": (
        _("SMS to one number of a customer"),
        _("No more SMS, except to somebody who waits for our call."),
    ),
    "answers-mail": (
        _("Automatic answers to mails"),
        _("The mail waits at the desk and is not answered by itself."),
    ),
    "answers-text": (
        _("Automatic answers to SMS from one number"),
        _("The SMS has its effect and is not answered."),
    ),
    "proofs-method": (
        _("Calls and SMS that prove one contact method"),
        _("No more proof is sent. Pages about emergencies are never limited."),
    ),
}


def _minutes(length: timedelta) -> int:
    return round(length.total_seconds() / 60)


class LimitsForm(forms.Form):
    """Every limit with the version it was read from. Both numbers empty: the product's
    own holds."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, in_force: Mapping[str, RateLimit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for key, own in DEFAULTS.items():
            row = in_force.get(key)
            self.fields[f"{key}-most"] = forms.IntegerField(
                label=_("At most"),
                required=False,
                min_value=FEWEST,
                max_value=highest(key),
                initial=row.most if row else None,
                widget=forms.NumberInput(attrs={"placeholder": own.most}),
            )
            self.fields[f"{key}-minutes"] = forms.IntegerField(
                label=_("Within minutes"),
                required=False,
                min_value=_minutes(SHORTEST),
                max_value=_minutes(LONGEST),
                initial=row.minutes if row else None,
                widget=forms.NumberInput(attrs={"placeholder": _minutes(own.within)}),
            )
            self.fields[f"{key}-based_on"] = forms.IntegerField(
                required=False,
                initial=row.pk if row else None,
                widget=forms.HiddenInput,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for key in DEFAULTS:
            names = (f"{key}-most", f"{key}-minutes")
            empty = [name for name in names if cleaned.get(name) is None]
            if len(empty) == 1 and empty[0] not in self.errors:
                self.add_error(
                    empty[0],
                    forms.ValidationError(
                        _("Enter both numbers, or leave both empty."), code="half"
                    ),
                )
        return cleaned

    def rows(self) -> list[dict[str, Any]]:
        """One for each limit: its words, inputs and the product's own numbers."""
        return [
            {
                "key": key,
                "what": what,
                "above": above,
                "most": self[f"{key}-most"],
                "minutes": self[f"{key}-minutes"],
                "based_on": self._hidden(key),
                "own": DEFAULTS[key].most,
                "own_minutes": _minutes(DEFAULTS[key].within),
            }
            for key, (what, above) in WORDS.items()
        ]

    def _hidden(self, key: str) -> BoundField:
        return self[f"{key}-based_on"]

    def wanted(self) -> dict[str, Ordinary | None]:
        """The limits by key, once the form is valid."""
        typed = self.cleaned_data
        return {
            key: None
            if typed[f"{key}-most"] is None
            else Ordinary(
                most=typed[f"{key}-most"],
                within=timedelta(minutes=typed[f"{key}-minutes"]),
            )
            for key in DEFAULTS
        }

    def based_on(self) -> dict[str, int | None]:
        """The versions that were read."""
        return {key: self.cleaned_data[f"{key}-based_on"] for key in DEFAULTS}
