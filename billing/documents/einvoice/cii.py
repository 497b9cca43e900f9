"""Factur-X / ZUGFeRD, profile EN 16931: the UN/CEFACT Cross Industry Invoice D22B.

Source: Factur-X 1.09 (ZUGFeRD 2.5), technical appendix.
"""

from datetime import date
from xml.etree.ElementTree import Element

from billing.documents.einvoice.xml import amount, node, some, written
from billing.rules.en16931 import Invoice, Line, Party, Tax

GUIDELINE = "urn:cen.eu:en16931:2017"
PREFIXES = {
    "xmlns:rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "xmlns:ram": "urn:un:unece:uncefact:data:standard:"
    "ReusableAggregateBusinessInformationEntity:100",
    "xmlns:qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "xmlns:udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
# UNTDID 1153: the object that is invoiced (BT-18).
INVOICED_OBJECT = "130"


def cross_industry_invoice(invoice: Invoice) -> bytes:
    """The document as the file `factur-x.xml`."""
    return written(
        node(
            "rsm:CrossIndustryInvoice",
            node(
                "rsm:ExchangedDocumentContext",
                node(
                    "ram:GuidelineSpecifiedDocumentContextParameter",
                    node("ram:ID", GUIDELINE),
                ),
            ),
            node(
                "rsm:ExchangedDocument",
                node("ram:ID", invoice.number),
                node("ram:TypeCode", invoice.type_code),
                _instant("ram:IssueDateTime", invoice.issue_date),
                some("ram:IncludedNote", some("ram:Content", invoice.note)),
            ),
            node(
                "rsm:SupplyChainTradeTransaction",
                *(_line(line, invoice.tax) for line in invoice.lines),
                _agreement(invoice),
                node(
                    "ram:ApplicableHeaderTradeDelivery",
                    node(
                        "ram:ActualDeliverySupplyChainEvent",
                        _instant("ram:OccurrenceDateTime", invoice.supply_to),
                    ),
                ),
                _settlement(invoice),
            ),
            **PREFIXES,
        )
    )


def _line(line: Line, tax: Tax) -> Element:
    per = (
        node("ram:BasisQuantity", str(line.per), unitCode=line.unit)
        if line.per != 1
        else None
    )
    return node(
        "ram:IncludedSupplyChainTradeLineItem",
        node(
            "ram:AssociatedDocumentLineDocument",
            node("ram:LineID", str(line.position)),
        ),
        node(
            "ram:SpecifiedTradeProduct",
            node("ram:Name", line.name),
            some("ram:Description", line.description),
        ),
        node(
            "ram:SpecifiedLineTradeAgreement",
            node(
                "ram:NetPriceProductTradePrice",
                node("ram:ChargeAmount", amount(line.price)),
                per,
            ),
        ),
        node(
            "ram:SpecifiedLineTradeDelivery",
            node("ram:BilledQuantity", str(line.quantity), unitCode=line.unit),
        ),
        node(
            "ram:SpecifiedLineTradeSettlement",
            node(
                "ram:ApplicableTradeTax",
                node("ram:TypeCode", "VAT"),
                node("ram:CategoryCode", tax.category),
                _rate(tax),
            ),
            node(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                node("ram:LineTotalAmount", amount(line.net)),
            ),
        ),
    )


def _agreement(invoice: Invoice) -> Element:
    subject = some(
        "ram:AdditionalReferencedDocument",
        some("ram:IssuerAssignedID", invoice.subject),
        node("ram:TypeCode", INVOICED_OBJECT),
    )
    return node(
        "ram:ApplicableHeaderTradeAgreement",
        some("ram:BuyerReference", invoice.buyer_reference),
        _party("ram:SellerTradeParty", invoice.seller, ids=invoice.names_vat_ids),
        _party("ram:BuyerTradeParty", invoice.buyer, ids=invoice.names_vat_ids),
        subject if invoice.subject else None,
    )


def _party(tag: str, party: Party, *, ids: bool) -> Element:
    first, second, *rest = (*party.street, "", "")
    return node(
        tag,
        some("ram:ID", party.identifier),
        node("ram:Name", party.name),
        some("ram:SpecifiedLegalOrganization", some("ram:ID", party.register_number)),
        _contact(party),
        node(
            "ram:PostalTradeAddress",
            some("ram:PostcodeCode", party.postcode),
            some("ram:LineOne", first),
            some("ram:LineTwo", second),
            some("ram:LineThree", ", ".join(filter(None, rest))),
            some("ram:CityName", party.city),
            node("ram:CountryID", party.country),
        ),
        some(
            "ram:URIUniversalCommunication",
            node("ram:URIID", party.endpoint.value, schemeID=party.endpoint.scheme),
        )
        if party.endpoint
        else None,
        _registration(party.vat_id if ids else "", "VA"),
        _registration(party.tax_number, "FC"),
    )


def _contact(party: Party) -> Element | None:
    return some(
        "ram:DefinedTradeContact",
        some("ram:DepartmentName", party.contact),
        some(
            "ram:TelephoneUniversalCommunication",
            some("ram:CompleteNumber", party.phone),
        ),
        some("ram:EmailURIUniversalCommunication", some("ram:URIID", party.email)),
    )


def _registration(number: str, scheme: str) -> Element | None:
    if not number:
        return None
    return node("ram:SpecifiedTaxRegistration", node("ram:ID", number, schemeID=scheme))


def _settlement(invoice: Invoice) -> Element:
    tax, preceding = invoice.tax, invoice.preceding
    return node(
        "ram:ApplicableHeaderTradeSettlement",
        some("ram:PaymentReference", invoice.payment.reference),
        node("ram:InvoiceCurrencyCode", invoice.currency),
        _means(invoice),
        node(
            "ram:ApplicableTradeTax",
            node("ram:CalculatedAmount", amount(tax.amount)),
            node("ram:TypeCode", "VAT"),
            some("ram:ExemptionReason", tax.reason),
            node("ram:BasisAmount", amount(tax.base)),
            node("ram:CategoryCode", tax.category),
            some("ram:ExemptionReasonCode", tax.reason_code),
            _rate(tax),
        ),
        node(
            "ram:BillingSpecifiedPeriod",
            _instant("ram:StartDateTime", invoice.supply_from),
            _instant("ram:EndDateTime", invoice.supply_to),
        ),
        node(
            "ram:SpecifiedTradePaymentTerms",
            some("ram:Description", invoice.payment.terms),
            _instant("ram:DueDateDateTime", invoice.due_date)
            if invoice.due_date
            else None,
        ),
        node(
            "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
            node("ram:LineTotalAmount", amount(invoice.net)),
            node("ram:TaxBasisTotalAmount", amount(invoice.net)),
            node(
                "ram:TaxTotalAmount", amount(invoice.vat), currencyID=invoice.currency
            ),
            node("ram:GrandTotalAmount", amount(invoice.gross)),
            node("ram:DuePayableAmount", amount(invoice.gross)),
        ),
        node(
            "ram:InvoiceReferencedDocument",
            node("ram:IssuerAssignedID", preceding.number),
            _instant("ram:FormattedIssueDateTime", preceding.issue_date, "qdt"),
        )
        if preceding
        else None,
    )


def _means(invoice: Invoice) -> Element:
    payment = invoice.payment
    return node(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        node("ram:TypeCode", payment.means),
        some(
            "ram:PayeePartyCreditorFinancialAccount",
            some("ram:IBANID", payment.iban),
            some("ram:AccountName", payment.holder),
        ),
        some(
            "ram:PayeeSpecifiedCreditorFinancialInstitution",
            some("ram:BICID", payment.bic),
        ),
    )


def _rate(tax: Tax) -> Element | None:
    if tax.rate is None:
        return None
    return node("ram:RateApplicablePercent", amount(tax.rate))


def _instant(tag: str, day: date, prefix: str = "udt") -> Element:
    return node(tag, node(f"{prefix}:DateTimeString", f"{day:%Y%m%d}", format="102"))
