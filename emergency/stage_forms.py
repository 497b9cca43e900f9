"""What the demo is called and costs: one form."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.fields import CleanedLine

LONGEST_NAME = 120


class BrandForm(forms.Form):
    """Name, picture and price of the hoster in the demo."""

    use_required_attribute = False

    name = CleanedLine(label=_("Name of the hoster"), max_length=LONGEST_NAME)
    logo_file = forms.FileField(
        label=_("New logo"),
        required=False,
        help_text=_(
            "PNG, JPEG or WebP, at most 200 kB. Without one, another name stands in"
            " letters."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    initial_fee = forms.DecimalField(
        label=_("Initial fee in euros, net"),
        min_value=Decimal(0),
        max_value=Decimal(9999),
        decimal_places=2,
    )
