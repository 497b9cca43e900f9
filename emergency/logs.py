"""What the log says: no secrets, and one line while PostgreSQL restarts."""

import logging

from django.db import Error, InterfaceError, OperationalError

from emergency.rules.secrets import masked

# Connection lost or refused (class 08), server starting or stopping (class 57P).
AWAY = ("08", "57P")


class DatabaseAwayInOneLine(logging.Filter):
    """A record about a database that is away loses its traceback, no other does."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, Error) and is_away(error):
            reason = " ".join(str(error).split())
            first = record.getMessage().partition("\n")[0].partition(": ")[0]
            record.msg = "%s: the database is away: %s"
            record.args = (first, reason)
            record.exc_info = record.exc_text = None
        return True


def is_away(error: Error) -> bool:
    """Whether the database could not be reached, rather than did not like a query."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.__cause__, "sqlstate", None)
    return code is None or code.startswith(AWAY)


class SecretsMasked(logging.Filter):
    """No line carries a password or token that somebody typed."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = masked(said)
        if hidden != said:
            record.msg, record.args = hidden, None
        return True
