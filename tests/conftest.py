"""What every test may ask for."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.night import Night
from tests.product import Product, running_product
from tests.telephone import TelephoneNetwork, eventually, start_network


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the whole product begin first: they take longest."""
    order = {"browser": 0, "fault": 1}
    items.sort(
        key=lambda item: min(
            (order.get(m.name, 2) for m in item.iter_markers()), default=2
        )
    )


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """Hashing a password slowly proves nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def telephone_process(live_server) -> Iterator[TelephoneNetwork]:
    """One simulated telephone network for the run; answers come to the live server."""
    with tempfile.TemporaryDirectory(prefix="est-phones-") as directory:
        process, network = start_network(
            Path(directory),
            {
                **os.environ,
                "SIMULATOR_SMS_WEBHOOK_URL": (
                    f"{live_server.url}/webhooks/twilio/sms/inbound"
                ),
            },
        )
        with process:
            yield network
            process.terminate()


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The whole product with demo data, started once for browser and fault tests."""
    with (
        tempfile.TemporaryDirectory(prefix="est-run-") as directory,
        running_product(Path(directory) / "var") as product,
    ):
        yield product


@pytest.fixture
def night(
    live_server, telephone_process, transactional_db, settings, monkeypatch
) -> Iterator[Night]:
    """A night: its own clock, an empty telephone network, technicians and a policy."""
    settings.PUBLIC_BASE_URL = live_server.url
    settings.TWILIO_API_BASE_URL = telephone_process.url
    settings.ALLOWED_HOSTS = ["*"]
    telephone_process.act("/sim/reset")
    night = Night(network=telephone_process)
    monkeypatch.setattr("django.utils.timezone.now", lambda: night.now)
    # A call that nobody answers with a key ends after three seconds, not eighteen.
    monkeypatch.setattr("emergency.pagers.twilio.SECONDS_FOR_THE_KEY", 1)
    night.prepare()
    yield night
    telephone_process.act("/sim/reset")
    # The live server must not be asked after the database was taken away from it.
    eventually(telephone_process.has_no_callback_under_way)
