"""What an import of many accounts and servers takes, to its commit.

The floor is PostgreSQL's COPY of the same bytes into one column. All of it is rolled
back, so that what is measured afterwards finds the demo as it was.
"""

import time
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from emergency.actions.account_import import Listed, import_list
from emergency.queries.stored_accounts import planned
from tests.bench.table import Row

HEAD = "record,account,external_id,name,address,aliases,contract,email,phone\n"
SERVERS_OF_AN_ACCOUNT = 8


def measure(count: int) -> list[Row]:
    """Seconds for a first list of ``count`` rows, the same again, and one in which
    every server is another one."""
    first, other = (_list(count, name) for name in ("web", "other"))
    with transaction.atomic():
        floor = _took(lambda: _copy(first))
        rows = [
            ("shown before it is written", lambda: planned(first, partial=True)),
            ("first time", lambda: _import(first)),
            ("the same again", lambda: _import(first)),
            ("every server changed", lambda: _import(other)),
        ]
        found = [Row(n, _took(do), floor, unit="s", at_most=10) for n, do in rows]
        transaction.set_rollback(True)
    return found


def _list(count: int, name: str) -> bytes:
    lines = [HEAD]
    number = 0
    for index in range(count):
        place = index % (SERVERS_OF_AN_ACCOUNT + 2)
        if place == 0:
            number += 1
            lines.append(f"account,B{number},b-{number},Customer {number},,,,,\n")
        elif place == 1:
            mail = f"p{number}@customer.example"
            lines.append(
                f"contact,B{number},p-{number},Pat {number},,,,{mail},+436641234567\n"
            )
        else:
            host = f"{name}{index}.bench.example"
            address = f"10.{index >> 16 & 255}.{index >> 8 & 255}.{index & 255}"
            aliases = f"shop{index}.bench.example;S-{index}"
            lines.append(
                f"server,B{number},s-{index},{host},{address},{aliases},V-{index},,\n"
            )
    return "".join(lines).encode()


def _import(content: bytes) -> None:
    run = import_list(
        listed=Listed(content=content, source="bench.csv", partial=True),
        origin="command",
        confirmed=True,
        now=timezone.now(),
    )
    if run.status != "done" or run.problem_count:
        raise AssertionError(f"{run.status}: {run.problems[:3]}")


def _copy(content: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_list (line text) ON COMMIT DROP")
        with cursor.cursor.copy("COPY bench_list FROM STDIN") as copy:
            copy.write(content)


def _took(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
