"""The writer of each electronic format."""

from collections.abc import Callable, Mapping

from billing.documents.einvoice.cii import cross_industry_invoice
from billing.documents.einvoice.ebinterface import ebinterface
from billing.documents.einvoice.ubl import peppol, xrechnung
from billing.rules.einvoice import Format
from billing.rules.en16931 import Invoice

WRITERS: Mapping[Format, Callable[[Invoice], bytes]] = {
    Format.FACTUR_X: cross_industry_invoice,
    Format.PEPPOL: peppol,
    Format.XRECHNUNG: xrechnung,
    Format.EBINTERFACE: ebinterface,
}


def write_einvoice(form: Format, invoice: Invoice) -> bytes:
    """The bytes of the document in this format; the same facts give the same bytes."""
    return WRITERS[form](invoice)
