"""What customers type to sign in, and what staff set of an account."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from emergency.models import Account

LONGEST_NUMBER = 32
LONGEST_PIN = 32


class LinkForm(forms.Form):
    """The address that gets a sign-in link."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter the e-mail address that we have on file."),
            "invalid": _("Enter an e-mail address like name@example.com."),
        },
    )


class PinForm(forms.Form):
    """An account number and its support PIN."""

    use_required_attribute = False

    account_number = forms.CharField(
        label=_("Account number"),
        help_text=_("It stands on every invoice."),
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Enter your account number.")},
    )
    pin = forms.CharField(
        label=_("Support PIN"),
        help_text=_("Eight digits; blanks do not matter."),
        max_length=LONGEST_PIN,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "inputmode": "numeric"}
        ),
        error_messages={"required": _("Enter the support PIN.")},
    )


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the customers' pages need to know of an account."""

    use_required_attribute = False

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = Account
        fields = ("kind", "language")
        help_texts = {
            "kind": _(
                "Consumers have a right of withdrawal. Whoever is not known is treated"
                " as one."
            )
        }
