"""Whether a PDF is PDF/A-3 and Factur-X.

`pikepdf.pdfa` applies the rules of veraPDF's profile PDF/A-3B, but approves only what
it knows: it knows no extension schema in the XMP, no level A, and no resource entry for
patterns even when it is empty. What it says about these three is checked here instead.
"""

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pikepdf
from pikepdf import pdfa

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"
PROPERTIES = {
    "DocumentType": "INVOICE",
    "DocumentFileName": "factur-x.xml",
    "Version": "1.0",
    "ConformanceLevel": "EN 16931",
}
UNKNOWN_TO_PIKEPDF = re.compile(
    r"ISO_19005_3:6\.6\.2\.3\.1-1 XMP (namespace|property) "
    r"(fx|pdfaExtension|pdfaSchema|pdfaProperty)\b.* is not permitted"
    r"|ISO_19005_3:6\.6\.4-3 pdfaid:conformance is 'A', expected 'B'"
    r"|pikepdf:schema-Resources (patterns|shadings) are not supported"
)


def faults(content: bytes) -> list[str]:
    """Everything that keeps these bytes from being PDF/A-3a with Factur-X inside."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        inside = [*_metadata(pdf.Root.Metadata.read_bytes()), *_files(pdf)]
    return [*faults_of_pdfa(content), *inside]


def faults_of_pdfa(content: bytes) -> list[str]:
    """Everything that keeps these bytes from being PDF/A-3a, whatever is inside."""
    report = pdfa.validate_written(io.BytesIO(content), "3b")
    held = [f"{found.rule} {found.message}" for found in report.findings]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [
            *(one for one in held if not UNKNOWN_TO_PIKEPDF.fullmatch(one)),
            *_resources(pdf),
            *_colours(pdf),
            *_tags(pdf),
            *_fonts_and_images(pdf),
        ]


def embedded_xml(content: bytes) -> bytes:
    """The bytes of `factur-x.xml`."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return pdf.Root.AF[0].EF.F.read_bytes()


def _objects(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for found in pdf.objects:
        if isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)):
            yield found


def _resources(pdf: pikepdf.Pdf) -> Iterator[str]:
    for found in _objects(pdf):
        for name in ("/Pattern", "/Shading"):
            entry = found.get(name)
            if isinstance(entry, pikepdf.Dictionary) and len(entry):
                yield f"{name} is used and was not looked at"


def _colours(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents = list(pdf.Root.get("/OutputIntents", []))
    if len(intents) != 1 or str(intents[0].S) != "/GTS_PDFA1":
        yield "there is not one output intent for PDF/A"
    elif intents[0].DestOutputProfile.read_bytes()[36:40] != b"acsp":
        yield "the output intent is no colour profile"


def _tags(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/MarkInfo" not in pdf.Root or not pdf.Root.MarkInfo.get("/Marked"):
        yield "it is not tagged"
    if "/StructTreeRoot" not in pdf.Root or not str(pdf.Root.get("/Lang", "")):
        yield "structure or language is missing"
    for found in _objects(pdf):
        figure = found.get("/Type") == "/StructElem" and found.get("/S") == "/Figure"
        if figure and not str(found.get("/Alt", "")):
            yield "a figure has no words"


def _fonts_and_images(pdf: pikepdf.Pdf) -> Iterator[str]:
    for found in _objects(pdf):
        if found.get("/Type") == "/FontDescriptor" and not (
            {"/FontFile", "/FontFile2", "/FontFile3"} & set(found.keys())
        ):
            yield f"the font {found.FontName} is not embedded"
        if found.get("/Subtype") == "/Image" and found.get("/Interpolate", False):
            yield "an image is interpolated"


def _metadata(xmp: bytes) -> Iterator[str]:
    root = ElementTree.fromstring(xmp)
    blocks = list(root.iter(f"{RDF}RDF"))
    if len(blocks) != 1:
        yield f"{len(blocks)} rdf:RDF in the XMP"
    identity = [d for d in blocks[0] if d.get(f"{PDFA}part")]
    if [d.get(f"{PDFA}part") for d in identity] != ["3"]:
        yield "it does not say that it is PDF/A-3"
    if [d.get(f"{PDFA}conformance") for d in identity] != ["A"]:
        yield "it does not say that it is level A"
    said = {
        one.tag.removeprefix(FX): one.text
        for one in blocks[0].iter()
        if one.tag.startswith(FX)
    }
    if said != PROPERTIES:
        yield f"the Factur-X properties are {said}"
    described = {one.text for one in blocks[0].iter(f"{PROPERTY}name")}
    spaces = {one.text for one in blocks[0].iter(f"{SCHEMA}namespaceURI")}
    if described != set(PROPERTIES) or spaces != {FX.strip("{}")}:
        yield "the extension schema does not describe the Factur-X properties"


def _files(pdf: pikepdf.Pdf) -> Iterator[str]:
    named = list(pdf.Root.Names.EmbeddedFiles.Names)
    if [str(name) for name in named[0::2]] != ["factur-x.xml"]:
        yield f"the embedded files are {named[0::2]}"
    files = list(pdf.Root.get("/AF", []))
    if len(files) != 1 or files[0].objgen != named[1].objgen:
        yield "the embedded file is not the one associated file"
    for file in files:
        if str(file.get("/AFRelationship", "")) != "/Alternative":
            yield "the XML is not an Alternative"
        if str(file.UF) != "factur-x.xml" or str(file.EF.F.Subtype) != "/text/xml":
            yield "the associated file is not factur-x.xml"
