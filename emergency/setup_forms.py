"""What is typed on the pages for imports, links, audit and figures."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.models import AuditEntry, LinkTemplate, Staff
from emergency.queries.audit import Asked
from emergency.rules.link_template import LONGEST
from emergency.sources.base import MOST_BYTES

# A drawing of more would have to be read with a glass.
MOST_MONTHS, USUAL_MONTHS = 36, 12
EARLIEST, LATEST = 1990, 2200


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


class MonthField(forms.Field):
    """A month, as its first day."""

    widget = forms.DateInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"), **kwargs
        )

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        wrong = forms.ValidationError(
            _("Write a month like this: 2026-03."), code="invalid"
        )
        try:
            month = date.fromisoformat(f"{str(value).strip()}-01")
        except ValueError as error:
            raise wrong from error
        if not EARLIEST <= month.year <= LATEST:
            raise wrong
        return month


class PeriodForm(forms.Form):
    """From which month to which. Without an answer: the twelve up to today's."""

    use_required_attribute = False

    since = MonthField(label=_("From"), required=False)
    until = MonthField(label=_("Until"), required=False)

    def __init__(self, data: Any, *, today: date) -> None:
        self.this_month = today.replace(day=1)
        self.usual = _months_before(self.this_month, USUAL_MONTHS - 1), self.this_month
        if not (data.get("since") or data.get("until")):
            names = ("since", "until")
            data = {n: f"{m:%Y-%m}" for n, m in zip(names, self.usual, strict=True)}
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        last = cleaned.get("until") or self.this_month
        first = cleaned.get("since") or _months_before(last, USUAL_MONTHS - 1)
        if first > last:
            self.add_error("until", _("The last month comes before the first."))
        elif _months(last) - _months(first) >= MOST_MONTHS:
            self.add_error(
                "since",
                forms.ValidationError(
                    _("Choose at most %(most)d months."),
                    code="too_many",
                    params={"most": MOST_MONTHS},
                ),
            )
        return {**cleaned, "since": first, "until": last}

    @property
    def period(self) -> tuple[date, date]:
        """The first days of the first and of the last month."""
        if self.is_valid():
            return self.cleaned_data["since"], self.cleaned_data["until"]
        return self.usual


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months_before(day: date, count: int) -> date:
    number = _months(day) - count
    return date(number // 12, number % 12 + 1, 1)
