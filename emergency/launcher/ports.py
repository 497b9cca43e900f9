"""Loopback ports: which are free, and a clear word when one is not."""

import random
import socket
from collections.abc import Mapping

from emergency.launcher.messages import LauncherError

LOOPBACK = "127.0.0.1"
# Below the range from which systems hand out ports for outgoing connections: a client
# that retries while its server restarts could otherwise end up talking to itself on
# the server's own port and keep it.
PRIVATE_PORTS = range(15_000, 30_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on ``port`` of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def pick_port() -> int:
    """A port that is free now and that no outgoing connection will take."""
    for port in random.sample(PRIVATE_PORTS, 200):
        if is_free(port):
            return port
    raise LauncherError("No free loopback port was found.")


def read_port(environ: Mapping[str, str], name: str, default: int) -> int:
    """The port the variable ``name`` asks for; LauncherError when it is not one."""
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise LauncherError(
            f"{name} is {text!r}, not a port between 1 and 65535.", exit_code=2
        )
    return int(text)


def require_free(name: str, port: int) -> None:
    """LauncherError naming the variable ``name`` when ``port`` cannot be had."""
    if not is_free(port):
        raise LauncherError(
            f"Port {port} is taken. Stop what uses it, or choose another:"
            f" {name}={port + 1} make run",
            exit_code=2,
        )
