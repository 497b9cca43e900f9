"""The people and places of billing's tests."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from billing.actions.contract import save_contract
from billing.actions.hand_over import hand_over
from billing.documents.renderer import Renderer
from billing.models import BillingProfile, Issuer, RateCard, VatRate
from emergency import billable
from tests.integration.billing.billing_system import OURS, THEIRS
from tests.integration.billing.bookkeeping import (
    a_credit_note,
    a_document,
    settled_settings,
)
from tests.integration.billing.door import NIGHT, Door
from tests.integration.billing.other_systems import Taker, Vies, running
from tests.integration.billing.stories import MORNING, approved

DRAWN: list[bytes] = []
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


@pytest.fixture(autouse=True)
def _one_page_for_all(request, monkeypatch) -> None:
    """Where a test does not look at paper, the first page that the worker has drawn
    stands for every other: drawing is half of what billing's tests would cost."""
    if request.node.get_closest_marker("paper"):
        return
    draw = Renderer.to_pdf

    def drawn_once(renderer: Renderer, html: str, **what: Any) -> bytes:
        if not DRAWN:
            DRAWN.append(draw(renderer, html, **what))
        return DRAWN[0]

    monkeypatch.setattr(Renderer, "to_pdf", drawn_once)


@pytest.fixture
def door(monkeypatch):
    """The stand-in for the door to emergency."""
    door = Door()
    for name in (
        *("open_work", "objected", "objections_seen", "closed_between"),
        *("work", "works", "freeze", "record_document"),
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
    VatRate.objects.get_or_create(
        valid_from=date(2000, 1, 1), defaults={"rate": Decimal("20.00")}
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
def mode(settings, door, monkeypatch):
    """Documents are handed over; nobody takes them yet."""
    settled = []
    monkeypatch.setattr(billable, "record_settled", lambda **fact: settled.append(fact))
    settings.BILLING_MODE = "hand_over"
    settings.HAND_OVER = {
        "URL": "",
        "SECRET": OURS,
        "CALLBACK_SECRET": THEIRS,
        "CALLBACK_SECRET_SECONDARY": "",
        "ORDER_RECORD": "link",
        "TAX_CODES": {"S20": "U20", "AE": "RC"},
    }
    door.settled = settled
    return settings


@pytest.fixture
def system(mode):
    with running(Taker) as taker:
        mode.HAND_OVER = {**mode.HAND_OVER, "URL": f"{taker.url}/documents"}
        yield taker


@pytest.fixture
def handed(mode, door, profile, accountant):
    BillingProfile.objects.update(external_number="D-77")
    document = approved(door, accountant.pk)
    return hand_over(document_id=document.pk, now=MORNING)


@pytest.fixture
def authority(settings):
    with running(Vies) as system:
        settings.VIES_URL = system.url
        yield system


@pytest.fixture
def german(profile):
    """A business in Germany whose id nobody has confirmed."""
    BillingProfile.objects.update(
        country="DE", vat_id="DE136695976", vat_id_valid=None, vat_id_checked_at=None
    )
    profile.refresh_from_db()
    return profile


@pytest.fixture
def agree(profile, accountant):
    """Agree on something with account K-1."""

    def save(now=NIGHT - timedelta(days=5), **changes):
        values = {
            "account_number": "K-1",
            "valid_from": date(2026, 1, 1),
            "own_prices": None,
            "callback_within": None,
            "included_emergencies": 0,
            "included_period": "year",
            "may_order": [],
            "why": "Rahmenvertrag 12",
            "staff_id": accountant.pk,
            "now": now,
        }
        return save_contract(**{**values, **changes})

    return save


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
