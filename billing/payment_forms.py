"""Forms about payments, open items and reminders."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from billing.models import CsvMapping, Language, PaymentRules
from billing.rules.references import numbers_in
from billing.rules.reminder_texts import LEVELS
from billing.rules.reminding import PLACEHOLDERS, Level, unknown_places
from billing.sources.refusal import MOST_BYTES

CAMT = "camt"
MOST_LEVELS = 3
LONGEST_WAIT = 365


class PaidForm(forms.Form):
    """A payment that somebody has seen."""

    paid_on = forms.DateField(
        label=_("Paid on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Say on which day it was paid.")
        ),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["paid_on"].initial = today
        self.fields["paid_on"].widget.attrs["max"] = today.isoformat()


class WhyForm(forms.Form):
    why = forms.CharField(
        label=_("Why?"),
        max_length=500,
        error_messages={"required": _("Say why it is none of ours.")},
    )


class UndoForm(forms.Form):
    why = forms.CharField(
        label=_("Why is it taken back?"),
        max_length=500,
        error_messages={"required": _("Say why it is taken back.")},
    )


class BankFileField(forms.FileField):
    """A file that is small enough to be read whole."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                _("The file is larger than %(most)s MB."),
                params={"most": MOST_BYTES // 1024**2},
            )
        return file


class UploadForm(forms.Form):
    file = BankFileField(label=_("File of the bank"))
    form = forms.ChoiceField(label=_("Format"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        banks = [(str(m.pk), f"CSV {m.name}") for m in CsvMapping.objects.all()]
        choices = [(CAMT, _("camt.053 (XML)")), *banks]
        self.fields["form"].choices = choices  # type: ignore[attr-defined]

    @property
    def mapping(self) -> CsvMapping | None:
        """How to read it; None for camt.053."""
        chosen = self.cleaned_data["form"]
        return None if chosen == CAMT else CsvMapping.objects.filter(pk=chosen).first()


class HandForm(forms.Form):
    """Which documents an entry pays, and who keeps what is left."""

    numbers = forms.CharField(
        label=_("Document numbers"),
        help_text=_("As on the documents, with spaces between. Empty: all on account."),
        max_length=500,
        required=False,
    )
    account = forms.CharField(
        label=_("Account that keeps what is left over"),
        help_text=_("Empty: the account of the first document."),
        max_length=40,
        required=False,
    )

    def clean_numbers(self) -> list[str]:
        written = self.cleaned_data["numbers"]
        found = list(numbers_in(written))
        if written.strip() and not found:
            raise ValidationError(_("There is no document number in this."))
        return found


class MappingForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a bank's CSV files are read, with a file to try it on."""

    sample = BankFileField(
        label=_("A file to try it on"),
        help_text=_("It is shown and not imported."),
        required=False,
    )

    class Meta:
        model = CsvMapping
        fields = (
            *("name", "delimiter", "encoding", "skipped_lines", "day_form"),
            *("decimal_comma", "booked_on", "value_on", "amount", "currency"),
            *("text", "payer", "iban", "reference", "bank_reference"),
        )


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Matching, and the levels of reminders with their words in both languages."""

    class Meta:
        model = PaymentRules
        fields = (
            *("books_exact_matches", "tolerance", "sends_reminders"),
            "mentions_interest",
        )

    def __init__(self, *args: Any, levels: list[Level], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for place in range(MOST_LEVELS):
            level = levels[place] if place < len(levels) else None
            self._add_level(place, level)

    def _add_level(self, place: int, level: Level | None) -> None:
        self.fields[f"days_{place}"] = forms.IntegerField(
            label=_("Days after the due date")
            if place == 0
            else _("Days after the reminder before"),
            min_value=1,
            max_value=LONGEST_WAIT,
            initial=level.days if level else None,
            required=False,
        )
        for language, name in Language.choices:
            self.fields[f"subject_{place}_{language}"] = forms.CharField(
                label=_("Subject, %(language)s") % {"language": name},
                max_length=150,
                initial=level.subject[language] if level else "",
                required=False,
            )
            self.fields[f"text_{place}_{language}"] = forms.CharField(
                label=_("Text, %(language)s") % {"language": name},
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 8}),
                initial=level.text[language] if level else "",
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        used = [place for place in range(MOST_LEVELS) if cleaned.get(f"days_{place}")]
        if used != list(range(len(used))):
            self.add_error("days_0", _("Levels follow each other without a gap."))
        for place in used:
            for name in self._words_of(place):
                self._check_words(name, cleaned.get(name) or "")
        if cleaned.get("sends_reminders") and not used:
            self.add_error("days_0", _("Without a level there is nothing to send."))
        return cleaned

    def _check_words(self, name: str, text: str) -> None:
        if not text:
            self.add_error(name, _("Both languages need words."))
        elif unknown := unknown_places(text):
            self.add_error(
                name,
                _("Nothing is put in for %(names)s. Known: %(known)s.")
                % {"names": ", ".join(unknown), "known": ", ".join(PLACEHOLDERS)},
            )

    def _words_of(self, place: int) -> list[str]:
        return [
            f"{part}_{place}_{language}"
            for part in ("subject", "text")
            for language in Language.values
        ]

    @property
    def levels(self) -> list[dict[str, Any]]:
        """The levels for the row."""
        return [
            {
                "days": self.cleaned_data[f"days_{place}"],
                **{
                    part: {
                        language: self.cleaned_data[f"{part}_{place}_{language}"]
                        for language in Language.values
                    }
                    for part in ("subject", "text")
                },
            }
            for place in range(MOST_LEVELS)
            if self.cleaned_data.get(f"days_{place}")
        ]

    @property
    def values(self) -> dict[str, Any]:
        """A version of the settings."""
        own = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {**own, "levels": self.levels}

    @property
    def level_fields(self) -> list[list[forms.BoundField]]:
        """The fields of each level, for showing them together."""
        return [
            [self[f"days_{place}"], *(self[name] for name in self._words_of(place))]
            for place in range(MOST_LEVELS)
        ]


def proposed_levels(rules: PaymentRules) -> list[Level]:
    """What the form shows: what is set, or what is proposed."""
    return [Level(**level) for level in rules.levels] or list(LEVELS)
