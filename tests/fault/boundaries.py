"""Where a process can die: around every statement, every commit and every request.

Nobody writes these places down. They are met as the code runs, so that none is
forgotten when the code changes.
"""

import gc
import http.client
import os
import re
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn
from unittest import mock

import psycopg
import requests.adapters
from django.conf import settings
from django.db import connections

from emergency.pagers import twilio
from tests.telephone import eventually

Meet = Callable[[str], None]

# A process that hangs at a boundary is a failure, too.
PATIENCE_SECONDS = 30
_inherited: list[Any] = []

TABLE = re.compile(r'(?:FROM|INTO|UPDATE)\s+"?(\w+)"?')


@contextmanager
def watched(meet: Meet) -> Iterator[None]:
    """``meet`` hears the name of every boundary that is passed in this thread.

    Inside a transaction, after one statement and before the next are one boundary:
    nothing happens between them that anybody could see.
    """
    connection = connections["default"]
    behind = ""

    def before(name: str) -> None:
        nonlocal behind
        behind, place = "", f"{behind}before {name}"
        meet(place)

    def statement(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal behind
        name = _named(sql)
        before(name)
        answer = execute(sql, *rest)
        if connection.in_atomic_block:
            behind = f"after {name}, "
        else:
            meet(f"after {name}")
        return answer

    def around(owner: Any, attribute: str, name: str, *, after: bool) -> Any:
        real = getattr(owner, attribute)

        def passed(*args: Any, **kwargs: Any) -> Any:
            before(name)
            answer = real(*args, **kwargs)
            if after:
                meet(f"after {name}")
            return answer

        return mock.patch.object(owner, attribute, passed)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(statement))
        stack.enter_context(around(connection, "commit", "the commit", after=True))
        stack.enter_context(
            around(requests.adapters.HTTPAdapter, "send", "the request", after=True)
        )
        # The request is written by then: the provider may act on it already.
        stack.enter_context(
            around(http.client.HTTPConnection, "getresponse", "the answer", after=False)
        )
        yield


def killed_at(number: int, act: Callable[[], object]) -> str | None:
    """A process of its own does ``act`` and is killed (SIGKILL) at the boundary of this
    number, counted from 0. The boundary's name; None when it came to an end before."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        # A collection would touch, and thereby copy, the whole of the parent.
        gc.disable()
        _live_and_die(number, act, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        name = pipe.read()
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    eventually(_nobody_holds_a_row, every=0.002, why="the server has noticed the death")
    if ended == -signal.SIGKILL:
        return name
    assert ended == 0, f"the process ended with {ended}: {name}"
    return None


def passed_by(act: Callable[[], object]) -> list[str]:
    """The names of all boundaries that this process passes doing ``act``."""
    names: list[str] = []
    with watched(names.append):
        act()
    return names


def _nobody_holds_a_row() -> bool:
    """Whether every transaction of others in this database has ended."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND xact_start IS NOT NULL)"
        )
        return bool(cursor.fetchone()[0])


def _live_and_die(number: int, act: Callable[[], object], pipe: int) -> NoReturn:
    passed = 0

    def meet(name: str) -> None:
        nonlocal passed
        if passed == number:
            os.write(pipe, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    connection = connections["default"]
    try:
        signal.alarm(PATIENCE_SECONDS)
        # What was open at the fork is the parent's: kept, but never used.
        _inherited.extend((connection.connection, dict(twilio._clients)))
        connection.connection = None
        twilio._clients.clear()
        with watched(meet):
            act()
    except BaseException as error:  # noqa: BLE001 - nothing may leave the child
        os.write(pipe, repr(error).encode())
        os._exit(1)
    os._exit(0)


def _named(sql: str) -> str:
    table = TABLE.search(sql)
    verb = sql.split(maxsplit=1)[0]
    return f"{verb} {table.group(1)}" if table else verb


def cut(*, by_server: bool) -> None:
    """The connection to the database breaks: the server ends it, or our process is no
    more. Either way an open transaction is undone."""
    connection = connections["default"]
    if connection.connection is None:
        return
    if by_server:
        stored = settings.DATABASES["default"]
        with psycopg.connect(
            host=stored["HOST"] or None,
            port=stored["PORT"] or None,
            user=stored["USER"] or None,
            password=stored["PASSWORD"] or None,
            dbname=connection.settings_dict["NAME"],
            autocommit=True,
        ) as other:
            pid = connection.connection.info.backend_pid
            other.execute("SELECT pg_terminate_backend(%s, 1000)", [pid])
        return
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
