"""ebInterface 6.1, the Austrian XML invoice that federal authorities take.

Source: AUSTRIAPRO, ebInterface 6.1 (schema and documentation of June 2022). It is no
EN 16931 syntax: it names VAT ids in every case, `00000000` where there is none.
"""

from xml.etree.ElementTree import Element

from billing.documents.einvoice.xml import amount, iso, node, some, written
from billing.rules.en16931 import Invoice, Line, Party, Tax
from billing.rules.rounding import ZERO

NAMESPACE = "http://www.ebinterface.at/schema/6p1/"
NO_VAT_ID = "00000000"
SYSTEM = "Emergency support"


def ebinterface(invoice: Invoice) -> bytes:
    """The document as ebInterface 6.1; a credit note is a CreditMemo with positive
    amounts that names its invoice."""
    return written(
        node(
            "Invoice",
            node("InvoiceNumber", invoice.number),
            node("InvoiceDate", iso(invoice.issue_date)),
            _related(invoice),
            _delivery(invoice),
            _biller(invoice),
            _recipient(invoice),
            node(
                "Details",
                node("ItemList", *(_line(line, invoice.tax) for line in invoice.lines)),
            ),
            node("Tax", _tax(invoice.tax)),
            node("TotalGrossAmount", amount(invoice.gross)),
            node("PayableAmount", amount(invoice.gross)),
            _payment(invoice),
            some(
                "PaymentConditions",
                some("DueDate", iso(invoice.due_date)),
                some("Comment", invoice.payment.terms),
            ),
            some("Comment", invoice.note),
            xmlns=NAMESPACE,
            GeneratingSystem=SYSTEM,
            DocumentType="CreditMemo" if invoice.is_credit_note else "Invoice",
            InvoiceCurrency=invoice.currency,
            DocumentTitle=invoice.title,
            Language=invoice.language,
        )
    )


def _related(invoice: Invoice) -> Element | None:
    if invoice.preceding is None:
        return None
    return node(
        "RelatedDocument",
        node("InvoiceNumber", invoice.preceding.number),
        node("InvoiceDate", iso(invoice.preceding.issue_date)),
        node("DocumentType", "Invoice"),
    )


def _delivery(invoice: Invoice) -> Element:
    start, end = iso(invoice.supply_from), iso(invoice.supply_to)
    if start == end:
        return node("Delivery", node("Date", end))
    return node(
        "Delivery", node("Period", node("FromDate", start), node("ToDate", end))
    )


def _biller(invoice: Invoice) -> Element:
    seller = invoice.seller
    return node(
        "Biller",
        node("VATIdentificationNumber", seller.vat_id or NO_VAT_ID),
        node("FurtherIdentification", seller.register_number, IdentificationType="FN")
        if seller.register_number
        else None,
        _address(seller),
        some("InvoiceRecipientsBillerID", seller.identifier),
    )


def _recipient(invoice: Invoice) -> Element:
    buyer = invoice.buyer
    return node(
        "InvoiceRecipient",
        node("VATIdentificationNumber", buyer.vat_id or NO_VAT_ID),
        some("OrderReference", some("OrderID", invoice.buyer_reference)),
        _address(buyer),
        some("BillersInvoiceRecipientID", buyer.identifier),
    )


def _address(party: Party) -> Element:
    return node(
        "Address",
        node("Name", party.name),
        some("Street", ", ".join(party.street)),
        node("Town", party.city),
        node("ZIP", party.postcode),
        node("Country", party.country, CountryCode=party.country),
        some("Phone", party.phone),
        some("Email", party.email),
    )


def _line(line: Line, tax: Tax) -> Element:
    return node(
        "ListLineItem",
        node("PositionNumber", str(line.position)),
        node("Description", line.name),
        some("Description", line.description),
        node("Quantity", str(line.quantity), Unit=line.unit),
        node("UnitPrice", amount(line.price), BaseQuantity=str(line.per)),
        node(
            "TaxItem",
            node("TaxableAmount", amount(line.net)),
            _rate(tax),
        ),
        node("LineItemAmount", amount(line.net)),
    )


def _tax(tax: Tax) -> Element:
    return node(
        "TaxItem",
        node("TaxableAmount", amount(tax.base)),
        _rate(tax),
        node("TaxAmount", amount(tax.amount)),
        some("Comment", tax.reason),
    )


def _rate(tax: Tax) -> Element:
    return node("TaxPercent", amount(tax.rate or ZERO), TaxCategoryCode=tax.category)


def _payment(invoice: Invoice) -> Element:
    payment = invoice.payment
    if not payment.iban:
        return node("PaymentMethod", node("NoPayment"))
    return node(
        "PaymentMethod",
        node(
            "UniversalBankTransaction",
            node(
                "BeneficiaryAccount",
                some("BIC", payment.bic),
                node("IBAN", payment.iban),
                some("BankAccountOwner", payment.holder[:70]),
            ),
            some("PaymentReference", payment.reference[:35]),
        ),
    )
