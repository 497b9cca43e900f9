"""Short ways to bank files and what was made of them."""

from contextlib import contextmanager
from datetime import date, timedelta
from xml.sax.saxutils import escape

import pytest

from billing.actions.bank_import import import_bank_file
from billing.actions.matching import book_by_hand, book_exact_matches
from billing.actions.refusal import BillingRefusal
from billing.models import BankEntry
from tests.integration.billing.stories import MORNING

V02, V08 = "camt.053.001.02", "camt.053.001.08"
ACCOUNT = "AT611904300234573201"


def ntry(
    amount,
    text="",
    *,
    out=False,
    returned=False,
    name="Bäckerei Sonne GmbH",
    iban="DE02120300000000202051",
    day=date(2026, 3, 20),
    version=V02,
    currency="EUR",
    status="BOOK",
    e2e="",
    ref="",
    charges="",
    bank_id="",
):
    """One entry with one payment in it."""
    side = "Cdtr" if out else "Dbtr"
    named = f"<Nm>{escape(name)}</Nm>"
    party = f"<Pty>{named}</Pty>" if version == V08 else named
    state = f"<Cd>{status}</Cd>" if version == V08 else status
    fee = f'<Amt Ccy="EUR">{charges}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
    record = f"<Rcrd>{fee}</Rcrd>" if version == V08 else fee
    reference = f"<Strd><CdtrRefInf><Ref>{ref}</Ref></CdtrRefInf></Strd>" if ref else ""
    return f"""<Ntry><Amt Ccy="{currency}">{amount}</Amt>
    <CdtDbtInd>{"DBIT" if out else "CRDT"}</CdtDbtInd>
    {"<RvslInd>true</RvslInd>" if returned else ""}<Sts>{state}</Sts>
    <BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>
    {f"<AcctSvcrRef>{bank_id}</AcctSvcrRef>" if bank_id else ""}
    {f"<Chrgs>{record}</Chrgs>" if charges else ""}
    <NtryDtls><TxDtls><Refs><EndToEndId>{e2e or "NOTPROVIDED"}</EndToEndId></Refs>
    <RltdPties><{side}>{party}</{side}>
    <{side}Acct><Id><IBAN>{iban}</IBAN></Id></{side}Acct></RltdPties>
    <RmtInf><Ustrd>{escape(text)}</Ustrd>{reference}</RmtInf></TxDtls></NtryDtls>
    </Ntry>"""


def statement(*entries, version=V02, name="STMT-1"):
    """A file of the bank with these entries."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><BkToCstmrStmt>
    <GrpHdr><MsgId>{name}</MsgId><CreDtTm>2026-03-21T06:00:00</CreDtTm></GrpHdr>
    <Stmt><Id>{name}</Id><Acct><Id><IBAN>{ACCOUNT}</IBAN></Id></Acct>
    {"".join(entries)}</Stmt></BkToCstmrStmt></Document>""".encode()


def imported(staff, *entries, now=MORNING, **more):
    """The entries that this statement brought, in its order."""
    content = statement(*entries, **more)
    taken = import_bank_file(
        name="statement.xml", content=content, mapping=None, staff_id=staff.pk, now=now
    )
    return list(BankEntry.objects.filter(file=taken.file).order_by("pk"))


@contextmanager
def refused(code):
    """What is done in here is refused for this reason."""
    with pytest.raises(BillingRefusal) as refusal:
        yield
    assert refusal.value.code == code


LATER = MORNING + timedelta(days=30)


def booked_exactly():
    """How many entries the machine has booked by itself."""
    return book_exact_matches(now=LATER)


def by_hand(entry, numbers, account, staff):
    """The entry pays these documents, as somebody says."""
    return book_by_hand(
        entry_id=entry.pk,
        numbers=numbers,
        account=account,
        staff_id=staff.pk,
        now=LATER,
    )


def status(row):
    """What the row says by now."""
    row.refresh_from_db()
    return row.status
