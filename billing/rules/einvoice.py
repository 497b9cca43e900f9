"""The electronic formats, who may ask for them, and what each needs besides.

Sources: EN 16931 (BR-7, 10, 11: the buyer's name and country); Factur-X 1.09 / ZUGFeRD
2.5; Peppol BIS Billing 3.0 (rules R003, R010, R020); XRechnung 3.0 (BR-DE-2, 5 to 9,
15); ebInterface 6.1.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from billing.rules.en16931 import Invoice


class Format(StrEnum):
    FACTUR_X = "factur_x"
    PEPPOL = "peppol"
    XRECHNUNG = "xrechnung"
    EBINTERFACE = "ebinterface"


# Factur-X is inside every PDF that names its recipient; the others are made for those
# who ask for them.
ON_REQUEST = (Format.PEPPOL, Format.XRECHNUNG, Format.EBINTERFACE)

# Where the buyer is, by the names of the billing profile and of the model.
PLACE = {
    "legal_name": "name",
    "postcode": "postcode",
    "city": "city",
    "country": "country",
}
# What the account's billing profile has to know for a format.
BUYER_NEEDS: dict[str, tuple[str, ...]] = {
    Format.FACTUR_X: ("legal_name", "country"),
    Format.PEPPOL: ("legal_name", "country", "buyer_reference", "electronic_address"),
    Format.XRECHNUNG: (*PLACE, "buyer_reference", "invoice_email"),
    Format.EBINTERFACE: tuple(PLACE),
}
# Everybody has an e-mail address; the Peppol network does not deliver to one.
BY_EMAIL = "EM"

# A code of the electronic address scheme list (EAS) and an id: 9914:ATU12345678.
ENDPOINT = re.compile(r"(\d{4}|[A-Z]{2}):([^\s:][^\s]{0,99})")


def split_endpoint(address: str) -> tuple[str, str] | None:
    """Scheme and id of an electronic address; None when it is none."""
    match = ENDPOINT.fullmatch(address)
    return (match[1], match[2]) if match else None


def buyer_needs(kinds: Iterable[str]) -> tuple[str, ...]:
    """Names of the profile's fields that must be filled for these formats."""
    names = (name for kind in kinds for name in BUYER_NEEDS.get(kind, ()))
    return tuple(dict.fromkeys(names))


def lacking(form: Format, invoice: Invoice) -> tuple[str, ...]:
    """Names of the fields without which this format is refused by its receivers."""
    return tuple(_lacking(form, invoice))


def _lacking(form: Format, invoice: Invoice) -> Iterator[str]:
    seller, buyer = invoice.seller, invoice.buyer
    for name in BUYER_NEEDS[form]:
        if name in PLACE and not getattr(buyer, PLACE[name]):
            yield name
    if form in (Format.PEPPOL, Format.XRECHNUNG):
        if not invoice.buyer_reference:
            yield "buyer_reference"
        for name, party in (("", buyer), ("issuer.", seller)):
            address = party.endpoint
            by_email = address is not None and address.scheme == BY_EMAIL
            if address is None or (by_email and form is Format.PEPPOL):
                yield f"{name}electronic_address"
    if form is Format.XRECHNUNG:
        for name in ("phone", "email"):
            if not getattr(seller, name):
                yield f"issuer.{name}"
