"""Forms of the customer's pages. The names of the inputs are fixed from outside."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from emergency.fields import (
    CleanedEmail,
    CleanedLine,
    CleanedText,
    Files,
    SeveralFiles,
    Trap,
)
from emergency.passages.directory import passage_lazy
from emergency.rules.free_text import cleaned_line, named_apart
from emergency.rules.phone_number import (
    CallbackNumber,
    NumberRefused,
    Refusal,
    callback_number,
)

LONGEST_TEXT = 50_000
LONGEST_SERVER_NAME = 253
MOST_SERVERS = 20
LONGEST_NAME = 120
LONGEST_EMAIL = 254

# What the customer declares, by the values of its input.
WORKED_BEFORE = {"yes": True, "no": False}

NUMBER_REFUSALS = {
    Refusal.MISSING: _("Enter the number we should call."),
    Refusal.LETTERS: _(
        "The number contains letters. Enter digits only; leave notes out."
    ),
    Refusal.SIGNS: _(
        "The number contains signs that belong to no phone number. Enter digits only."
    ),
    Refusal.SEVERAL: _("Enter one number only. You can give us more when we call."),
    Refusal.TOO_SHORT: _("The number is too short. Enter it with its area code."),
    Refusal.TOO_LONG: _("The number is too long. Check it digit by digit."),
    Refusal.INVALID: _(
        "This number does not exist. Check it; for a number from another country begin"
        " with + and the country code."
    ),
    Refusal.PREMIUM: _("We cannot call premium-rate numbers. Enter another number."),
    Refusal.SHORT_NUMBER: _(
        "We cannot call short numbers. Enter your own mobile or landline number."
    ),
}


def _too_long(limit: int) -> dict[str, Any]:
    text = _("Shorten this to %(limit_value)d characters. You have %(show_value)d.")
    return {"max_length": text}


def _text(label: Any, *, hint: Any, required: bool, rows: int) -> CleanedText:
    return CleanedText(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": _("Describe what is not working, in a few words."),
            **_too_long(LONGEST_TEXT),
        },
    )


def _number(typed: str) -> CallbackNumber:
    """The number as it is dialled. Raises ValidationError with the reason."""
    try:
        return callback_number(typed, region=settings.PHONENUMBER_DEFAULT_REGION)
    except NumberRefused as error:
        raise forms.ValidationError(
            NUMBER_REFUSALS[error.refusal], code=error.refusal.value
        ) from error


class ServerNames(CleanedLine):
    """Names of servers, separated by commas."""

    def to_python(self, value: Any) -> str:
        return ", ".join(named_apart(str(value))) if value else ""

    def validate(self, value: str) -> None:
        super().validate(value)
        names = named_apart(value)
        if len(names) > MOST_SERVERS:
            raise forms.ValidationError(
                _("Name at most %(most)d servers; tell us of more when we call.")
                % {"most": MOST_SERVERS},
                code="too_many",
            )
        longest = max(names, key=len, default="")
        if len(longest) > LONGEST_SERVER_NAME:
            raise forms.ValidationError(
                _("Shorten “%(name)s…” to %(limit)d characters.")
                % {"name": longest[:20], "limit": LONGEST_SERVER_NAME},
                code="max_length",
            )


class ReportForm(forms.Form):
    """What the customer tells us. After validation ``dialled`` is the number to call,
    ``second`` the further one, or None.

    ``cleaned_data["server_name"]`` is empty when the customer does not know it; several
    names are separated by commas.
    """

    use_required_attribute = False

    server_name = ServerNames(
        label=passage_lazy("ask-server"),
        help_text=passage_lazy("ask-server-hint"),
        required=False,
        widget=forms.TextInput(
            # Without autocomplete="off": browsers would not fill such an input again
            # when somebody comes back.
            attrs={"autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    server_unknown = forms.BooleanField(label=_("I do not know"), required=False)
    worked_before = forms.ChoiceField(
        label=passage_lazy("ask-worked-before"),
        choices=[("yes", _("Yes")), ("no", _("No, it never worked"))],
        required=False,
        widget=forms.RadioSelect,
    )
    problem_description = _text(
        passage_lazy("ask-problem"),
        hint=passage_lazy("ask-problem-hint"),
        required=True,
        rows=4,
    )
    reproduction_steps = _text(
        passage_lazy("ask-steps"),
        hint=passage_lazy("ask-steps-hint"),
        required=False,
        rows=2,
    )
    recent_changes = _text(
        passage_lazy("ask-changes"),
        hint=passage_lazy("ask-changes-hint"),
        required=False,
        rows=2,
    )
    attachments = Files(
        label=_("Pictures and log files"),
        required=False,
        widget=SeveralFiles(attrs={"multiple": True}),
    )
    homepage = Trap(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    callback_number = forms.CharField(
        label=passage_lazy("ask-number"),
        help_text=passage_lazy("ask-number-hint"),
        # The form's own cleaning says what is wrong; the field only takes the text.
        required=False,
        strip=False,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}
        ),
    )
    second_number = forms.CharField(
        label=_("A second number, if we cannot reach the first"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr"}),
    )
    second_name = CleanedLine(
        label=_("Whose number is it?"),
        required=False,
        max_length=LONGEST_NAME,
        error_messages=_too_long(LONGEST_NAME),
    )
    ordering_as = forms.ChoiceField(
        label=_("Do you order as a business?"),
        help_text=_("Consumers have a right of withdrawal."),
        choices=[
            ("business", _("Yes, as a business")),
            ("consumer", _("No, privately")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    reporter_name = CleanedLine(
        label=passage_lazy("ask-name"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=_too_long(LONGEST_NAME),
    )

    reporter_email = CleanedEmail(
        label=passage_lazy("ask-email"),
        help_text=passage_lazy("ask-email-hint"),
        required=False,
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("Enter an address such as name@example.com, or leave it out."),
            **_too_long(LONGEST_EMAIL),
        },
    )

    def __init__(
        self, data: Any = None, *, asks_kind: bool = True, **kwargs: Any
    ) -> None:
        """``asks_kind`` False: it is known already who orders as what."""
        if data is not None:
            # The field's own check would answer a NUL with words that help nobody.
            data = data.copy()
            for name in ("callback_number", "second_number"):
                data[name] = (data.get(name) or "").replace("\x00", "")
        super().__init__(data, **kwargs)
        self.dialled = ""
        self.extension = ""
        self.second: CallbackNumber | None = None
        if not asks_kind:
            del self.fields["ordering_as"]

    def clean_callback_number(self) -> str:
        number = _number(self.cleaned_data.get("callback_number") or "")
        self.dialled = number.e164
        self.extension = number.extension
        return cleaned_line(number.typed)

    def clean_second_number(self) -> str:
        typed = self.cleaned_data.get("second_number") or ""
        if not typed.strip():
            return ""
        number = _number(typed)
        if (number.e164, number.extension) == (self.dialled, self.extension):
            raise forms.ValidationError(
                _("This is the first number again. Enter another one, or none."),
                code="same",
            )
        self.second = number
        return cleaned_line(number.typed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = bool(cleaned.get("server_name")) or "server_name" in self.errors
        if not named and not cleaned.get("server_unknown"):
            self.add_error(
                "server_name",
                forms.ValidationError(
                    _("Name the server, or tick “I do not know”."), code="required"
                ),
            )
        return cleaned
