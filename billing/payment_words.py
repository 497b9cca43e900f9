"""What payments and open items are called, in the active language."""

from django.utils.translation import gettext as _


def age(code: str) -> str:
    """The column of open amounts with this age."""
    titles = {
        "not_due": _("Not due"),
        "to_30": _("0–30 days"),
        "to_60": _("31–60 days"),
        "to_90": _("61–90 days"),
        "over_90": _("Over 90 days"),
    }
    return titles.get(code, code)


def match_reason(code: str) -> str:
    """What speaks for a match, or against it."""
    texts = {
        "number": _("names the document"),
        "partial": _("pays a part"),
        "overpaid": _("is more than is open"),
        "difference": _("small difference or bank charges"),
        "several_accounts": _("names documents of several accounts"),
        "already_paid": _("names what is paid already"),
        "iban": _("this IBAN has paid for the account before"),
        "amount": _("the amount fits"),
        "returned": _("a payment that came back"),
        "other_currency": _("another currency"),
    }
    return texts.get(code, code)
