"""What is typed on the pages for imports, links and the audit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.models import AuditEntry, LinkTemplate, Staff
from emergency.queries.audit import Asked
from emergency.rules.link_template import LONGEST
from emergency.sources.base import MOST_BYTES


class ListForm(forms.Form):
    """A list of accounts and servers."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("List (CSV or JSON)"),
        help_text=_("At most 20 MB. Nothing is changed before you confirm."),
        widget=forms.FileInput(attrs={"accept": ".csv,.json"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another one."),
        },
    )
    partial = forms.BooleanField(
        label=_("This is only a part: retire nothing that it does not name"),
        required=False,
    )

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(_("The list is larger than 20 MB."))
        return given


class LinksForm(forms.Form):
    """The three templates, each with the version that it was read from."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, rows: dict[str, LinkTemplate], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in LinkTemplate.Kind.choices:
            row = rows.get(kind)
            self.fields[kind] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST,
                initial=row.template if row else "",
                widget=forms.URLInput(attrs={"placeholder": "https://"}),
            )
            self.fields[f"{kind}_based_on"] = forms.IntegerField(
                required=False,
                widget=forms.HiddenInput,
                initial=row.pk if row else None,
            )

    @property
    def templates(self) -> dict[str, str]:
        return {k: self.cleaned_data[k] for k in LinkTemplate.Kind.values}

    @property
    def based_on(self) -> dict[str, int | None]:
        return {k: self.cleaned_data[f"{k}_based_on"] for k in LinkTemplate.Kind.values}


class AuditForm(forms.Form):
    """What is looked for in the audit."""

    use_required_attribute = False

    area = forms.ChoiceField(label=_("Area"), required=False)
    staff = forms.ModelChoiceField(
        label=_("Person"),
        queryset=Staff.objects.order_by("full_name", "pk"),
        required=False,
        empty_label=_("Everybody"),
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    words = forms.CharField(
        label=_("Number, name or deed"), required=False, max_length=100
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)  # noqa: S101 - declared above
        area.choices = [("", _("Everything")), *AuditEntry.Area.choices]

    @property
    def asked(self) -> Asked:
        """What was asked for; what cannot be read asks for nothing."""
        self.is_valid()
        given = self.cleaned_data
        person = given.get("staff")
        return Asked(
            area=given.get("area") or "",
            staff=person.pk if person else None,
            since=given.get("since"),
            until=given.get("until"),
            words=(given.get("words") or "").strip(),
        )
