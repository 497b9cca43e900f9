"""The internal model of an electronic invoice, its rules and its writers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.documents.einvoice.formats import write_einvoice
from billing.documents.einvoice.xml import node, some, written
from billing.rules.einvoice import Format, buyer_needs, lacking, split_endpoint
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
    contradictions,
)
from billing.rules.rounding import minutes_at, vat_on
from billing.rules.tax import Category
from tests.judging import arithmetic, conventions

pytestmark = pytest.mark.no_servers

SELLER = Party(
    name="Nordlicht Hosting GmbH",
    street=("Donaugasse 7",),
    postcode="4020",
    city="Linz",
    country="AT",
    register_number="FN 123456a",
    vat_id="ATU13585627",
    contact="Buchhaltung",
    phone="+43 732 000000",
    email="buchhaltung@nordlicht.example",
    endpoint=Endpoint("9914", "ATU13585627"),
)
BUYER = Party(
    name="Bäckerei Sonne GmbH",
    street=("Stiege 2", "Hauptplatz 1", "Hof links", "Tür 7"),
    postcode="4600",
    city="Wels",
    country="AT",
    vat_id="ATU12345675",
    endpoint=Endpoint("9914", "ATU12345675"),
)


def an_invoice(minutes=(10,), rate=Decimal("20.00"), **changes):
    """A fee and as many lines of work; sums are those of the lines."""
    lines = [
        Line(
            position=1,
            name="Grundentgelt",
            description="Je Notfall",
            quantity=1,
            unit=Unit.PIECE,
            price=Decimal("200.00"),
            per=1,
            net=Decimal("200.00"),
        )
    ]
    lines += [
        Line(
            position=position,
            name="Support",
            description="angefangene Minuten",
            quantity=count,
            unit=Unit.MINUTE,
            price=Decimal("200.00"),
            per=60,
            net=minutes_at(count, Decimal("200.00")),
        )
        for position, count in enumerate(minutes, start=2)
    ]
    net = sum((line.net for line in lines), Decimal("0.00"))
    vat = vat_on(net, rate)
    facts = {
        "number": "RE-2026-00001",
        "type_code": TypeCode.INVOICE,
        "title": "Rechnung",
        "issue_date": date(2026, 3, 4),
        "due_date": date(2026, 3, 18),
        "supply_from": date(2026, 3, 3),
        "supply_to": date(2026, 3, 4),
        "currency": "EUR",
        "language": "de",
        "note": "Notfall: NF-1",
        "subject": "NF-1",
        "buyer_reference": "EK-7",
        "seller": SELLER,
        "buyer": BUYER,
        "lines": tuple(lines),
        "tax": Tax(category=Category.STANDARD, rate=rate, base=net, amount=vat),
        "net": net,
        "vat": vat,
        "gross": net + vat,
        "payment": Payment(
            means=CREDIT_TRANSFER,
            reference="RE-2026-00001",
            terms="Bitte zahlen Sie.",
            iban="AT611904300234573201",
        ),
    }
    return Invoice(**{**facts, **changes})


def a_credit_note(**changes):
    facts = {
        "type_code": TypeCode.CREDIT_NOTE,
        "due_date": None,
        "preceding": Preceding("RE-2026-00001", date(2026, 3, 4)),
        "issue_date": date(2026, 3, 9),
        "payment": Payment(means=CLEARING, reference="RK-2026-00001", terms="Zurück."),
    }
    return an_invoice(**{**facts, **changes})


@given(
    st.lists(st.integers(1, 100_000), max_size=6),
    st.decimals("0.01", "99.99", places=2),
)
def test_whatever_was_worked_every_format_adds_up(minutes, rate):
    for invoice in (an_invoice(minutes, rate), a_credit_note(minutes=minutes)):
        assert contradictions(invoice) == ()
        for form in Format:
            content = write_einvoice(form, invoice)
            assert arithmetic.wrong_sums(form, content) == []
            assert arithmetic.figures(form, content).gross == invoice.gross
            assert conventions.breaches(form, content) == []
            assert write_einvoice(form, invoice) == content


def without_tax(category, reason="Reverse charge", rate=Decimal("0.00"), **changes):
    """The invoice with no tax shown."""
    net = an_invoice().net
    none = Decimal("0.00")
    tax = Tax(category=category, rate=rate, base=net, amount=none, reason=reason)
    return an_invoice(tax=tax, vat=none, gross=net, **changes)


NET = Decimal("233.33")
STANDARD = Tax(
    category=Category.STANDARD,
    rate=Decimal("20.00"),
    base=NET,
    amount=Decimal("46.68"),
)
FEE = an_invoice().lines[0]
CONTRADICTIONS = [
    (an_invoice(lines=(replace(FEE, price=-FEE.net, quantity=-1),)), "BT-131: line 1"),
    (an_invoice(lines=(replace(FEE, net=-FEE.net, quantity=-1),)), "BT-131: line 1"),
    (an_invoice(lines=()), "BG-25"),
    (
        an_invoice(lines=(replace(an_invoice().lines[1], net=Decimal("33.34")),)),
        "BT-131: line 2 is not quantity times price",
    ),
    (
        an_invoice(lines=tuple(replace(x, position=1) for x in an_invoice().lines)),
        "BT-126",
    ),
    (an_invoice(net=Decimal("233.34")), "BT-109"),
    (an_invoice(gross=Decimal("280.01")), "BT-112"),
    (
        an_invoice(tax=STANDARD, vat=STANDARD.amount, gross=NET + STANDARD.amount),
        "BT-117: the tax is not the rate on its base",
    ),
    (an_invoice(tax=replace(STANDARD, rate=None)), "BT-119"),
    (an_invoice(vat=Decimal("46.66"), gross=Decimal("279.99")), "BT-110"),
    (an_invoice(supply_from=date(2026, 3, 5)), "BT-74"),
    (an_invoice(due_date=date(2026, 3, 3)), "BT-9"),
    (an_invoice(due_date=None), "BT-9"),
    (an_invoice(preceding=Preceding("RE-1", date(2026, 1, 1))), "BT-25"),
    (a_credit_note(preceding=None), "BT-25"),
    (a_credit_note(issue_date=date(2026, 3, 3)), "BT-26"),
    (an_invoice(payment=replace(an_invoice().payment, iban="")), "BT-84"),
    (an_invoice((70,), buyer=replace(BUYER, city="")), "BG-7: city is missing"),
    (
        without_tax(Category.REVERSE_CHARGE, buyer=replace(BUYER, postcode="")),
        "BG-7: postcode is missing",
    ),
    (an_invoice(seller=replace(SELLER, vat_id="")), "BT-31"),
    (
        without_tax(Category.REVERSE_CHARGE, buyer=replace(BUYER, vat_id="")),
        "BT-48",
    ),
    (without_tax(Category.REVERSE_CHARGE), "BT-48: reverse charge with a VAT id of"),
    (without_tax(Category.REVERSE_CHARGE), "BT-55: reverse charge at home"),
    (
        without_tax(Category.REVERSE_CHARGE, buyer=replace(BUYER, country="CH")),
        "BT-55: reverse charge at home or outside",
    ),
    (without_tax(Category.OUTSIDE_SCOPE, rate=None), "BT-55: no tax for a buyer"),
    (without_tax(Category.REVERSE_CHARGE, reason=""), "BT-120"),
    (without_tax(Category.OUTSIDE_SCOPE), "BT-119"),
    (
        without_tax(
            Category.OUTSIDE_SCOPE,
            rate=None,
            seller=replace(SELLER, register_number=""),
        ),
        "BT-30",
    ),
]


@pytest.mark.parametrize(("invoice", "term"), CONTRADICTIONS)
def test_a_contradiction_names_the_term_it_is_about(invoice, term):
    assert any(found.startswith(term) for found in contradictions(invoice))


@pytest.mark.parametrize(
    ("category", "rate", "buyer"),
    [
        (Category.REVERSE_CHARGE, Decimal("0.00"), ("DE", "DE136695976")),
        (Category.REVERSE_CHARGE, Decimal("0.00"), ("GR", "EL123456783")),
        (Category.OUTSIDE_SCOPE, None, ("CH", "CHE123456788")),
    ],
)
def test_no_tax_is_shown_to_whom_it_is_not_due(category, rate, buyer):
    country, vat_id = buyer
    whom = replace(BUYER, country=country, vat_id=vat_id)
    assert contradictions(without_tax(category, rate=rate, buyer=whom)) == ()


def test_one_day_may_be_that_of_everything():
    day = date(2026, 3, 4)
    dates = {"supply_from": day, "supply_to": day, "issue_date": day}
    assert contradictions(an_invoice(**dates, due_date=day)) == ()
    assert contradictions(a_credit_note(**dates)) == ()


def test_every_line_of_an_address_is_in_every_format():
    for form in Format:
        content = write_einvoice(form, an_invoice()).decode()
        assert all(line in content for line in BUYER.street), form


def test_a_credit_note_may_take_up_one_cent_and_no_more():
    for off, fine in (("0.01", True), ("0.02", False)):
        amount = Decimal("46.67") + Decimal(off)
        note = a_credit_note(
            tax=replace(STANDARD, amount=amount), vat=amount, gross=NET + amount
        )
        assert (contradictions(note) == ()) is fine


def test_each_format_names_what_it_lacks():
    by_email = replace(BUYER, endpoint=Endpoint("EM", "rechnung@sonne.example"))
    invoice = an_invoice(
        buyer=by_email, buyer_reference="", seller=replace(SELLER, phone="")
    )
    assert lacking(Format.FACTUR_X, invoice) == ()
    assert lacking(Format.EBINTERFACE, invoice) == ()
    assert lacking(Format.PEPPOL, invoice) == ("buyer_reference", "electronic_address")
    assert lacking(Format.XRECHNUNG, invoice) == ("buyer_reference", "issuer.phone")


def test_a_small_amount_needs_as_much_of_the_recipient_as_its_format_does():
    nobody = replace(BUYER, name="", street=(), postcode="", city="", country="")
    invoice = an_invoice(buyer=nobody)
    assert contradictions(invoice) == ()
    for form in (Format.FACTUR_X, Format.PEPPOL):
        assert lacking(form, invoice) == ("legal_name", "country")
    for form in (Format.XRECHNUNG, Format.EBINTERFACE):
        assert lacking(form, invoice) == ("legal_name", "postcode", "city", "country")
    assert lacking(Format.FACTUR_X, an_invoice(buyer=replace(BUYER, city=""))) == ()


def test_what_a_profile_needs_is_said_once():
    assert buyer_needs(["peppol", "xrechnung", "ebinterface"]) == (
        *("legal_name", "country", "buyer_reference", "electronic_address"),
        *("postcode", "city", "invoice_email"),
    )


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("9914:ATU12345675", ("9914", "ATU12345675")),
        ("0204:991-12345-06", ("0204", "991-12345-06")),
        ("EM:a@b.example", ("EM", "a@b.example")),
        ("ATU12345675", None),
        ("9914:", None),
        ("9914:AT U1", None),
        ("", None),
    ],
)
def test_an_electronic_address_is_a_scheme_and_an_id(address, parts):
    assert split_endpoint(address) == parts


@given(st.text())
def test_any_text_makes_well_formed_xml(text):
    content = written(
        node("a", some("b", text), c=text.encode("ascii", "ignore").hex())
    )
    root = ElementTree.fromstring(content)
    if text and (found := root.find("b")) is not None:
        kept = [c for c in found.text or "" if c != "\N{REPLACEMENT CHARACTER}"]
        assert set(kept) <= set(text) | set("\n\r")
