"""What is typed about an escalation policy and its steps."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.models import (
    ContactMethod,
    EscalationPolicy,
    EscalationStep,
    Schedule,
    Technician,
)
from emergency.roster_forms import people

MINUTES = {
    "quiet_after_acknowledgement": _("Minutes without a reminder after the taking"),
    "repage_after": _("Minutes after the report until everybody is paged again"),
    "late_reminder_every": _("Minutes between reminders after a missed deadline"),
    "idle_after": _("Minutes without activity until the owner is asked"),
}


class PolicyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    is_default = forms.BooleanField(label=_("Used for new incidents"), required=False)
    duty_manager = forms.ModelChoiceField(
        label=_("Duty manager"),
        queryset=Technician.objects.none(),
        required=False,
        empty_label="–",
    )
    owner = forms.ModelChoiceField(
        label=_("Plan owner"),
        queryset=Technician.objects.none(),
        required=False,
        empty_label="–",
        help_text=_("Paged when all steps were in vain, before everybody is."),
    )
    rounds = forms.IntegerField(
        label=_("How often the steps are gone through"), min_value=1, max_value=20
    )
    silence = forms.IntegerField(
        label=_("Seconds without an answer until the next way is tried"),
        min_value=20,
        max_value=600,
    )
    reminders = forms.CharField(
        label=_("Reminders of the callback, in minutes after the report"),
        required=False,
        max_length=80,
        help_text=_("As in 10, 15."),
    )
    attempts_needed = forms.IntegerField(
        label=_("Calls that keep the promise when the customer does not answer"),
        min_value=1,
        max_value=20,
    )
    quiet_after_acknowledgement = forms.IntegerField(min_value=0, max_value=120)
    repage_after = forms.IntegerField(min_value=1, max_value=240)
    late_reminder_every = forms.IntegerField(min_value=1, max_value=240)
    idle_after = forms.IntegerField(min_value=1, max_value=1440)

    def __init__(
        self, *args: Any, policy: EscalationPolicy | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        for name, label in MINUTES.items():
            self.fields[name].label = label
        for name in ("duty_manager", "owner"):
            self.fields[name].queryset = people()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        same = EscalationPolicy.objects.filter(name=name)
        if self.policy is not None:
            same = same.exclude(pk=self.policy.pk)
        if same.exists():
            raise forms.ValidationError(_("Another policy has this name."))
        return name

    def clean_is_default(self) -> bool:
        wanted = bool(self.cleaned_data["is_default"])
        if self.policy is not None and self.policy.is_default and not wanted:
            raise forms.ValidationError(
                _("One policy must be used. Tick it at another one instead.")
            )
        return wanted

    def clean_reminders(self) -> list[int]:
        """Seconds after the report, in order."""
        words = str(self.cleaned_data["reminders"]).replace(",", " ").split()
        if not all(word.isdecimal() and 0 < int(word) <= 240 for word in words):
            raise forms.ValidationError(_("Write minutes like this: 10, 15."))
        return sorted({int(word) * 60 for word in words})

    @property
    def values(self) -> dict[str, Any]:
        """As the row keeps them, durations included."""
        durations = {
            name: timedelta(minutes=self.cleaned_data[name]) for name in MINUTES
        }
        silence = timedelta(seconds=self.cleaned_data["silence"])
        return {**self.cleaned_data, **durations, "silence": silence}


class StepForm(forms.Form):
    """One step; a row without a target is passed over."""

    order = forms.IntegerField(
        label=_("Place in the order"), min_value=1, max_value=99, required=False
    )
    target = forms.ChoiceField(
        label=_("Whom to page"),
        choices=[("", "–"), *EscalationStep.Target.choices],
        required=False,
    )
    schedule = forms.ModelChoiceField(
        label=_("of schedule"),
        queryset=Schedule.objects.none(),
        required=False,
        empty_label="–",
    )
    technician = forms.ModelChoiceField(
        label=_("Technician"),
        queryset=Technician.objects.none(),
        required=False,
        empty_label="–",
    )
    delay = forms.IntegerField(
        label=_("Minutes until the next step"),
        min_value=1,
        max_value=240,
        required=False,
    )
    channels = forms.MultipleChoiceField(
        label=_("only by"),
        choices=ContactMethod.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schedule, technician = self.fields["schedule"], self.fields["technician"]
        schedule.queryset = Schedule.objects.order_by("name")  # type: ignore[attr-defined]
        technician.queryset = people()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        target = cleaned.get("target")
        if not target:
            return cleaned
        if target == "schedule" and cleaned.get("schedule") is None:
            self.add_error("schedule", _("Choose a schedule."))
        if target == "technician" and cleaned.get("technician") is None:
            self.add_error("technician", _("Choose a person."))
        if cleaned.get("delay") is None and "delay" not in self.errors:
            self.add_error("delay", _("Say how many minutes."))
        return cleaned

    @property
    def values(self) -> dict[str, Any] | None:
        """As the row keeps it; None where no target was chosen."""
        if not self.cleaned_data.get("target"):
            return None
        target = self.cleaned_data["target"]
        return {
            "target": target,
            "schedule": self.cleaned_data["schedule"] if target == "schedule" else None,
            "technician": (
                self.cleaned_data["technician"] if target == "technician" else None
            ),
            "delay": timedelta(minutes=self.cleaned_data["delay"]),
            "channels": self.cleaned_data["channels"],
        }


StepFormSet = forms.formset_factory(StepForm, extra=0)


def steps_formset(data: Any, policy: EscalationPolicy | None) -> Any:
    """A row for each step and two empty ones."""
    steps = policy.steps.order_by("position") if policy is not None else []
    initial: list[dict[str, Any]] = [
        {
            "order": number,
            "target": step.target,
            "schedule": step.schedule_id,
            "technician": step.technician_id,
            "delay": int(step.delay.total_seconds() // 60),
            "channels": step.channels,
        }
        for number, step in enumerate(steps, start=1)
    ]
    return StepFormSet(data, initial=[*initial, {}, {}], prefix="steps")


def steps_of(formset: Any) -> list[dict[str, Any]]:
    """The steps of a valid formset in the order that was given."""
    forms_in_order = sorted(
        formset, key=lambda form: form.cleaned_data.get("order") or 99
    )
    return [form.values for form in forms_in_order if form.values is not None]


def policy_initial(policy: EscalationPolicy) -> dict[str, Any]:
    """Initial values that show the policy in its form."""
    minutes = {
        name: int(getattr(policy, name).total_seconds() // 60) for name in MINUTES
    }
    return {
        "name": policy.name,
        "is_default": policy.is_default,
        "duty_manager": policy.duty_manager_id,
        "owner": policy.owner_id,
        "rounds": policy.rounds,
        "silence": int(policy.silence.total_seconds()),
        "reminders": ", ".join(str(s // 60) for s in policy.reminders),
        "attempts_needed": policy.attempts_needed,
        **minutes,
    }
