"""Bank files: both versions of camt.053, CSV, and what must never be read."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.bank_entry import Movement, fingerprints
from billing.sources import camt053
from billing.sources.bank_csv import Columns, read_csv
from billing.sources.camt053 import read_camt053
from billing.sources.refusal import MOST_BYTES, BankFileError
from tests.integration.billing.payments import ACCOUNT, V02, V08, ntry, statement

pytestmark = pytest.mark.no_servers

COLUMNS = Columns(
    delimiter=";",
    encoding="utf-8-sig",
    skipped_lines=0,
    day_form="%d.%m.%Y",
    decimal_comma=True,
    booked_on="Buchungsdatum",
    amount="Betrag",
    text="Verwendungszweck",
    payer="Name",
    iban="IBAN",
)
HEAD = "Buchungsdatum;Betrag;Verwendungszweck;Name;IBAN\n"


@pytest.mark.parametrize("version", [V02, V08])
def test_both_versions_say_the_same(version):
    entry = ntry(
        "275.00",
        "RE-2026-00001",
        version=version,
        ref="RF18539007547034",
        e2e="E2E-7",
        charges="5.00",
        bank_id="BANK-1",
    )
    found, (movement,) = read_camt053(statement(entry, version=version))
    assert found == version
    assert movement == Movement(
        account=ACCOUNT,
        booked_on=date(2026, 3, 20),
        value_on=date(2026, 3, 20),
        amount=Decimal("275.00"),
        currency="EUR",
        name="Bäckerei Sonne GmbH",
        iban="DE02120300000000202051",
        text="RE-2026-00001",
        reference="RF18539007547034",
        end_to_end_id="E2E-7",
        bank_reference="BANK-1",
        charges=Decimal("5.00"),
    )


def test_money_out_is_negative_and_a_return_is_known():
    content = statement(ntry("280.00", "RE-2026-00001", out=True, returned=True))
    (movement,) = read_camt053(content)[1]
    assert (movement.amount, movement.returned) == (Decimal("-280.00"), True)


def test_what_is_not_booked_yet_is_not_read():
    assert read_camt053(statement(ntry("1.00", status="PDNG")))[1] == []


PAYMENT = "<TxDtls>{amount}<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
V02_AMOUNT = '<AmtDtls><TxAmt><Amt Ccy="EUR">{}</Amt></TxAmt></AmtDtls>'


def collection(total, *payments):
    """An entry that collects payments, as banks do for a day's transfers."""
    details = "".join(
        PAYMENT.format(amount=V02_AMOUNT.format(amount), text=text)
        for amount, text in payments
    )
    return (
        f'<Ntry><Amt Ccy="EUR">{total}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>2026-03-20</Dt></BookgDt><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def test_a_collection_is_read_payment_by_payment():
    entry = collection("300.00", ("280.00", "RE-2026-00001"), ("20.00", "other"))
    movements = read_camt053(statement(entry))[1]
    assert [m.amount for m in movements] == [Decimal("280.00"), Decimal("20.00")]
    assert [m.text for m in movements] == ["RE-2026-00001", "other"]


def test_a_collection_that_does_not_add_up_is_one_movement_with_all_texts():
    entry = collection("299.00", ("280.00", "RE-2026-00001"), ("20.00", "other"))
    (movement,) = read_camt053(statement(entry))[1]
    assert movement.amount == Decimal("299.00")
    assert movement.text == "RE-2026-00001 other"


BOMB = b"""<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">&b;</Document>"""
OUTSIDE = b"""<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">&x;</Document>"""
BARE = b"""<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd">
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>"""


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, BARE, b"", b"<a", b"\xff\xfe\x00"])
def test_entities_document_types_and_broken_files_are_refused(content):
    with pytest.raises(BankFileError) as refusal:
        read_camt053(content)
    assert refusal.value.code == "no_xml"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (statement(ntry("1.00"), version="camt.053.001.99"), "version"),
        (statement(ntry("1.00"), version="camt.052.001.02"), "version"),
        (b"<html/>", "version"),
        (statement(ntry("NaN")), "amount"),
        (statement(ntry("-1.00")), "amount"),
        (statement(ntry("1.001")), "amount"),
        (statement(ntry("1E+999999")), "amount"),
        (statement(ntry("1.00", day="2026-13-40")), "day"),
        (b" " * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(content, code):
    with pytest.raises(BankFileError) as refusal:
        read_camt053(content)
    assert refusal.value.code == code


def test_more_movements_than_a_person_can_look_at_are_refused(monkeypatch):
    monkeypatch.setattr(camt053, "MOST_MOVEMENTS", 2)
    with pytest.raises(BankFileError, match="too_many"):
        read_camt053(statement(*[ntry("1.00")] * 3))


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail_otherwise(content):
    with pytest.raises(BankFileError):
        read_camt053(content)


def test_a_csv_file_is_read_by_the_names_of_its_columns():
    content = HEAD + "20.03.2026;1.280,00;RE-2026-00001;Sonne;de02 1203\n\n"
    (movement,) = read_csv(content.encode("utf-8-sig"), COLUMNS)
    assert movement == Movement(
        account="",
        booked_on=date(2026, 3, 20),
        value_on=date(2026, 3, 20),
        amount=Decimal("1280.00"),
        currency="EUR",
        name="Sonne",
        iban="DE021203",
        text="RE-2026-00001",
    )


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        *(("280", "280"), ("-1.234,56", "-1234.56"), ("1234,5", "1234.5")),
        *(("12,34-", "-12.34"), ("+1'000,00", "1000"), ("−5,00 EUR", "-5")),
    ],
)
def test_amounts_are_read_as_banks_write_them(written, amount):
    content = f"{HEAD}20.03.2026;{written};x;;\n".encode()
    assert read_csv(content, COLUMNS)[0].amount == Decimal(amount)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("20.03.2026;1.28;x;;", "amount"),
        ("20.03.2026;1,234;x;;", "amount"),
        ("20.03.2026;=1+1;x;;", "amount"),
        ("2026-03-20;1,00;x;;", "day"),
        (";1,00;x;;", "day"),
    ],
)
def test_a_row_that_is_not_understood_is_named(row, code):
    content = f"{HEAD}20.03.2026;1,00;x;;\n{row}\n".encode()
    with pytest.raises(BankFileError) as refusal:
        read_csv(content, COLUMNS)
    assert refusal.value.code == code
    assert refusal.value.detail.startswith("3: ")


def test_a_missing_column_and_a_wrong_character_set_are_named():
    with pytest.raises(BankFileError) as refusal:
        read_csv(HEAD.encode(), replace(COLUMNS, iban="Konto", text="Zweck"))
    assert (refusal.value.code, refusal.value.detail) == ("column", "Zweck, Konto")
    with pytest.raises(BankFileError, match="encoding"):
        read_csv("Käse".encode("latin-1"), COLUMNS)


def test_the_same_movement_has_the_same_key_in_every_file_and_two_are_two():
    first, second = (read_camt053(statement(ntry(a)))[1][0] for a in ("1.00", "2.00"))
    one_day = dict(fingerprints([first, first]))
    two_days = dict(fingerprints([second, first, first]))
    assert len(one_day) == 2
    assert set(one_day) < set(two_days)


def test_other_peoples_money_is_not_kept():
    movements = [
        *read_camt053(statement(ntry("2500.00", "Gehalt März", out=True)))[1],
        *read_camt053(statement(ntry("80.00", "RK-2026-00001", out=True)))[1],
        *read_camt053(statement(ntry("5.00", "Spende")))[1],
    ]
    assert [m.concerns_us for m in movements] == [False, True, True]
