"""The billing side of the demo: a fictional issuer and fictional accounts.

Names, VAT ids and the bank code are invented; their check digits fit.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from billing.rules.bookkeeping import TaxCode, TaxKey
from billing.rules.tax import Category

ISSUER: dict[str, Any] = {
    "legal_name": "Gipfelnetz Hosting GmbH",
    "address": "Hafenstraße 41",
    "postcode": "4020",
    "city": "Linz",
    "country": "AT",
    "vat_id": "ATU99001123",
    "register_number": "FN 990011z",
    "register_court": "Landesgericht Linz",
    "iban": "AT279999900000123456",
    "bic": "DEMOAT2LXXX",
    "bank": "Demobank",
    "email": "rechnung@gipfelnetz.example",
    "phone": "+49 30 23125 000",
    "website": "gipfelnetz.example",
}


def _profile(
    legal_name: str, street: str, town: str, country: str = "AT", **more: Any
) -> dict[str, Any]:
    postcode, _, city = town.partition(" ")
    return {
        "kind": "business",
        "legal_name": legal_name,
        "address": street,
        "postcode": postcode,
        "city": city,
        "country": country,
        "vat_id": "",
        "language": "de",
        **more,
    }


PROFILES: dict[str, dict[str, Any]] = {
    "K-1001": _profile(
        "Bäckerei Morgenrot GmbH",
        "Marktplatz 3",
        "4600 Wels",
        vat_id="ATU99001007",
        einvoice_kinds=["peppol", "ebinterface"],
        electronic_address="9914:ATU99001007",
        buyer_reference="EK-7",
        invoice_email="buero@morgenrot.example",
    ),
    "K-1002": _profile(
        "Tischlerei Lindner KG",
        "Sägewerkgasse 12",
        "5020 Salzburg",
        vat_id="ATU99001016",
        invoice_email="office@lindner.example",
    ),
    "K-1003": _profile(
        "Praxis Dr. Sommer",
        "Parkring 8/2",
        "1010 Wien",
        vat_id="ATU99001025",
        invoice_email="ordination@sommer.example",
    ),
    "K-1004": _profile(
        "Alpenblick Hotel GmbH",
        "Bergstraße 77",
        "6370 Kitzbühel",
        vat_id="ATU99001034",
        invoice_email="buchhaltung@alpenblick.example",
    ),
    "K-1005": _profile(
        "Nordlicht Software GmbH",
        "Speicherweg 5",
        "20457 Hamburg",
        "DE",
        vat_id="DE990010057",
        einvoice_kinds=["xrechnung"],
        buyer_reference="04011000-12345-34",
        invoice_email="rechnungen@nordlicht.example",
    ),
    "K-1006": _profile(
        "Kanzlei Brandt PartG",
        "Isartor 1",
        "80331 München",
        "DE",
        vat_id="DE990010065",
        invoice_email="kanzlei@brandt.example",
    ),
    "K-1007": _profile(
        "Seeufer Treuhand AG",
        "Seestrasse 20",
        "8002 Zürich",
        "CH",
        vat_id="CHE-999.000.107",
        invoice_email="finanzen@seeufer.example",
    ),
    "K-1008": _profile(
        "Velo Zürich GmbH",
        "Langstrasse 144",
        "8004 Zürich",
        "CH",
        invoice_email="hallo@velo.example",
        language="en",
    ),
    "K-1009": _profile(
        "Maria Huber",
        "Kirchengasse 9/14",
        "8010 Graz",
        kind="consumer",
        invoice_email="maria.huber@post.example",
    ),
    "K-1010": _profile(
        "Jonas Weber",
        "Rosenweg 2",
        "50667 Köln",
        "DE",
        kind="consumer",
        invoice_email="jonas.weber@post.example",
    ),
    "K-1011": _profile(
        "Vereinshaus Lindenhof",
        "Lindenallee 30",
        "3100 St. Pölten",
        invoice_email="verein@lindenhof.example",
    ),
    "K-1012": _profile(
        "Studio Blau e.U.",
        "Siebensterngasse 50",
        "1070 Wien",
        vat_id="ATU99001043",
        invoice_email="post@studioblau.example",
    ),
    "K-1013": _profile(
        "Bergbahn Sonnkogel GmbH",
        "Talstation 1",
        "5700 Zell am See",
        vat_id="ATU99001052",
        invoice_email="buchhaltung@sonnkogel.example",
    ),
}
# The account of the demo's stage: nobody waits half an hour to see how a night ends.
PROMISES = {"K-1013": timedelta(minutes=3)}

# Accounts whose VAT id the authority has confirmed; that of K-1006 waits for an answer.
CONFIRMED = frozenset(
    {"K-1001", "K-1002", "K-1003", "K-1004", "K-1005", "K-1012", "K-1013"}
)

# An invented accountant's accounts and codes; a real one names others.
EXPORT_SETTINGS: dict[str, Any] = {
    "debtor_offset": 10_000,
    "datev_consultant": 1001,
    "datev_client": 1,
    "datev_chart": "03",
}
TAX_CODES: dict[TaxKey, TaxCode] = {
    (Category.STANDARD, Decimal("20.00")): TaxCode(
        bmd_code="1", bmd_account="4000", datev_key="3", datev_account="4400"
    ),
    (Category.REVERSE_CHARGE, None): TaxCode(
        bmd_code="77", bmd_account="4010", datev_account="4336"
    ),
    (Category.OUTSIDE_SCOPE, None): TaxCode(
        bmd_code="51", bmd_account="4020", datev_account="4338"
    ),
}
