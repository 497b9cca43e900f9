"""Why an action did nothing."""

from collections.abc import Callable

from django.utils.translation import gettext as _

# After these an approved document is a draft again: a person has to look once more.
RETURNS = frozenset({"held", "lines_changed"})


class BillingRefusal(Exception):
    """Nothing was changed. ``code`` is stable; ``str()`` says why in the active
    language."""

    def __init__(self, code: str, **values: str) -> None:
        self.code = code
        self.values = values
        super().__init__(code)

    @property
    def field(self) -> str:
        """The field that is to blame; empty where it is none of them."""
        return self.values.get("field", "")

    def __str__(self) -> str:
        return reason(self.code) % self.values


REASONS: dict[str, Callable[[], str]] = {
    "not_draft": lambda: _("This document is no longer a draft."),
    "not_approved": lambda: _("Only an approved document can be issued."),
    "not_waiting": lambda: _("This document no longer waits to leave."),
    "taken_back": lambda: _("The approval of one of its emergencies was taken back."),
    "not_issued": lambda: _("Only an issued invoice can be corrected."),
    "gathered": lambda: _(
        "This account gets one invoice a month; this emergency goes into it."
    ),
    "taken_apart": lambda: _(
        "The billing system gets every emergency by itself; this collective invoice is "
        "taken apart within a minute."
    ),
    "held": lambda: _("There are still open holds."),
    "lines_changed": lambda: _(
        "The lines are no longer those that were approved. Please look again."
    ),
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
    "vat_id_invalid": lambda: _("%(field)s: no VAT id of this country looks like it."),
    "iban_invalid": lambda: _("%(field)s: this IBAN has a typing error."),
    "country_unknown": lambda: _("%(field)s: there is no such country."),
    "unknown_value": lambda: _("%(field)s: this is none of the choices."),
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
    "series_busy": lambda: _(
        "Another document was being numbered. This one is tried again by itself."
    ),
    "issue_failed": lambda: _(
        "Issuing failed. Nothing was numbered; the log says why."
    ),
    "card_not_in_future": lambda: _("A rate card begins in the future only."),
    "card_date_taken": lambda: _("Another rate card begins at this time."),
    "no_card_then": lambda: _("No rate card held on that day yet."),
    "address_missing": lambda: _("The account has no e-mail address for invoices."),
    "hand_over_failed": lambda: _(
        "Handing over failed. Nothing has left; the log says why."
    ),
    "nowhere_to_send": lambda: _("No other system is set up to be sent to."),
    "address_invalid": lambda: _("%(field)s: this is no e-mail address."),
    "how_missing": lambda: _("Say in which way it went."),
    "not_sent": lambda: _("Only an e-mail that was sent can come back."),
    "transmission_open": lambda: _("A transmission is already on its way."),
    "nothing_chosen": lambda: _("Choose at least one document."),
    "too_many_chosen": lambda: _("A batch takes at most %(most)s documents."),
    "document_gone": lambda: _("Nothing is to be charged any more; the draft is gone."),
    "nothing_due": lambda: _(
        "Nothing is to be charged any more; the draft goes within a minute."
    ),
    "batch_failed": lambda: _("This document failed; the log says why."),
    "no_objection": lambda: _("Nobody objects to this document."),
    "text_missing": lambda: _("Write what the customer is to read."),
    "export_changed": lambda: _(
        "The documents are others than you have seen. Please look at the preview again."
    ),
    "not_issued_yet": lambda: _("Only an issued document can be paid."),
    "nothing_open": lambda: _("Nothing of this document is open."),
    "paid_beyond": lambda: _(
        "%(number)s would be paid with more than it asks for. Take back first what was"
        " booked on it later."
    ),
    "paid_in_future": lambda: _("A payment cannot be from a day to come."),
    "parts_do_not_add_up": lambda: _("The parts do not add up to the payment."),
    "account_missing": lambda: _(
        "Something is left over. Say which account keeps it as a credit."
    ),
    "undo_why_missing": lambda: _("Say why it is taken back."),
    "not_undoable": lambda: _("This booking is taken back already, or cannot be."),
    "no_credit": lambda: _("There is no credit, or nothing that it could pay."),
    "entry_not_open": lambda: _("This bank entry is booked or set aside already."),
    "no_such_document": lambda: _("No open document has the number %(number)s."),
    "no_such_account": lambda: _("There is no account %(number)s."),
    "other_currency": lambda: _(
        "The entry is in %(currency)s; documents here are in euro."
    ),
    "nothing_to_book": lambda: _("Nothing fits this bank entry. Name the documents."),
    "aside_why_missing": lambda: _("Say why it is none of ours."),
    "bank_file_too_large": lambda: _("The file is larger than %(most)s MB."),
    "bank_file_unreadable": lambda: _(
        "This is no bank file that can be read: %(problem)s"
    ),
    "changed": lambda: _("Somebody else was faster. Please look again."),
}


def reason(code: str) -> str:
    """The sentence for a code; an unknown code stays as it is."""
    words = REASONS.get(code)
    return words() if words else code
