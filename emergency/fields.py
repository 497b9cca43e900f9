"""Fields of the customer's forms: nothing is cut off, nothing invisible stays."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.rules.free_text import cleaned_line, cleaned_text


class NeverCutOff(forms.CharField):
    """Too long a text is refused with words; a maxlength attribute would make browsers
    cut off a pasted log without any."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class CleanedLine(NeverCutOff):
    """One line without invisible signs."""

    def to_python(self, value: Any) -> str:
        return cleaned_line(str(value)) if value else ""


class CleanedEmail(NeverCutOff, forms.EmailField):
    """An e-mail address without invisible signs."""

    def to_python(self, value: Any) -> str:
        return cleaned_line(str(value)) if value else ""


class CleanedText(NeverCutOff):
    """Text of several lines without invisible signs."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return cleaned_text(str(value)) if value else ""


class SeveralFiles(forms.FileInput):
    """An input for any number of files."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Files that are judged one by one elsewhere: here nothing is wrong with them."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return data if isinstance(data, list) else []


class Trap(forms.CharField):
    """An input that people neither see nor fill in. A robot's form is not sent on; a
    person whose browser filled it sees it with the error, and empties it."""

    def validate(self, value: Any) -> None:
        if value:
            raise forms.ValidationError(
                _("Empty this field. It is there to catch robots."), code="filled"
            )
