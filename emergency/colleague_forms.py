"""What an administrator types about a colleague."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from emergency.actions.colleague_accounts import Person
from emergency.models import Role, Staff

# Auditors have an end, and a page of their own.
ROLES = [(role.value, role.label) for role in Role if role != Role.AUDITOR]


class PersonForm(forms.Form):
    """Name, role, language, and the first name of somebody who can be paged."""

    use_required_attribute = False

    full_name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    first_name = forms.CharField(
        label=_("First name, for whom can be paged"),
        required=False,
        max_length=60,
        help_text=_(
            "Customers read it. Leave it empty for somebody who is never on call."
        ),
    )

    @property
    def person(self) -> Person:
        """What was typed, once the form is valid."""
        names = ("full_name", "role", "language", "first_name")
        return Person(**{name: self.cleaned_data[name] for name in names})


class NewPersonForm(PersonForm):
    """The same with the address by which they sign in, which never changes."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("They sign in with it."),
    )
    field_order = ("full_name", "email")


class KnownPersonForm(PersonForm):
    """The same about somebody who is here already."""

    may_sign_in = forms.BooleanField(
        label=_("May sign in and be paged"), required=False
    )

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        technician = getattr(staff, "technician", None)
        kwargs["initial"] = {
            "full_name": staff.full_name,
            "role": staff.role,
            "language": staff.language,
            "first_name": technician.first_name if technician else "",
            "may_sign_in": staff.is_active,
        }
        super().__init__(*args, **kwargs)
        if technician is not None:
            self.fields["first_name"].required = True
            self.fields["first_name"].help_text = _("Customers read it.")
