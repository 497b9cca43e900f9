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
    "rate_in_the_past": lambda: _(
        "Documents have left with the rate of that day. Choose a later day."
    ),
    "mode_hand_over": lambda: _(
        "Documents are handed over to the billing system; nothing is issued here."
    ),
    "mode_issue": lambda: _("Documents are issued here; nothing is handed over."),
    "not_handed_over": lambda: _("This document has not been handed over."),
    "not_refused": lambda: _(
        "Only what the billing system has refused can be taken back."
    ),
    "number_missing": lambda: _("An invoiced document has a number. Please enter it."),
    "number_differs": lambda: _(
        "This document already has another number in the billing system."
    ),
    "answer_too_old": lambda: _("The billing system has already said more than that."),
    "nothing_to_export": lambda: _("Nothing waits for a file."),
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
    "hand_over_failed": lambda: _(
        "Handing over failed. Nothing has left; the log says why."
    ),
    "nowhere_to_send": lambda: _("No other system is set up to be sent to."),
    "transmission_open": lambda: _("A transmission is already on its way."),
    "changed": lambda: _("Somebody else was faster. Please look again."),
}


def reason(code: str) -> str:
    """The sentence for a code; an unknown code stays as it is."""
    words = REASONS.get(code)
    return words() if words else code
