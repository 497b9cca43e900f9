"""The electronic forms of a document on its way to being issued."""

import logging

from billing.actions.refusal import BillingRefusal
from billing.documents.einvoice.formats import write_einvoice
from billing.documents.einvoice.view import einvoice_view
from billing.models import Document
from billing.rules.einvoice import Format, lacking
from billing.rules.en16931 import contradictions

logger = logging.getLogger(__name__)


def electronic_forms(document: Document) -> dict[Format, bytes]:
    """Factur-X for everybody whom the document names, and what the recipient asks for.

    Raises BillingRefusal where the document contradicts itself, since no receiver's
    check would notice, and where a format lacks something its receivers insist on.
    """
    invoice = einvoice_view(document)
    wrong = contradictions(invoice)
    if wrong:
        logger.error("document %s: %s", document.pk, "; ".join(wrong))
        raise BillingRefusal("contradicts_itself")
    asked_for = document.recipient.get("einvoice_kinds", [])
    wanted = [Format(kind) for kind in asked_for]
    if not lacking(Format.FACTUR_X, invoice):
        wanted.insert(0, Format.FACTUR_X)
    for form in wanted:
        missing = lacking(form, invoice)
        if missing:
            logger.warning(
                "document %s lacks for %s: %s", document.pk, form, ", ".join(missing)
            )
            raise BillingRefusal("einvoice_incomplete")
    return {form: write_einvoice(form, invoice) for form in wanted}
