"""What staff type while a caller reports an emergency."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from emergency.forms import ReportForm
from emergency.models import Consent
from emergency.rules.customer_kind import BUSINESSES_ONLY, CONSUMER, ordered_as

# What is typed here beside the inputs of the customers' form.
OWN = ("spoken_language", "rung_by", "no_email")

_LABELS = {
    "second_number": _("A second number, if we do not reach the first"),
    "reporter_name": _("Name of the caller"),
    "reporter_email": _("E-mail address of the caller"),
}
_ORDER = (
    *("spoken_language", "rung_by", "callback_number", "server_name"),
    *("server_unknown", "problem_description", "worked_before"),
    *("reproduction_steps", "recent_changes", "ordering_as", "reporter_name"),
    *("reporter_email", "no_email", "second_number", "second_name"),
)


class TelephoneForm(ReportForm):
    """The customers' form without its files, asked over the telephone in the order in
    which a line may break: first the number. ``sells_to`` is the operator's rule."""

    spoken_language = forms.ChoiceField(
        label=_("Language of the caller"), choices=settings.LANGUAGES
    )
    rung_by = forms.ChoiceField(
        label=_("Who called?"),
        choices=Consent.RungBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who called whom.")},
    )
    no_email = forms.BooleanField(
        label=_("The caller has no e-mail address: confirm by SMS"), required=False
    )

    def __init__(self, data: Any = None, *, sells_to: str, **kwargs: Any) -> None:
        super().__init__(data, asks_kind=sells_to != BUSINESSES_ONLY, **kwargs)
        self.sells_to = sells_to
        del self.fields["attachments"], self.fields["homepage"]
        for name, label in _LABELS.items():
            self.fields[name].label = label
        # This is not the browser of the person whose number and name it is.
        for name in ("callback_number", "reporter_name", "reporter_email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["callback_number"].help_text = _(
            "Read it back digit by digit on the next page."
        )
        self.fields["reporter_email"].help_text = _(
            "What was ordered is confirmed there in writing, before the work begins."
        )
        self.order_fields(_ORDER)

    @property
    def kind(self) -> str:
        """Whether the caller orders as a business or as a consumer."""
        said = self.cleaned_data.get("ordering_as", "")
        return ordered_as(sells_to=self.sells_to, account_kind="", said=said)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.kind == CONSUMER:
            self._clean_for_a_consumer(cleaned)
        return cleaned

    def _clean_for_a_consumer(self, cleaned: dict[str, Any]) -> None:
        """FAGG § 9 (2): whom we rang is bound in writing only. § 7 (3): what was agreed
        is confirmed on a durable medium."""
        if cleaned.get("rung_by") == Consent.RungBy.OPERATOR:
            self.add_error(
                "rung_by",
                forms.ValidationError(
                    _(
                        "A consumer whom we rang is bound by a written order only. Ask"
                        " them to use the form, or to ring us."
                    ),
                    code="consumer_was_rung",
                ),
            )
        written = cleaned.get("reporter_email") or "reporter_email" in self.errors
        if not written and not cleaned.get("no_email"):
            self.add_error(
                "reporter_email",
                forms.ValidationError(
                    _(
                        "A consumer gets a written confirmation. Ask for an e-mail"
                        " address, or tick that there is none."
                    ),
                    code="needed",
                ),
            )
