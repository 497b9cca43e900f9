"""What makes a PDF/A-3 a Factur-X document: the file and what the XMP say about it.

Source: Factur-X 1.09, chapter 6; ISO 19005-3 (extension schemas must be described). The
relationship is *Alternative*: the profile EN 16931 says the same as the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

NAME = "factur-x.xml"
RELATIONSHIP = "Alternative"
NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
SAYS: Mapping[str, tuple[str, str]] = {
    "DocumentType": ("INVOICE", "The type of the hybrid document"),
    "DocumentFileName": (NAME, "The name of the embedded XML file"),
    "Version": ("1.0", "The version of the XML schema"),
    "ConformanceLevel": ("EN 16931", "The profile of the embedded XML"),
}


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """A file inside the PDF, and what the XMP metadata say about it."""

    name: str
    content: bytes
    description: str
    relationship: str
    made_at: datetime
    xmp: bytes


def factur_x(xml: bytes, *, issued_at: datetime) -> Embedded:
    """The XML as the alternative form of the page, dated with the issue."""
    return Embedded(
        name=NAME,
        content=xml,
        description="EN 16931",
        relationship=RELATIONSHIP,
        made_at=issued_at.astimezone(UTC),
        xmp=(_properties() + _schema()).encode(),
    )


def _properties() -> str:
    values = "".join(
        f"<fx:{name}>{says}</fx:{name}>" for name, (says, _) in SAYS.items()
    )
    return (
        f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}">'
        f"{values}</rdf:Description>"
    )


def _schema() -> str:
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description>"
        "</rdf:li>"
        for name, (_, meaning) in SAYS.items()
    )
    return (
        '<rdf:Description rdf:about=""'
        ' xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
        ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
        ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
        '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>"
        "</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    )
