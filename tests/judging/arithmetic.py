"""Whether a document adds up, in exact fractions read back from its XML.

The public schematrons accept a tax that is wrong by up to 0.99 and lines that are not
quantity times price; this one accepts nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from lxml import etree

NAMES = {
    "ram": "urn:un:unece:uncefact:data:standard:"
    "ReusableAggregateBusinessInformationEntity:100",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "eb": "http://www.ebinterface.at/schema/6p1/",
}
# Where each syntax says it: lines, and in a line quantity, price, for how many, net;
# then net total, tax base, rate, tax, tax total, gross, payable.
PLACES = {
    "factur_x": (
        "//ram:IncludedSupplyChainTradeLineItem",
        (
            ".//ram:BilledQuantity",
            ".//ram:ChargeAmount",
            ".//ram:BasisQuantity",
            ".//ram:LineTotalAmount",
        ),
        (
            "//ram:TaxBasisTotalAmount",
            "//ram:ApplicableHeaderTradeSettlement//ram:BasisAmount",
            "//ram:ApplicableHeaderTradeSettlement//ram:RateApplicablePercent",
            "//ram:CalculatedAmount",
            "//ram:TaxTotalAmount",
            "//ram:GrandTotalAmount",
            "//ram:DuePayableAmount",
        ),
    ),
    "ubl": (
        "//cac:InvoiceLine | //cac:CreditNoteLine",
        (
            "./cbc:InvoicedQuantity | ./cbc:CreditedQuantity",
            "./cac:Price/cbc:PriceAmount",
            "./cac:Price/cbc:BaseQuantity",
            "./cbc:LineExtensionAmount",
        ),
        (
            "//cbc:TaxExclusiveAmount",
            "//cac:TaxSubtotal/cbc:TaxableAmount",
            "//cac:TaxCategory/cbc:Percent",
            "//cac:TaxSubtotal/cbc:TaxAmount",
            "//cac:TaxTotal/cbc:TaxAmount",
            "//cbc:TaxInclusiveAmount",
            "//cbc:PayableAmount",
        ),
    ),
    "ebinterface": (
        "//eb:ListLineItem",
        (
            "./eb:Quantity",
            "./eb:UnitPrice",
            "./eb:UnitPrice/@BaseQuantity",
            "./eb:LineItemAmount",
        ),
        (
            "sum(//eb:LineItemAmount)",
            "/eb:Invoice/eb:Tax/eb:TaxItem/eb:TaxableAmount",
            "/eb:Invoice/eb:Tax/eb:TaxItem/eb:TaxPercent",
            "/eb:Invoice/eb:Tax/eb:TaxItem/eb:TaxAmount",
            "/eb:Invoice/eb:Tax/eb:TaxItem/eb:TaxAmount",
            "//eb:TotalGrossAmount",
            "//eb:PayableAmount",
        ),
    ),
}


@dataclass(frozen=True)
class Figures:
    """The amounts of one document, as its own XML says them."""

    lines: tuple[tuple[Fraction, ...], ...]
    net: Fraction
    base: Fraction
    rate: Fraction
    tax: Fraction
    tax_total: Fraction
    gross: Fraction
    payable: Fraction


def figures(kind: str, content: bytes) -> Figures:
    """What the XML says; an absent base quantity is one, an absent rate nothing."""
    root = etree.fromstring(content)
    syntax = "ubl" if kind in ("peppol", "xrechnung") else kind
    lines, parts, totals = PLACES[syntax]
    found = tuple(
        tuple(_number(line, part, Fraction(1)) for part in parts)
        for line in root.xpath(lines, namespaces=NAMES)
    )
    return Figures(found, *(_number(root, place, Fraction(0)) for place in totals))


def wrong_sums(kind: str, content: bytes, *, cent_allowed: bool = False) -> list[str]:
    """What does not add up. ``cent_allowed``: the tax of a later credit note takes up
    the cent that an earlier one left."""
    return list(_wrong(figures(kind, content), cent_allowed))


def _wrong(said: Figures, cent_allowed: bool) -> Iterator[str]:
    if not said.lines:
        yield "no lines"
    for quantity, price, per, net in said.lines:
        if half_up(quantity * price / per) != net:
            yield f"line {float(net)} is not {quantity} x {float(price)} / {per}"
    if sum(line[3] for line in said.lines) != said.net or said.base != said.net:
        yield "the net total is not the sum of the lines"
    off = abs(half_up(said.base * said.rate / 100) - said.tax)
    if off > (Fraction(1, 100) if cent_allowed else 0):
        yield f"the tax is off by {float(off)}"
    if said.tax_total != said.tax or said.net + said.tax != said.gross:
        yield "the gross total is not net and tax"
    if said.payable != said.gross:
        yield "something else is to be paid than the gross total"


def half_up(value: Fraction) -> Fraction:
    """To the cent, halves up, as a fraction; amounts here are never negative."""
    return Fraction(int(value * 100 + Fraction(1, 2)), 100)


def _number(node: etree._Element, place: str, absent: Fraction) -> Fraction:
    found = node.xpath(place, namespaces=NAMES)
    if isinstance(found, float):
        return Fraction(round(found * 100), 100)
    texts = [str(one) if isinstance(one, str) else one.text for one in found]
    assert len(texts) <= 1, place
    return Fraction(texts[0]) if texts else absent
