"""What Peppol, XRechnung and ebInterface insist on, where their own rules are not here.

Sources: Peppol BIS Billing 3.0 (R001 to R020, CL008), XRechnung 3.0 (BR-DE rules),
ebInterface 6.1 (order and duty of the elements of its schema).
"""

from collections.abc import Iterator

from lxml import etree

from tests.judging.arithmetic import NAMES

PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
CUSTOMIZATION = {
    "peppol": "urn:cen.eu:en16931:2017#compliant#"
    "urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "xrechnung": "urn:cen.eu:en16931:2017#compliant#"
    "urn:xeinkauf.de:kosit:xrechnung_3.0",
}
SELLER = "//cac:AccountingSupplierParty/cac:Party"
BUYER = "//cac:AccountingCustomerParty/cac:Party"
EBINTERFACE_ORDER = [
    *("InvoiceNumber", "InvoiceDate", "RelatedDocument", "Delivery", "Biller"),
    *("InvoiceRecipient", "Details", "Tax", "TotalGrossAmount", "PayableAmount"),
    *("PaymentMethod", "PaymentConditions", "Comment"),
]
OPTIONAL = {"RelatedDocument", "PaymentMethod", "PaymentConditions", "Comment"}
PARTY_ORDER = [
    *("VATIdentificationNumber", "FurtherIdentification", "OrderReference", "Address"),
    *("InvoiceRecipientsBillerID", "BillersInvoiceRecipientID"),
]
LINE_ORDER = [
    *("PositionNumber", "Description", "Description", "Quantity", "UnitPrice"),
    *("TaxItem", "LineItemAmount"),
]


def breaches(kind: str, content: bytes) -> list[str]:
    """What a receiver of this kind would refuse."""
    root = etree.fromstring(content)
    if kind == "ebinterface":
        return list(_ebinterface(root))
    if kind in CUSTOMIZATION:
        return list(_ubl(kind, root))
    return []


def _texts(root: etree._Element, path: str) -> list[str]:
    return [
        one if isinstance(one, str) else (one.text or "").strip()
        for one in root.xpath(path, namespaces=NAMES)
    ]


def _ubl(kind: str, root: etree._Element) -> Iterator[str]:
    if _texts(root, "./cbc:CustomizationID") != [CUSTOMIZATION[kind]]:
        yield "BT-24 is another specification"
    if _texts(root, "./cbc:ProfileID") != [PROCESS]:
        yield "BT-23 is another process"
    if not any(_texts(root, "./cbc:BuyerReference")):
        yield "BT-10 is missing"
    if len(_texts(root, "./cbc:Note")) > 1:
        yield "BG-1: more than one note"
    for party in (SELLER, BUYER):
        schemes = _texts(root, f"{party}/cbc:EndpointID/@schemeID")
        if len(schemes) != 1 or (kind == "peppol" and not schemes[0].isdigit()):
            yield f"the electronic address in {party} is missing or refused"
    if [one for one in root.iter() if not len(one) and not (one.text or "").strip()]:
        yield "R008: an element is empty"
    if kind == "xrechnung":
        for name in ("Name", "Telephone", "ElectronicMail"):
            if not any(_texts(root, f"{SELLER}/cac:Contact/cbc:{name}")):
                yield f"BG-6: {name} is missing"
        if not any(_texts(root, "//cac:TaxCategory/cbc:Percent")):
            yield "BT-119 is missing"


def _ebinterface(root: etree._Element) -> Iterator[str]:
    names = [etree.QName(child).localname for child in root]
    order = [name for name in EBINTERFACE_ORDER if name in names]
    if names != order:
        yield f"the order is {names}"
    if set(EBINTERFACE_ORDER) - set(names) - OPTIONAL:
        yield "something required is missing"
    for attribute in ("GeneratingSystem", "DocumentType", "InvoiceCurrency"):
        if not root.get(attribute):
            yield f"{attribute} is missing"
    if len(root.get("Language", "")) != 2:
        yield "the language has not two letters"
    for party in root.xpath("./eb:Biller | ./eb:InvoiceRecipient", namespaces=NAMES):
        parts = [etree.QName(child).localname for child in party]
        if parts != [name for name in PARTY_ORDER if name in parts]:
            yield f"the order of a party is {parts}"
        if "VATIdentificationNumber" not in parts:
            yield "a party has no VAT id, not even that of none"
    for line in root.iter(f"{{{NAMES['eb']}}}ListLineItem"):
        if [etree.QName(child).localname for child in line] != LINE_ORDER:
            yield "the order of a line"
