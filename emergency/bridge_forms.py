"""What a technician chooses before a call over the bridge."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.queries.bridge import BridgeView


class BridgeForm(forms.Form):
    """Whom the bridge calls, and which telephone of one's own it rings before. Each is
    asked where there is a choice."""

    def __init__(self, *args: Any, view: BridgeView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [*view.numbers.to_call]
        # Of the numbers on file one is called from beside its person's name.
        wanted = self.data.get("number")
        if wanted in view.numbers.on_file and wanted not in numbers:
            numbers.append(wanted)
        if len(numbers) > 1:
            self.fields["number"] = forms.ChoiceField(
                label=_("Number to call"), choices=[(n, n) for n in numbers]
            )
        if len(view.telephones) > 1:
            self.fields["method"] = forms.TypedChoiceField(
                label=_("Your telephone"),
                choices=[(str(one.pk), one.address) for one in view.telephones],
                coerce=int,
            )

    def method_id(self) -> int | None:
        """The chosen telephone; None for the first."""
        chosen: int | None = self.cleaned_data.get("method")
        return chosen
