"""The embedded Valkey: append-only file, loopback, a password of its own.

It listens on a port because Celery and the Redis client spell the address of a socket
in two different ways; a port has one spelling, and only the password opens it.
"""

import secrets
import socket
from pathlib import Path

from emergency.launcher.ports import pick_port
from emergency.launcher.server import Server
from emergency.launcher.shelter import Shelter


class Valkey(Server):
    """One Valkey with one password per start of the launcher."""

    name = "valkey"
    program = "valkey-server"

    def __init__(self, folder: Path, shelter: Shelter) -> None:
        super().__init__(folder, shelter)
        self.port = pick_port()
        self.password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def pid_file(self) -> Path:
        return self.folder / "valkey.pid"

    def command(self) -> list[str]:
        return [str(self.shelter.binaries.valkey), "-"]

    def settings(self) -> bytes:
        lines = (
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            "pidfile valkey.pid",
            "loglevel warning",
            "appendonly yes",
            "appendfsync everysec",
            "aof-load-truncated yes",
            'save ""',
            # A full queue must refuse new work, never forget accepted work.
            "maxmemory-policy noeviction",
        )
        return "\n".join(lines).encode() + b"\n"

    def answers(self) -> bool:
        request = f"AUTH {self.password}\r\nPING\r\n".encode()
        try:
            with socket.create_connection(
                ("127.0.0.1", self.port), timeout=0.5
            ) as link:
                link.settimeout(0.5)
                link.sendall(request)
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = link.recv(256)
                    if not part:
                        break
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"
