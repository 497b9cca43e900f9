from collections.abc import Iterator

import pytest
from django.test import Client

from emergency.models import OperatorProfile
from emergency.operator_facts import kept
from tests.integration.public import pages
from tests.people import NIGHT


@pytest.fixture(autouse=True)
def _offer(db, settings, tmp_path, monkeypatch) -> Iterator[None]:
    """An operator with a price, at 02:11, and no page sent anywhere."""
    settings.FEE_TERMS = "tests.integration.public.pages.fee_terms"
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("emergency.terms._kept", {})
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT)
    monkeypatch.setitem(pages.offer, "version", "test-1")
    OperatorProfile.objects.create(
        name="Nordlicht", hotline="+43 720 880 000", valid_from=NIGHT
    )
    kept.forget()
    yield
    kept.forget()


@pytest.fixture
def customer() -> Client:
    """A browser in German that checks nothing but sends what pages tell it to."""
    return Client(headers={"accept-language": "de-AT,de;q=0.9"})
