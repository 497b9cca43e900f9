"""Why an export cannot be made, in words."""

from collections.abc import Callable

from django.utils.translation import gettext as _

PROBLEMS: dict[str, Callable[[], str]] = {
    "nothing_selected": lambda: _("No issued document fits this filter."),
    "too_many_rows": lambda: _("Excel has no room for so many rows."),
    "sums_differ": lambda: _(
        "The tax rows of %(about)s do not come to its sums. Nothing was exported."
    ),
    "bytes_changed": lambda: _(
        "The stored PDF of %(about)s is not the one that was issued. Nothing was "
        "exported."
    ),
    "form_changed": lambda: _(
        "A stored e-invoice of %(about)s is not the one that was issued. Nothing was "
        "exported."
    ),
    "currency_unfit": lambda: _("%(about)s is not in euros."),
    "amount_too_large": lambda: _("The amount of %(about)s is too large for DATEV."),
    "number_unfit": lambda: _("DATEV does not take the number %(about)s."),
    "debtor_account_missing": lambda: _("The account for all customers is not set."),
    "debtor_account_unclear": lambda: _(
        "No customer account can be made of the account number %(about)s. "
        "Add an exception."
    ),
    "debtor_account_shared": lambda: _(
        "These customers would have one account in the books: %(about)s. Add an "
        "exception."
    ),
    "debtor_account_length": lambda: _(
        "DATEV wants customer accounts with one digit more than general accounts: "
        "%(about)s."
    ),
    "exception_unclear": lambda: _(
        "This line is not understood or stands twice: %(about)s"
    ),
    "bmd_account_missing": lambda: _(
        "The revenue account for tax category %(about)s is not set."
    ),
    "bmd_code_missing": lambda: _(
        "The tax code for tax category %(about)s is not set."
    ),
    "bmd_symbols_alike": lambda: _(
        "Where only the digits of the numbers are sent, credit notes need a symbol of "
        "their own: both have %(about)s."
    ),
    "column_unknown": lambda: _("This column is not known: %(about)s"),
    "column_twice": lambda: _("This column stands twice: %(about)s"),
    "column_missing": lambda: _("A booking needs these fields, too: %(about)s"),
    "datev_consultant_missing": lambda: _("The consultant number is not set."),
    "datev_client_missing": lambda: _("The client number is not set."),
    "datev_account_missing": lambda: _(
        "The revenue account for tax category %(about)s is not set."
    ),
    "datev_account_length": lambda: _(
        "This revenue account has more digits than general accounts: %(about)s."
    ),
    "datev_label_unclear": lambda: _(
        "DATEV takes letters, digits, spaces and . / - _ in the name of the batch: "
        "%(about)s."
    ),
    "datev_chart_unclear": lambda: _(
        "DATEV takes two or four digits as chart of accounts: %(about)s."
    ),
    "datev_key_unclear": lambda: _("This tax key is not understood: %(about)s."),
    "two_fiscal_years": lambda: _(
        "DATEV takes one fiscal year at a time; these documents are of more: %(about)s."
    ),
    "making_failed": lambda: _("Making the file failed. The log says why."),
}


def problem_words(code: str, about: str = "") -> str:
    """The sentence for a problem; an unknown code stays as it is."""
    words = PROBLEMS.get(code)
    return words() % {"about": about} if words else code
