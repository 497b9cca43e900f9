"""One simulator process for the module; every test begins with an empty network."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.simulator.exchange import (
    ACCOUNT,
    GATEWAY_SECRET,
    GATEWAY_TOKEN,
    TOKEN,
    Application,
    Simulator,
    eventually,
    start_application,
)

ROOT = Path(__file__).parents[3]
CLEAN = ("TWILIO_", "SIMULATOR_")


def environment(directory: Path, **changes: str) -> dict[str, str]:
    """The environment of a simulator process, without the outer one's settings."""
    outer = {n: v for n, v in os.environ.items() if not n.startswith(CLEAN)}
    return {
        **outer,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "SIMULATOR_PORT": "0",
        "SIMULATOR_DIR": str(directory),
        "SIMULATOR_SPEECH_SECONDS_PER_WORD": "0.01",
        "SIMULATOR_PACE": "0.3",
        **changes,
    }


@contextlib.contextmanager
def running(**env: Any) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A simulator process and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "emergency.simulator"],
        env=environment(**env),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "ready" in line
            yield process, line.split()[-1].rstrip("/")
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def application_process() -> Iterator[Application]:
    application = start_application()
    yield application
    application.server.shutdown()
    application.server.server_close()


@pytest.fixture(scope="module")
def simulator_process(
    tmp_path_factory: pytest.TempPathFactory, application_process: Application
) -> Iterator[Simulator]:
    directory = tmp_path_factory.mktemp("simulator")
    settings = {
        "SIMULATOR_SMS_WEBHOOK_URL": application_process.url + "/sms/inbound",
        "SIMULATOR_GATEWAY_TOKEN": GATEWAY_TOKEN,
        "SIMULATOR_GATEWAY_SECRET": GATEWAY_SECRET,
        "SIMULATOR_GATEWAY_INBOUND_URL": application_process.url + "/gateway/inbound",
    }
    with running(directory=directory, **settings) as (_, url):
        yield Simulator(url, directory)


@pytest.fixture
def simulator(simulator_process: Simulator) -> Simulator:
    """The simulator with an empty network and an empty request log."""
    simulator_process.act("/sim/reset")
    # What was already on its way when the last test ended is not this test's.
    eventually(lambda: simulator_process.state()["callbacks_under_way"] == 0)
    (simulator_process.directory / "requests.jsonl").unlink(missing_ok=True)
    (simulator_process.directory / "phones.json").unlink(missing_ok=True)
    return simulator_process


@pytest.fixture
def application(application_process: Application) -> Application:
    """The application with nothing received and nothing to answer."""
    application_process.received.clear()
    application_process.answers.clear()
    return application_process
