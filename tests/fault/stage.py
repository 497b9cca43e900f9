"""A scene whose rows are put back after every death, so that each one begins alike.

Rows must be committed for another process to see them; a savepoint would not do. So a
copy of every table waits beside it, and one statement puts all of it back: that takes
milliseconds, a new scene a hundred times as long.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

COPY = "as_it_was"
# Rows that come with the migrations are nobody's to change.
FIXED = ("django_", "auth_")


@contextmanager
def stage_set() -> Iterator[Callable[[], None]]:
    """What stands in the database now. Answers what puts exactly that back; needs the
    rights of a superuser, because some tables refuse to forget."""
    tables = [
        connection.ops.quote_name(name)
        for name in connection.introspection.table_names()
        if not name.startswith(FIXED)
    ]
    # Triggers and foreign keys sleep meanwhile: the timeline admits no deletion.
    puts_back = f"""
        CREATE FUNCTION {COPY}.put_back() RETURNS void LANGUAGE plpgsql
        SET session_replication_role = replica AS $$ BEGIN
        {" ".join(_puts_back(table) for table in tables)}
        END $$
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {COPY}")
        for table in tables:
            cursor.execute(f"CREATE TABLE {COPY}.{table} AS TABLE {table}")
        cursor.execute(puts_back)

    def put_back() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {COPY}.put_back()")

    try:
        yield put_back
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {COPY} CASCADE")


def _puts_back(table: str) -> str:
    return f"DELETE FROM {table}; INSERT INTO {table} TABLE {COPY}.{table};"
