"""UBL 2.1 invoice and credit note for Peppol BIS Billing 3.0 and XRechnung 3.0.

Sources: Peppol BIS Billing 3.0; KoSIT, XRechnung 3.0. Both are the same EN 16931
document and differ in what they call themselves and in what they insist on.
"""

from xml.etree.ElementTree import Element

from billing.documents.einvoice.xml import amount, iso, node, some, written
from billing.rules.en16931 import Invoice, Line, Party, Tax
from billing.rules.rounding import ZERO

PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd"
INVOICED_OBJECT = "130"


def peppol(invoice: Invoice) -> bytes:
    """The document as it travels in the Peppol network."""
    return _document(invoice, PEPPOL)


def xrechnung(invoice: Invoice) -> bytes:
    """The document for public customers in Germany."""
    return _document(invoice, XRECHNUNG)


def _document(invoice: Invoice, customization: str) -> bytes:
    kind = "CreditNote" if invoice.is_credit_note else "Invoice"
    return written(
        node(
            kind,
            node("cbc:CustomizationID", customization),
            node("cbc:ProfileID", PROCESS),
            node("cbc:ID", invoice.number),
            node("cbc:IssueDate", iso(invoice.issue_date)),
            some("cbc:DueDate", iso(invoice.due_date)),
            node(f"cbc:{kind}TypeCode", invoice.type_code),
            some("cbc:Note", invoice.note),
            node("cbc:DocumentCurrencyCode", invoice.currency),
            some("cbc:BuyerReference", invoice.buyer_reference),
            node(
                "cac:InvoicePeriod",
                node("cbc:StartDate", iso(invoice.supply_from)),
                node("cbc:EndDate", iso(invoice.supply_to)),
            ),
            *_references(invoice),
            node("cac:AccountingSupplierParty", _party(invoice.seller, invoice)),
            node("cac:AccountingCustomerParty", _party(invoice.buyer, invoice)),
            node(
                "cac:Delivery", node("cbc:ActualDeliveryDate", iso(invoice.supply_to))
            ),
            _means(invoice),
            some("cac:PaymentTerms", some("cbc:Note", invoice.payment.terms)),
            _tax(invoice.tax, invoice.currency),
            _totals(invoice),
            *(_line(line, kind, invoice) for line in invoice.lines),
            **{
                "xmlns": f"{NAMESPACE}:{kind}-2",
                "xmlns:cac": f"{NAMESPACE}:CommonAggregateComponents-2",
                "xmlns:cbc": f"{NAMESPACE}:CommonBasicComponents-2",
            },
        )
    )


def _references(invoice: Invoice) -> list[Element]:
    found = []
    if invoice.preceding:
        found.append(
            node(
                "cac:BillingReference",
                node(
                    "cac:InvoiceDocumentReference",
                    node("cbc:ID", invoice.preceding.number),
                    node("cbc:IssueDate", iso(invoice.preceding.issue_date)),
                ),
            )
        )
    if invoice.subject:
        found.append(
            node(
                "cac:AdditionalDocumentReference",
                node("cbc:ID", invoice.subject),
                node("cbc:DocumentTypeCode", INVOICED_OBJECT),
            )
        )
    return found


def _party(party: Party, invoice: Invoice) -> Element:
    street, more, *rest = (*party.street, "", "")
    return node(
        "cac:Party",
        node("cbc:EndpointID", party.endpoint.value, schemeID=party.endpoint.scheme)
        if party.endpoint
        else None,
        some("cac:PartyIdentification", some("cbc:ID", party.identifier)),
        node(
            "cac:PostalAddress",
            some("cbc:StreetName", street),
            some("cbc:AdditionalStreetName", more),
            some("cbc:CityName", party.city),
            some("cbc:PostalZone", party.postcode),
            some("cac:AddressLine", some("cbc:Line", ", ".join(filter(None, rest)))),
            node("cac:Country", node("cbc:IdentificationCode", party.country)),
        ),
        _scheme(party.vat_id if invoice.names_vat_ids else "", "VAT"),
        _scheme(party.tax_number, "TAX"),
        node(
            "cac:PartyLegalEntity",
            node("cbc:RegistrationName", party.name),
            some("cbc:CompanyID", party.register_number),
        ),
        some(
            "cac:Contact",
            some("cbc:Name", party.contact),
            some("cbc:Telephone", party.phone),
            some("cbc:ElectronicMail", party.email),
        ),
    )


def _scheme(number: str, scheme: str) -> Element | None:
    if not number:
        return None
    return node(
        "cac:PartyTaxScheme",
        node("cbc:CompanyID", number),
        node("cac:TaxScheme", node("cbc:ID", scheme)),
    )


def _means(invoice: Invoice) -> Element:
    payment = invoice.payment
    return node(
        "cac:PaymentMeans",
        node("cbc:PaymentMeansCode", payment.means),
        some("cbc:PaymentID", payment.reference),
        some(
            "cac:PayeeFinancialAccount",
            some("cbc:ID", payment.iban),
            some("cbc:Name", payment.holder),
            some("cac:FinancialInstitutionBranch", some("cbc:ID", payment.bic)),
        ),
    )


def _category(tax: Tax) -> Element:
    """BG-23; outside the scope of the tax the rate is zero, since BR-DE-14 of XRechnung
    wants one and nobody forbids it here."""
    return node(
        "cac:TaxCategory",
        node("cbc:ID", tax.category),
        node("cbc:Percent", amount(tax.rate or ZERO)),
        some("cbc:TaxExemptionReasonCode", tax.reason_code),
        some("cbc:TaxExemptionReason", tax.reason),
        _vat(),
    )


def _line_category(tax: Tax) -> Element:
    """BG-30; outside the scope of the tax a line has no rate (BR-O-05)."""
    return node(
        "cac:ClassifiedTaxCategory",
        node("cbc:ID", tax.category),
        node("cbc:Percent", amount(tax.rate)) if tax.rate is not None else None,
        _vat(),
    )


def _vat() -> Element:
    return node("cac:TaxScheme", node("cbc:ID", "VAT"))


def _tax(tax: Tax, currency: str) -> Element:
    return node(
        "cac:TaxTotal",
        node("cbc:TaxAmount", amount(tax.amount), currencyID=currency),
        node(
            "cac:TaxSubtotal",
            node("cbc:TaxableAmount", amount(tax.base), currencyID=currency),
            node("cbc:TaxAmount", amount(tax.amount), currencyID=currency),
            _category(tax),
        ),
    )


def _totals(invoice: Invoice) -> Element:
    totals = {
        "LineExtensionAmount": invoice.net,
        "TaxExclusiveAmount": invoice.net,
        "TaxInclusiveAmount": invoice.gross,
        "PayableAmount": invoice.gross,
    }
    return node(
        "cac:LegalMonetaryTotal",
        *(
            node(f"cbc:{name}", amount(value), currencyID=invoice.currency)
            for name, value in totals.items()
        ),
    )


def _line(line: Line, kind: str, invoice: Invoice) -> Element:
    quantity = "CreditedQuantity" if invoice.is_credit_note else "InvoicedQuantity"
    currency = invoice.currency
    return node(
        f"cac:{kind}Line",
        node("cbc:ID", str(line.position)),
        node(f"cbc:{quantity}", str(line.quantity), unitCode=line.unit),
        node("cbc:LineExtensionAmount", amount(line.net), currencyID=currency),
        node(
            "cac:Item",
            some("cbc:Description", line.description),
            node("cbc:Name", line.name),
            _line_category(invoice.tax),
        ),
        node(
            "cac:Price",
            node("cbc:PriceAmount", amount(line.price), currencyID=currency),
            node("cbc:BaseQuantity", str(line.per), unitCode=line.unit)
            if line.per != 1
            else None,
        ),
    )
