"""A scene whose rows are put back after every death, so that each one begins alike.

Rows must be committed for another process to see them; a savepoint would not do. So a
copy of every table waits beside it, and triggers note which tables were written to. A
process that dies takes its notes with it, like everything else that it had not
committed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

COPY = "as_it_was"
# Rows that come with the migrations are nobody's to change.
FIXED = ("django_", "auth_")

# Triggers and foreign keys sleep meanwhile: the timeline admits no deletion.
PUTS_BACK = f"""
CREATE FUNCTION {COPY}.put_back() RETURNS void LANGUAGE plpgsql
SET session_replication_role = replica AS $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT DISTINCT touched.name FROM {COPY}.touched LOOP
        EXECUTE format('DELETE FROM %1$I', name);
        EXECUTE format('INSERT INTO %1$I TABLE {COPY}.%1$I', name);
    END LOOP;
    DELETE FROM {COPY}.touched;
END $$
"""
NOTES = f"""
CREATE FUNCTION {COPY}.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {COPY}.touched VALUES (TG_TABLE_NAME);
    RETURN NULL;
END $$
"""


@dataclass(frozen=True)
class Stage:
    """The scene as it stood when the stage was set."""

    def put_back(self) -> None:
        """Every row stands as it did."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {COPY}.put_back()")

    def is_untouched(self) -> bool:
        """Whether nobody has committed a change since."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT NOT EXISTS (TABLE {COPY}.touched)")
            return bool(cursor.fetchone()[0])


@contextmanager
def stage_set() -> Iterator[Stage]:
    """What stands in the database now is the scene. Needs the rights of a superuser."""
    tables = [
        connection.ops.quote_name(name)
        for name in connection.introspection.table_names()
        if not name.startswith(FIXED)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {COPY}")
        cursor.execute(f"CREATE TABLE {COPY}.touched (name text)")
        cursor.execute(PUTS_BACK)
        cursor.execute(NOTES)
        for table in tables:
            cursor.execute(
                f"CREATE TABLE {COPY}.{table} AS TABLE {table};"
                f"CREATE TRIGGER {COPY} AFTER INSERT OR UPDATE OR DELETE ON {table}"
                f" EXECUTE FUNCTION {COPY}.note()"
            )
    try:
        yield Stage()
    finally:
        with connection.cursor() as cursor:
            # With what notes the changes go its triggers.
            cursor.execute(f"DROP SCHEMA {COPY} CASCADE")
