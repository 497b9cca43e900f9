"""One document as it is printed: every value already in words, in its language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing import wording
from billing.documents.epc import Code, epc_code
from billing.documents.facts import Fact, Heading, facts_of, headings_of
from billing.models import Document, DocumentLine, DocumentTax
from billing.rules.tax import HOME_COUNTRY


@dataclass(frozen=True)
class PrintedLine:
    position: int
    title: str
    explanation: str
    quantity: str
    unit_price: str
    net: str
    # Above the first line of an emergency, where there are several.
    emergency: str = ""
    happened: str = ""


@dataclass(frozen=True)
class PrintedTax:
    title: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the template prints. Lists of strings are lines of an address."""

    language: str
    title: str
    number: str
    created: str
    issuer: Mapping[str, Any]
    sender: str
    recipient: list[str]
    headline: str
    headline_amount: str
    headline_note: str
    facts: list[Fact]
    incident: list[Fact]
    lines: list[PrintedLine]
    taxes: list[PrintedTax]
    net: str
    gross: str
    gross_label: str
    payment: str
    bank: list[Fact] = field(default_factory=list)
    code: Code | None = None
    notes: list[str] = field(default_factory=list)
    footer: list[list[str]] = field(default_factory=list)


def page_of(document: Document) -> Page:
    """The printed page of a document whose snapshots, number and dates are set."""
    with translation.override(document.language):
        return _page(document)


def _page(document: Document) -> Page:
    issuer, currency = document.issuer, document.currency
    sign = -1 if document.is_credit_note else 1
    gross = wording.money(sign * document.gross, currency)
    return Page(
        language=document.language,
        title=document_title(document),
        number=document.number or "",
        created=_fixed_time(document.issued_at),
        issuer=issuer,
        sender=" · ".join(
            [issuer["legal_name"], issuer["address"], _town(issuer)],
        ),
        recipient=_address(document.recipient),
        headline=_("Amount credited") if sign < 0 else _("Amount due"),
        headline_amount=wording.money(document.gross, currency),
        headline_note=_headline_note(document),
        facts=_facts(document),
        incident=facts_of(document),
        lines=list(_lines(document, sign)),
        taxes=[
            PrintedTax(
                title=_tax_title(tax, sign, currency),
                amount=wording.money(sign * tax.amount, currency),
            )
            for tax in document.taxes.all()
        ],
        net=wording.money(sign * document.net, currency),
        gross=gross,
        gross_label=_("Total credited") if sign < 0 else _("Total"),
        payment=payment_terms(document),
        bank=[] if sign < 0 else _bank(document),
        code=None if sign < 0 else _code(document),
        notes=[
            note for note in (wording.required_text(document.required_text),) if note
        ],
        footer=_footer(issuer),
    )


def document_title(document: Document) -> str:
    if document.is_credit_note:
        return pgettext("heading of the document", "Credit note")
    return pgettext("heading of the document", "Invoice")


def _headline_note(document: Document) -> str:
    if document.is_credit_note and document.refers_to is not None:
        return _("for invoice %(number)s") % {"number": document.refers_to.number}
    if document.due_date is not None:
        return _("by %(day)s") % {"day": wording.day(document.due_date)}
    return ""


def payment_terms(document: Document) -> str:
    if document.is_credit_note and document.refers_to is not None:
        original = document.refers_to
        return _(
            "This credit note corrects invoice %(number)s of %(day)s. What you have "
            "already paid is paid back; what is still open becomes less."
        ) % {"number": original.number, "day": _day(original.issue_date)}
    return _("Please pay %(gross)s by %(day)s without deduction.") % {
        "gross": wording.money(document.gross, document.currency),
        "day": _day(document.due_date),
    }


def _facts(document: Document) -> list[Fact]:
    recipient = document.recipient
    original = document.refers_to
    facts = [
        Fact(_("Number"), document.number or ""),
        Fact(_("Date"), _day(document.issue_date)),
        Fact(_("Corrects invoice"), (original.number or "") if original else ""),
        Fact(_("Invoice date"), _day(original.issue_date) if original else ""),
        Fact(_("Supply period"), _period(document.supply_from, document.supply_to)),
        Fact(_("Customer account"), document.account_number),
        Fact(_("Your VAT id"), recipient.get("vat_id", "")),
        Fact(_("Our VAT id"), document.issuer.get("vat_id", "")),
        Fact(_("Your reference"), recipient.get("buyer_reference", "")),
        Fact(_("Our supplier number"), recipient.get("supplier_number", "")),
    ]
    return [fact for fact in facts if fact.value]


def _lines(document: Document, sign: int) -> Iterator[PrintedLine]:
    """The lines, on a collective document with what happened above each emergency's."""
    headings = headings_of(document)
    for line in document.lines.all():
        heading = headings.pop(line.incident_reference, None)
        yield _line(line, sign, document.currency, heading or Heading())


def _line(
    line: DocumentLine, sign: int, currency: str, heading: Heading
) -> PrintedLine:
    if line.minutes is None:
        quantity, unit_price = "1", wording.amount(line.unit_price)
    else:
        quantity = _("%(minutes)s min") % {"minutes": line.minutes}
        unit_price = _("%(price)s per hour") % {
            "price": wording.amount(line.unit_price)
        }
    return PrintedLine(
        position=line.position,
        title=wording.line_title(line.code),
        explanation=wording.line_explanation(line, currency),
        quantity=quantity,
        unit_price=unit_price,
        net=wording.amount(Decimal(sign) * line.net),
        emergency=heading.emergency,
        happened=heading.happened,
    )


def _tax_title(tax: DocumentTax, sign: int, currency: str) -> str:
    title = wording.tax_title(tax.category, tax.rate)
    if not tax.rate:
        return title
    base = wording.money(sign * tax.base, currency)
    return _("%(title)s on %(base)s") % {"title": title, "base": base}


def _bank(document: Document) -> list[Fact]:
    issuer = document.issuer
    iban = issuer.get("iban", "").replace(" ", "")
    facts = [
        Fact(_("Account holder"), issuer.get("legal_name", "")),
        Fact("IBAN", " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))),
        Fact("BIC", issuer.get("bic", "")),
        Fact(_("Payment reference"), document.number or ""),
    ]
    return [fact for fact in facts if fact.value]


def _code(document: Document) -> Code | None:
    return epc_code(
        holder=document.issuer.get("legal_name", ""),
        iban=document.issuer.get("iban", "").replace(" ", ""),
        bic=document.issuer.get("bic", ""),
        amount=document.gross,
        currency=document.currency,
        reference=document.number or "",
    )


def _address(recipient: Mapping[str, Any]) -> list[str]:
    lines = [recipient.get("legal_name", "")]
    lines += recipient.get("address", "").splitlines()
    lines.append(_town(recipient))
    country = recipient.get("country", "")
    if country and country != HOME_COUNTRY:
        lines.append(wording.country(country))
    return [line.strip() for line in lines if line.strip()]


def _town(party: Mapping[str, Any]) -> str:
    return f"{party.get('postcode', '')} {party.get('city', '')}".strip()


def _footer(issuer: Mapping[str, Any]) -> list[list[str]]:
    register = ", ".join(
        part
        for part in (issuer.get("register_number"), issuer.get("register_court"))
        if part
    )
    columns = [
        [issuer["legal_name"], issuer["address"], _town(issuer)],
        [register, _("VAT id %(id)s") % {"id": issuer["vat_id"]}],
        [issuer.get("email", ""), issuer.get("phone", ""), issuer.get("website", "")],
    ]
    return [[line for line in column if line] for column in columns]


def _period(start: date | None, end: date | None) -> str:
    if start is None or end is None or start == end:
        return _day(start or end)
    return f"{_day(start)} \N{EN DASH} {_day(end)}"


def _day(value: date | None) -> str:
    return wording.day(value) if value else ""


def _fixed_time(instant: datetime | None) -> str:
    """The time inside the file: that of the issue, so that a render can be repeated."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else ""
