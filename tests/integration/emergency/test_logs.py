"""While PostgreSQL restarts the log stays readable, and hides nothing else."""

import io
import logging

import pytest
from django.conf import settings
from django.db import DataError, OperationalError, connection
from django.db.utils import InterfaceError

from emergency.logs import DatabaseAwayInOneLine


def logged(raise_it):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(DatabaseAwayInOneLine())
    logger = logging.getLogger("celery.app.trace")
    logger.addHandler(handler)
    try:
        raise_it()
    except Exception as error:
        logger.exception("Task %s raised unexpected: %r", "tick", error)
    return stream.getvalue()


def refuse(error, cause=None):
    def run():
        raise error from cause

    return run


def test_the_console_has_the_filter():
    assert "database_away" in str(settings.LOGGING["handlers"])


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_one_line(kind):
    text = logged(refuse(kind("connection refused\n\tIs the server running?")))
    assert text == (
        "Task tick raised unexpected: the database is away:"
        " connection refused Is the server running?\n"
    )


@pytest.mark.parametrize("error", [RuntimeError("a bug"), DataError("a bad value")])
def test_any_other_error_keeps_its_traceback(error):
    assert "Traceback" in logged(refuse(error))


@pytest.mark.django_db
def test_trouble_with_a_query_keeps_its_traceback():
    def too_slow():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10ms'")
            cursor.execute("SELECT pg_sleep(5)")

    text = logged(too_slow)
    assert "Traceback" in text
    assert "statement timeout" in text
