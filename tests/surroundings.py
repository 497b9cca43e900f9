"""Real PostgreSQL and Valkey for the suite, before the settings are read.

A plugin (`-p tests.surroundings`), because pytest-django reads the settings earlier
than any conftest is loaded. Where DATABASE_URL and REDIS_URL name servers, those are
used instead.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from emergency.launcher.servers import Servers, embedded
from tests import template

DEFAULTS = {
    "SECRET_KEY": "only-for-tests-" + "x" * 50,
    "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-tests",
    "TWILIO_FROM_NUMBER": "+43720880000",
    # Nobody listens there: a test that pages without a simulator fails at once.
    "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
    "EMAIL_URL": "memory:",
    "LOG_LEVEL": "WARNING",
    # As in the demonstration; what is in force without them has tests of its own.
    "STAFF_MFA": "optional",
    "STAFF_REAUTH_MINUTES": "0",
}

_stack = ExitStack()
_root = Path(tempfile.mkdtemp(prefix="est-"))
_stack.callback(shutil.rmtree, _root, ignore_errors=True)


def _start() -> Servers:
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("DATA_DIR", str(_root / "data"))
    # As root the servers run as another user, who must be able to come this far.
    _root.chmod(0o711)
    return _stack.enter_context(
        embedded(
            _root / "servers",
            database_url=os.environ.get("DATABASE_URL"),
            redis_url=os.environ.get("REDIS_URL"),
        )
    )


servers = _start()
os.environ.update(servers.environment)


def pytest_configure(config: pytest.Config) -> None:
    """Several workers share one template; one process makes its own database."""
    spreads = config.getoption("dist", "no") != "no"
    if spreads and servers.postgres and not hasattr(config, "workerinput"):
        _stack.callback(template.begin(servers.database_url, _root).wait)


@pytest.fixture(scope="session")
def embedded_servers() -> Servers:
    """The servers of this run."""
    return servers


def pytest_unconfigure() -> None:
    """The servers stop with the run."""
    _stack.close()
