"""Why an action did nothing."""

from collections.abc import Callable

from django.utils.translation import gettext as _


class BillingRefusal(Exception):
    """Nothing was changed. ``code`` is stable; ``str()`` says why in the active
    language."""

    def __init__(self, code: str, **values: str) -> None:
        self.code = code
        self.values = values
        super().__init__(code)

    def __str__(self) -> str:
        return reason(self.code) % self.values


REASONS: dict[str, Callable[[], str]] = {
    "not_draft": lambda: _("This document is no longer a draft."),
    "not_approved": lambda: _("Only an approved document can be issued."),
    "not_issued": lambda: _("Only an issued invoice can be corrected."),
    "held": lambda: _("There are still open holds."),
    "hold_not_releasable": lambda: _(
        "This hold ends by itself as soon as the missing facts are entered."
    ),
    "why_missing": lambda: _("Say why the hold may be released."),
    "nothing_to_credit": lambda: _("Nothing is left to be credited."),
    "line_not_open": lambda: _("One of these lines is already credited."),
    "renderer_missing": lambda: _(
        "The PDF cannot be made here: WeasyPrint's system libraries are missing. "
        "The document waits and is issued as soon as they are installed."
    ),
    "issuer_incomplete": lambda: _(
        "The issuer's details are incomplete. Fill them in, then issue."
    ),
    "date_before_last_number": lambda: _(
        "A later document already has a number; numbers follow the date."
    ),
    "einvoice_incomplete": lambda: _(
        "The electronic invoice that this account wants lacks facts. Fill in the "
        "account's billing profile and the issuer, then issue."
    ),
    "contradicts_itself": lambda: _(
        "The amounts or dates of this document contradict each other. Nothing was "
        "numbered; the log says where."
    ),
    "issue_failed": lambda: _(
        "Issuing failed. Nothing was numbered; the log says why."
    ),
    "address_missing": lambda: _("The account has no e-mail address for invoices."),
    "transmission_open": lambda: _("A transmission is already on its way."),
    "nothing_chosen": lambda: _("Choose at least one document."),
    "too_many_chosen": lambda: _("A batch takes at most %(most)s documents."),
    "document_gone": lambda: _("Nothing is to be charged any more; the draft is gone."),
    "batch_failed": lambda: _("This document failed; the log says why."),
    "no_objection": lambda: _("Nobody objects to this document."),
    "text_missing": lambda: _("Write what the customer is to read."),
    "changed": lambda: _("Somebody else was faster. Please look again."),
}


def reason(code: str) -> str:
    """The sentence for a code; an unknown code stays as it is."""
    words = REASONS.get(code)
    return words() if words else code
