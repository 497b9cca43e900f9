"""Bank statements of ISO 20022: camt.053.001.02 and camt.053.001.08.

The parser knows no entities and no document type, fetches nothing, and reads files of a
bounded size. Only booked entries count. An entry that collects several payments is read
payment by payment if their amounts add up to it, and as one movement if not.

Source: the message definitions of ISO 20022. The two versions differ, for us, in where
the status, the parties' names and the charges stand.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from billing.rules.bank_entry import Movement
from billing.rules.rounding import CENT, ZERO
from billing.sources.refusal import MOST_BYTES, MOST_MOVEMENTS, BankFileError

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
VERSIONS = ("camt.053.001.02", "camt.053.001.08")
NOT_PROVIDED = "NOTPROVIDED"


def read_camt053(content: bytes) -> tuple[str, list[Movement]]:
    """The version and the movements of all statements in the file. Raises
    BankFileError."""
    if len(content) > MOST_BYTES:
        raise BankFileError("too_large")
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BankFileError("no_xml", str(error)[:120]) from error
    version = root.tag.removeprefix(f"{{{NAMESPACE}").partition("}")[0]
    if version not in VERSIONS:
        raise BankFileError("version", version[:60])
    statements = _all(root, "BkToCstmrStmt/Stmt")
    if not statements:
        raise BankFileError("no_statement")
    movements: list[Movement] = []
    for statement in statements:
        movements += _statement(statement)
        if len(movements) > MOST_MOVEMENTS:
            raise BankFileError("too_many")
    return version, movements


def _statement(statement: Element) -> Iterator[Movement]:
    account = _text(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id")
    for entry in _all(statement, "Ntry"):
        status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
        if status == "BOOK":
            yield from _entry(entry, account)


def _entry(entry: Element, account: str) -> Iterator[Movement]:
    total = _amount(entry, "Amt")
    details = _all(entry, "NtryDtls/TxDtls")
    parts = [_detail_amount(detail) for detail in details]
    found = [part for part in parts if part is not None]
    if len(details) > 1 and len(found) == len(parts) and sum(found, ZERO) == total:
        for detail, part in zip(details, found, strict=True):
            yield _movement(entry, [detail], part, account)
    else:
        yield _movement(entry, details, total, account)


def _movement(
    entry: Element, details: list[Element], amount: Decimal, account: str
) -> Movement:
    """One movement, from the entry and the payment (or all payments) in it."""
    one = details[0] if len(details) == 1 else None
    is_out = _text(entry, "CdtDbtInd") == "DBIT"
    booked = _day(entry, "BookgDt")
    party = _party(one, "Cdtr" if is_out else "Dbtr")
    returned = _text(entry, "RvslInd") in {"true", "1"} or any(
        _find(detail, "RtrInf") is not None for detail in details
    )
    if returned and not party[1]:
        party = _party(one, "Dbtr" if is_out else "Cdtr")
    texts = [t for detail in details for t in _texts(detail, "RmtInf/Ustrd")]
    return Movement(
        account=account[:34],
        booked_on=booked or _day(entry, "ValDt") or _no_day(entry),
        value_on=_day(entry, "ValDt") or booked or _no_day(entry),
        amount=-amount if is_out else amount,
        currency=_currency(entry),
        name=party[0][:200],
        iban=party[1][:34],
        text=" ".join(texts or _texts(entry, "AddtlNtryInf"))[:1000],
        reference=" ".join(
            t
            for detail in details
            for t in _texts(detail, "RmtInf/Strd/CdtrRefInf/Ref")
        )[:200],
        end_to_end_id=_end_to_end(one)[:100],
        bank_reference=_bank_reference(entry, one)[:100],
        charges=_charges(entry, one),
        returned=returned,
    )


def _bank_reference(entry: Element, detail: Element | None) -> str:
    own = _text(detail, "Refs/AcctSvcrRef") if detail is not None else ""
    return own or _text(entry, "AcctSvcrRef")


def _end_to_end(detail: Element | None) -> str:
    found = _text(detail, "Refs/EndToEndId") if detail is not None else ""
    return "" if found == NOT_PROVIDED else found


def _party(detail: Element | None, role: str) -> tuple[str, str]:
    """Name and IBAN of the other side."""
    if detail is None:
        return "", ""
    parties = f"RltdPties/{role}"
    name = _text(detail, f"{parties}/Pty/Nm") or _text(detail, f"{parties}/Nm")
    iban = _text(detail, f"{parties}Acct/Id/IBAN").replace(" ", "").upper()
    return name, iban


def _detail_amount(detail: Element) -> Decimal | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        if _find(detail, path) is not None:
            return _amount(detail, path)
    return None


def _charges(entry: Element, detail: Element | None) -> Decimal:
    """What the bank kept of this payment; what it gave back counts nothing. What it
    kept of a whole collection belongs to none of its payments."""
    total = ZERO
    if detail is not None and _all(detail, "Chrgs"):
        holder = detail
    elif len(_all(entry, "NtryDtls/TxDtls")) > 1:
        return ZERO
    else:
        holder = entry
    for charge in [*_all(holder, "Chrgs"), *_all(holder, "Chrgs/Rcrd")]:
        is_ours = _text(charge, "CdtDbtInd") != "CRDT"
        if is_ours and _find(charge, "Amt") is not None:
            total += _amount(charge, "Amt")
    return total


def _amount(element: Element, path: str) -> Decimal:
    written = _text(element, path)
    try:
        amount = Decimal(written)
    except InvalidOperation:
        raise BankFileError("amount", written[:40]) from None
    if not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 10:
        raise BankFileError("amount", written[:40])
    if amount != amount.quantize(CENT):
        raise BankFileError("amount", written[:40])
    return amount.quantize(CENT)


def _currency(entry: Element) -> str:
    found = _find(entry, "Amt")
    return (found.get("Ccy", "") if found is not None else "")[:3]


def _day(entry: Element, path: str) -> date | None:
    written = _text(entry, f"{path}/Dt") or _text(entry, f"{path}/DtTm")[:10]
    if not written:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        raise BankFileError("day", written[:40]) from None


def _no_day(entry: Element) -> date:
    raise BankFileError("day", _text(entry, "NtryRef")[:40])


def _path(path: str) -> str:
    return "/".join(f"{{*}}{step}" for step in path.split("/"))


def _find(element: Element, path: str) -> Element | None:
    return element.find(_path(path))


def _all(element: Element, path: str) -> list[Element]:
    return element.findall(_path(path))


def _text(element: Element, path: str) -> str:
    found = _find(element, path)
    return " ".join((found.text or "").split()) if found is not None else ""


def _texts(element: Element, path: str) -> list[str]:
    return [t for e in _all(element, path) if (t := " ".join((e.text or "").split()))]
