"""Django's backend for PostgreSQL, with connections that give up."""

import time
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.abc import RV, PQGen
from psycopg.errors import ConnectionTimeout, _WaitTimeout

from emergency.database.patience import current_patience

CHECK_EVERY = 0.1
# psycopg itself does not wait less for a connection.
SHORTEST_CONNECT = 2
# Whoever finds that the server hangs finds it for all: for so long nobody tries again,
# or every thread of the process would hang in turn.
PAUSE_SECONDS = 1.0

# Address of a server that hung -> monotonic time until which it is left alone.
_hanging: dict[str, float] = {}


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed when one answer takes longer than our patience.

    Whether a commit that was given up happened is then not known: as after any lost
    connection. Everything that is retried here is written so that it may be.
    """

    def wait(
        self,
        gen: PQGen[RV],
        interval: float = CHECK_EVERY,
        timeout: float | None = None,
    ) -> RV:
        limit = current_patience() if timeout is None else timeout
        try:
            return super().wait(gen, interval, limit)
        except _WaitTimeout as error:
            self.close()
            raise psycopg.OperationalError(
                f"the database did not answer within {limit} s"
            ) from error


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's, but no wait is longer than ``current_patience``, and a server that
    hangs is left alone for a moment."""

    # The driver, but for the class of its connections.
    Database = SimpleNamespace(  # type: ignore[assignment]
        **{**vars(psycopg), "connect": PatientConnection.connect}
    )

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        limit = current_patience()
        if limit is not None:
            asked = int(params.get("connect_timeout", limit))
            params["connect_timeout"] = max(SHORTEST_CONNECT, min(asked, int(limit)))
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        server = f"{conn_params.get('host')}:{conn_params.get('port')}"
        if time.monotonic() < _hanging.get(server, 0.0):
            raise psycopg.OperationalError("the database did not answer just now")
        try:
            connection = super().get_new_connection(conn_params)
        except ConnectionTimeout:
            _hanging[server] = time.monotonic() + PAUSE_SECONDS
            raise
        _hanging.pop(server, None)
        return connection
