"""The people and places of billing's tests."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model

from billing.models import BillingProfile, Issuer, RateCard
from emergency import billable
from tests.integration.billing.bookkeeping import (
    a_credit_note,
    a_document,
    settled_settings,
)
from tests.integration.billing.door import Door

ISSUER = {
    "legal_name": "Nordlicht Hosting GmbH",
    "address": "Donaugasse 7",
    "postcode": "4020",
    "city": "Linz",
    "country": "AT",
    "vat_id": "ATU13585627",
    "register_number": "FN 123456a",
    "register_court": "Landesgericht Linz",
    "iban": "AT611904300234573201",
    "bic": "BKAUATWW",
    "email": "buchhaltung@nordlicht.example",
    "phone": "+43 732 000000",
    "website": "nordlicht.example",
}


@pytest.fixture
def door(monkeypatch):
    """The stand-in for the door to emergency."""
    door = Door()
    for name in (
        *("open_work", "objected", "objections_seen", "closed_between"),
        *("work", "freeze", "record_document"),
        *("record_settled", "record_settlement_undone"),
    ):
        monkeypatch.setattr(billable, name, getattr(door, name))
    return door


@pytest.fixture
def issuer(db):
    """A complete issuer and the price page's card."""
    RateCard.objects.get_or_create(
        valid_from=datetime(2000, 1, 1, tzinfo=UTC),
        defaults={
            "initial_fee": Decimal("200.00"),
            "included_minutes": 30,
            "support_hourly": Decimal("200.00"),
            "application_analysis_hourly": Decimal("200.00"),
        },
    )
    issuer, _ = Issuer.objects.update_or_create(
        valid_from=date(2000, 1, 1), defaults=ISSUER
    )
    return issuer


@pytest.fixture
def profile(issuer):
    """An Austrian business with everything on file."""
    return BillingProfile.objects.create(
        account_number="K-1",
        kind="business",
        legal_name="Bäckerei Sonne GmbH",
        address="Hauptplatz 1",
        postcode="4600",
        city="Wels",
        country="AT",
        vat_id="ATU12345675",
        vat_id_valid=True,
        vat_id_checked_at=datetime(2026, 1, 1, tzinfo=UTC),
        language="de",
        invoice_email="rechnung@sonne.example",
    )


def make_staff(role):
    """Somebody with this role, who signs in by the test client and has no password."""
    return get_user_model().objects.create_user(
        f"{role}@nordlicht.example", full_name=role, role=role
    )


@pytest.fixture
def accountant(db):
    return make_staff("accounting")


@pytest.fixture
def technician(db):
    return make_staff("technician")


@pytest.fixture
def books(db):
    """An accountant's settings with which every format can be made."""
    return settled_settings()


@pytest.fixture
def documents(db):
    """Two invoices of March, one for a name that Windows-1252 lacks, and a credit note
    for the first."""
    first = a_document("RE-2026-00001")
    second = a_document("RE-2026-00002", date(2026, 3, 9), name="Łódź <b>& Söhne</b>")
    return [first, second, a_credit_note("RK-2026-00001", first, date(2026, 3, 9))]


@pytest.fixture
def march(books, documents):
    """The documents of March and the settings for them."""
    return documents
