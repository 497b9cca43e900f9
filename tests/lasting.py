"""A live server whose threads last, and with them their connections, as in production.

Django's own takes a thread and a connection for each request: PostgreSQL then spends
more on meeting us than on our questions.
"""

import threading
from queue import SimpleQueue
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections

THREADS = 8


class LastingThreads(ThreadedWSGIServer):
    """Requests wait in one queue for one of THREADS threads."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.waiting: SimpleQueue[tuple[Any, Any] | None] = SimpleQueue()
        self.threads = [
            threading.Thread(target=self._serve, daemon=True) for _ in range(THREADS)
        ]
        for thread in self.threads:
            thread.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.waiting.put((request, client_address))

    def _serve(self) -> None:
        while (found := self.waiting.get()) is not None:
            self.process_request_thread(*found)
        connections.close_all()

    def _close_connections(self) -> None:
        """They last."""

    def server_close(self) -> None:
        for _ in self.threads:
            self.waiting.put(None)
        for thread in self.threads:
            thread.join()
        super().server_close()
