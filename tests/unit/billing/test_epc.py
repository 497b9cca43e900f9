"""The code of a transfer that a banking app reads (EPC069-12)."""

from decimal import Decimal

import pytest

from billing.documents.epc import epc_code

pytestmark = pytest.mark.no_servers


def a_code(amount="280.00", currency="EUR", iban="AT611904300234573201"):
    return epc_code(
        holder="Nordlicht " * 20,
        iban=iban,
        bic="",
        amount=Decimal(amount),
        currency=currency,
        reference="RE-2026-00001",
    )


def test_no_code_where_a_transfer_cannot_be_said_in_one():
    assert a_code() is not None
    assert a_code(currency="CHF") is None
    assert a_code(amount="0.00") is None
    assert a_code(iban="") is None
