"""A PostgreSQL that hangs: it answers nobody and closes nothing."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, transaction
from django.db.utils import ConnectionHandler

from emergency.database.patience import patience
from emergency.environment import database_settings
from emergency.launcher.postgres import Postgres
from emergency.launcher.servers import embedded
from tests.freezing import children, frozen
from tests.telephone import eventually

pytestmark = pytest.mark.no_servers

PATIENCE = 1.0
BOUND = 6.0


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Postgres]:
    folder = tmp_path_factory.mktemp("frozen")
    for part in (folder, *folder.parents[:3]):
        # Never the folder for everybody's temporary files: that one is open already.
        if not part.stat().st_mode & 0o001:
            part.chmod(0o711)
    with embedded(Path(folder), redis_url="redis://127.0.0.1:9/0") as servers:
        assert servers.postgres is not None
        yield servers.postgres


@pytest.fixture
def connection(server, django_db_blocker):
    settings = database_settings(server.url, statement_seconds=10)
    found = ConnectionHandler({"default": settings})["default"]
    with django_db_blocker.unblock():
        yield found
        found.close()


@contextmanager
def frozen_at_the_end(pid: int) -> Iterator[None]:
    """The block freezes it; afterwards it goes on."""
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def ask(connection, statement="SELECT 1"):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def freeze_before_the_commit(connection, pid: int) -> None:
    with transaction.atomic():
        ask(connection, "SELECT txid_current()")
        os.kill(pid, signal.SIGSTOP)


def answers(connection) -> bool:
    try:
        return bool(ask(connection) == 1)
    except OperationalError:
        return False


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_a_statement_to_a_backend_that_hangs_is_given_up(connection):
    backend = ask(connection, "SELECT pg_backend_pid()")
    with frozen(backend):
        with (
            within(BOUND),
            patience(PATIENCE),
            pytest.raises(OperationalError, match="did not answer within 1"),
        ):
            ask(connection)
        # The server itself lives: the next try gets another backend.
        connection.close()
        with within(BOUND), patience(PATIENCE):
            assert ask(connection, "SELECT pg_backend_pid()") != backend


def test_a_new_connection_to_a_server_that_hangs_is_given_up(connection, server):
    assert server.process is not None
    parent = server.process.pid
    with (
        frozen(parent, *children(parent)),
        within(BOUND),
        patience(PATIENCE),
        pytest.raises(OperationalError),
    ):
        ask(connection)
    # Nobody asks again at once: that would hang every thread in turn.
    with within(1.0), pytest.raises(OperationalError, match="just now"):
        ask(connection)
    eventually(lambda: answers(connection), why="it is asked again")


def test_a_commit_that_nobody_confirms_is_an_error_and_the_next_try_goes_on(
    connection, monkeypatch
):
    monkeypatch.setattr(transaction, "get_connection", lambda using: connection)
    backend = ask(connection, "SELECT pg_backend_pid()")
    with (
        frozen_at_the_end(backend),
        within(BOUND),
        patience(PATIENCE),
        pytest.raises(OperationalError),
    ):
        freeze_before_the_commit(connection, backend)
    assert ask(connection) == 1


def test_the_server_ends_what_takes_too_long_and_what_does_nothing(connection):
    limits = {
        name: ask(connection, f"SHOW {name}")
        for name in (
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
        )
    }
    assert limits == {
        "statement_timeout": "10s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "20s",
    }


def test_what_the_address_says_wins():
    url = "postgres://h/db?options=-c%20lock_timeout%3D7&connect_timeout=9"
    options = database_settings(url, statement_seconds=10)["OPTIONS"]
    assert options["options"].endswith("-c lock_timeout=7")
    assert options["connect_timeout"] == 9
    without = database_settings("postgres://h/db", statement_seconds=0)["OPTIONS"]
    assert "timeout" not in without["options"]
