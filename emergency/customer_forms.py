"""What staff type for the customer to read."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.models import Answer, Feedback, ServiceState

LONGEST_NEXT_STEP = 2_000


class FeedbackForm(forms.Form):
    """The qualified feedback: network, every service of every server, application, what
    happens next. A service that nobody has looked at is left out."""

    network = forms.ChoiceField(
        label=_("Network"), choices=Feedback.Network.choices, widget=forms.RadioSelect
    )
    application_ruled_out = forms.ChoiceField(
        label=_("Is an application issue ruled out?"),
        choices=Feedback.RuledOut.choices,
        widget=forms.RadioSelect,
    )
    next_step = forms.CharField(
        label=_("What happens next"),
        max_length=LONGEST_NEXT_STEP,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer reads this. Two sentences are enough."),
    )

    def __init__(self, *args: Any, servers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
