"""The EN 16931 view of a document, from its own frozen columns and nothing else."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from billing import wording
from billing.documents.facts import note_of
from billing.documents.page import document_title, payment_terms
from billing.models import Document, DocumentLine
from billing.rules.einvoice import BY_EMAIL, Format, split_endpoint
from billing.rules.en16931 import (
    CLEARING,
    CREDIT_TRANSFER,
    Endpoint,
    Invoice,
    Line,
    Party,
    Payment,
    Preceding,
    Tax,
    TypeCode,
    Unit,
)
from billing.rules.tax import Category

MINUTES_PER_PRICE = 60
AUSTRIAN_VAT_IDS = "9914"


class NotOneTax(ValueError):
    """The lines of the document do not share one tax."""


def einvoice_view(document: Document) -> Invoice:
    """The document whose snapshots, number and dates are set. Raises NotOneTax."""
    with translation.override(document.language):
        return _view(document)


def _view(document: Document) -> Invoice:
    original = document.refers_to
    credit = document.is_credit_note
    return Invoice(
        number=document.number or "",
        type_code=TypeCode.CREDIT_NOTE if credit else TypeCode.INVOICE,
        title=document_title(document),
        issue_date=_day(document.issue_date),
        due_date=None if credit else document.due_date,
        supply_from=_day(document.supply_from),
        supply_to=_day(document.supply_to),
        currency=document.currency,
        language=document.language,
        note=note_of(document),
        subject=document.incident_reference,
        buyer_reference=document.recipient.get("buyer_reference", ""),
        seller=_seller(document.issuer, document.recipient),
        buyer=_buyer(document.recipient, document.account_number),
        lines=tuple(_line(line, document.currency) for line in document.lines.all()),
        tax=_tax(document),
        net=document.net,
        vat=document.vat_total,
        gross=document.gross,
        payment=_payment(document),
        preceding=Preceding(original.number or "", _day(original.issue_date))
        if original
        else None,
    )


def _line(line: DocumentLine, currency: str) -> Line:
    timed = line.minutes is not None
    explanation = wording.line_explanation(line, currency)
    whose = line.incident_reference
    return Line(
        position=line.position,
        name=wording.line_title(line.code),
        description=f"{whose}: {explanation}" if whose else explanation,
        quantity=1 if line.minutes is None else line.minutes,
        unit=Unit.MINUTE if timed else Unit.PIECE,
        price=line.unit_price,
        per=MINUTES_PER_PRICE if timed else 1,
        net=line.net,
    )


def _tax(document: Document) -> Tax:
    taxes = list(document.taxes.all())
    if len(taxes) != 1:
        raise NotOneTax(f"{len(taxes)} taxes")
    return Tax(
        category=Category(taxes[0].category),
        rate=taxes[0].rate,
        base=taxes[0].base,
        amount=taxes[0].amount,
        reason=wording.required_text(document.required_text),
    )


def _payment(document: Document) -> Payment:
    terms = payment_terms(document)
    reference = document.number or ""
    if document.is_credit_note:
        return Payment(means=CLEARING, reference=reference, terms=terms)
    issuer = document.issuer
    return Payment(
        means=CREDIT_TRANSFER,
        reference=reference,
        terms=terms,
        iban=issuer.get("iban", "").replace(" ", ""),
        bic=issuer.get("bic", "").replace(" ", ""),
        holder=issuer.get("legal_name", ""),
    )


def _seller(issuer: Mapping[str, Any], recipient: Mapping[str, Any]) -> Party:
    vat_id = issuer.get("vat_id", "")
    # Peppol takes no e-mail address for one; others get no VAT id that they did not ask
    # for, since it may be one that must not be there (BR-O-02).
    asked = Format.PEPPOL in recipient.get("einvoice_kinds", [])
    austrian = vat_id.startswith("AT")
    by_vat_id = f"{AUSTRIAN_VAT_IDS}:{vat_id}" if asked and austrian else ""
    return Party(
        **_place(issuer),
        identifier=recipient.get("supplier_number", ""),
        register_number=issuer.get("register_number", ""),
        vat_id=vat_id,
        tax_number=issuer.get("tax_number", ""),
        contact=_("Accounting department"),
        phone=issuer.get("phone", ""),
        email=issuer.get("email", ""),
        endpoint=_endpoint(
            issuer.get("electronic_address", "") or by_vat_id, issuer.get("email", "")
        ),
    )


def _buyer(recipient: Mapping[str, Any], account_number: str) -> Party:
    email = recipient.get("invoice_email", "")
    return Party(
        **_place(recipient),
        identifier=account_number,
        vat_id=recipient.get("vat_id", ""),
        email=email,
        endpoint=_endpoint(recipient.get("electronic_address", ""), email),
    )


def _place(party: Mapping[str, Any]) -> dict[str, Any]:
    lines = (line.strip() for line in party.get("address", "").splitlines())
    return {
        "name": party.get("legal_name", ""),
        "street": tuple(line for line in lines if line),
        "postcode": party.get("postcode", ""),
        "city": party.get("city", ""),
        "country": party.get("country", ""),
    }


def _endpoint(address: str, email: str) -> Endpoint | None:
    """The electronic address on file, or the e-mail address where there is none."""
    known = split_endpoint(address)
    if known:
        return Endpoint(*known)
    return Endpoint(BY_EMAIL, email) if email else None


def _day(value: date | None) -> date:
    if value is None:
        raise ValueError("the document is not dated yet")
    return value
