"""What every test may ask for."""

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.test.testcases import LiveServerThread
from hypothesis import settings as hypothesis
from pytest_django.live_server_helper import LiveServer

from emergency.operator_facts import kept
from tests import emptying, template
from tests.lasting import LastingThreads
from tests.night import Night
from tests.product import Product, running_product
from tests.telephone import TelephoneNetwork, eventually, start_network
from tests.warm import Warm, warm_parent

# A machine under load is slow, and that is no counterexample.
hypothesis.register_profile("any machine", deadline=None)
hypothesis.load_profile("any machine")

LiveServerThread.server_class = LastingThreads
TransactionTestCase._fixture_teardown = emptying.empty  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the whole product begin first: they take longest."""
    order = {"browser": 0, "fault": 1}
    items.sort(
        key=lambda item: min(
            (order.get(m.name, 2) for m in item.iter_markers()), default=2
        )
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tests of one group share one worker, and what they start: a pytest-xdist that
    loses the groups says nothing, and starts everything in every worker."""
    # What is loaded by now lives as long as the run: to look through it again and again
    # for garbage takes a tenth of all time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    if not session.config.getoption("loadgroup", default=False):
        return
    for item in session.items:
        if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
            pytest.exit(f"pytest-xdist does not know the group of {item.nodeid}", 3)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Beside a browser, and the product that it looks at, everything else takes what
    they leave: they are the longest row of tests that wait for each other."""
    waits = item.get_closest_marker("browser") or item.get_closest_marker("fault")
    if hasattr(item.config, "workerinput") and not waits and os.nice(0) == 0:
        os.nice(5)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """A worker's database is a copy of the template, where there is one."""
    if name := template.wait():
        connection.settings_dict["TEST"] |= {"TEMPLATE": name, "MIGRATE": False}


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: LiveServer) -> LiveServer:
    """It ends before the database that its threads hold on to."""
    return live_server


@pytest.fixture(autouse=True)
def _quick(settings) -> None:
    """Hashing a password slowly proves nothing here; nor does reading every static
    file for every client that a test makes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def known_facts(db) -> None:
    """The operator's facts are read, for the next half minute: whoever counts the
    questions of a page does not count those."""
    kept.forget()
    kept.current()


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """Runs processes that need not load the libraries again."""
    with warm_parent() as parent:
        yield parent


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
def deaf_network() -> Iterator[TelephoneNetwork]:
    """A telephone network whose callbacks reach nobody."""
    with tempfile.TemporaryDirectory(prefix="est-phones-") as directory:
        process, network = start_network(Path(directory), dict(os.environ))
        with process:
            yield network
            process.terminate()


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The whole product with demo data, started once by each worker that needs it."""
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
    # A call that nobody answers with a key ends after three seconds, not eighteen.
    monkeypatch.setattr("emergency.pagers.twiml.SECONDS_FOR_THE_KEY", 1)
    settings.ALLOWED_HOSTS = ["*"]
    yield _begin(telephone_process, live_server.url, settings, monkeypatch)
    telephone_process.act("/sim/reset")
    # The live server must not be asked after the database was taken away from it.
    eventually(telephone_process.has_no_callback_under_way)


@pytest.fixture
def quiet_night(deaf_network, db, settings, monkeypatch) -> Night:
    """A night in which telephones ring and nobody hears back from them: quicker, for
    everything that does not depend on what a provider reports."""
    # Nobody listens there.
    return _begin(deaf_network, "http://127.0.0.1:9", settings, monkeypatch)


def _begin(network: TelephoneNetwork, url: str, settings, monkeypatch) -> Night:
    settings.PUBLIC_BASE_URL = url
    settings.TWILIO_API_BASE_URL = network.url
    network.act("/sim/reset")
    night = Night(network=network)
    monkeypatch.setattr("django.utils.timezone.now", lambda: night.now)
    night.prepare()
    return night
