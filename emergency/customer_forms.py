"""What staff type for the customer to read."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from emergency.models import Answer, Feedback, ServiceState
from emergency.passages.findings import NEXT_STEPS

LONGEST_NEXT_STEP = 2_000


class FeedbackForm(forms.Form):
    """The qualified feedback: network, every service of every server, application, what
    happens next, as chosen sentences in the customer's ``language`` and in own words. A
    service that nobody has looked at is left out."""

    network = forms.ChoiceField(
        label=_("Network"), choices=Feedback.Network.choices, widget=forms.RadioSelect
    )
    application_ruled_out = forms.ChoiceField(
        label=_("Is an application issue ruled out?"),
        choices=Feedback.RuledOut.choices,
        widget=forms.RadioSelect,
    )
    sentences = forms.MultipleChoiceField(
        label=_("What happens next"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    next_step = forms.CharField(
        label=_("What happens next, in own words"),
        required=False,
        max_length=LONGEST_NEXT_STEP,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer reads this. Two sentences are enough."),
    )

    def __init__(
        self, *args: Any, servers: Sequence[str], language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        with override(language):
            self.words = {one.key: one.words({}) for one in NEXT_STEPS}
        chosen = self.fields["sentences"]
        chosen.choices = list(self.words.items())  # type: ignore[attr-defined]
        chosen.widget.attrs["lang"] = self.fields["next_step"].widget.attrs["lang"] = (
            language
        )
        self.servers = list(dict.fromkeys(servers)) or [""]
        choices = [("", _("not looked at")), *ServiceState.State.choices]
        for place, server in enumerate(self.servers):
            for service, label in ServiceState.Service.choices:
                words = {"service": label, "server": server or "–"}
                self.fields[f"service_{place}_{service}"] = forms.ChoiceField(
                    label=_("%(service)s on %(server)s") % words,
                    choices=choices,
                    required=False,
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("sentences") and not cleaned.get("next_step"):
            self.add_error(
                "next_step",
                forms.ValidationError(
                    _("Choose a sentence, or say it in own words."), code="required"
                ),
            )
        return cleaned

    def says_next(self) -> str:
        """The chosen sentences and the own words, once the form is valid."""
        chosen = [self.words[key] for key in self.cleaned_data["sentences"]]
        return " ".join(filter(None, [*chosen, self.cleaned_data["next_step"]]))

    def judged(self) -> Iterator[tuple[str, str, str]]:
        """Server, service and state of what was looked at, once the form is valid."""
        for place, server in enumerate(self.servers):
            for service in ServiceState.Service.values:
                state = self.cleaned_data[f"service_{place}_{service}"]
                if state:
                    yield server, service, state

    def services(self) -> list[forms.BoundField]:
        """The inputs about services, in their order."""
        return [self[name] for name in self.fields if name.startswith("service_")]


class BeyondLimitForm(forms.Form):
    """Up to which gross amount the customer is asked to agree."""

    gross = forms.DecimalField(
        label=_("Up to which amount, including VAT?"),
        localize=True,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class SpokenAnswerForm(forms.Form):
    """What the customer answered on the telephone, and who it was."""

    verdict = forms.ChoiceField(
        label=_("Answer on the telephone"),
        choices=Answer.Verdict.choices,
        widget=forms.RadioSelect,
    )
    spoken_by = forms.CharField(
        label=_("Who said it?"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def prefilled(last: Feedback | None, servers: Sequence[str]) -> dict[str, Any]:
    """With what the findings begin: the last ones, or that nobody knows yet and the
    search goes on; two taps send that."""
    if last is None:
        return {
            "network": Feedback.Network.UNKNOWN,
            "application_ruled_out": Feedback.RuledOut.UNKNOWN,
            "sentences": [NEXT_STEPS[0].key],
        }
    places = {server: place for place, server in enumerate(dict.fromkeys(servers))}
    states = {
        f"service_{places[one.server_name]}_{one.service}": one.state
        for one in last.services.all()
        if one.server_name in places
    }
    return {
        "network": last.network,
        "application_ruled_out": last.application_ruled_out,
        "next_step": last.next_step,
        **states,
    }
