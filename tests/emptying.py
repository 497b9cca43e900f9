"""Tables are empty again after a test that committed.

Django truncates all of them, which makes every file of every index anew: a second for
a hundred tables, of which a test fills ten. Here only rows that exist are deleted.
"""

from django.db import connection
from django.test import TransactionTestCase

# What migrations and Django itself keep there is the same for every test.
KEPT = ["django_migrations", "django_content_type", "auth_permission"]
# Whoever still writes is waited for. As replica, no trigger defends its rows.
EMPTY = """
DO $$
DECLARE
    tables CONSTANT text[] := ARRAY(
        SELECT format('%%I', tablename) FROM pg_tables
        WHERE schemaname = current_schema() AND tablename <> ALL (%(kept)s)
    );
    name text;
    filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    EXECUTE 'LOCK TABLE ' || array_to_string(tables, ', ')
        || ' IN SHARE ROW EXCLUSIVE MODE';
    FOREACH name IN ARRAY tables LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %%s)', name) INTO filled;
        IF filled THEN
            EXECUTE format('DELETE FROM %%s', name);
        END IF;
    END LOOP;
END
$$
"""

_truncate = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def empty(case: TransactionTestCase) -> None:
    """No row of a test is left. Where our account may not become a replica, Django
    truncates."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        if cursor.fetchone() == ("on",):
            cursor.execute(EMPTY, {"kept": KEPT})
            return
    _truncate(case)
