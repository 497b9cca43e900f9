"""Connections that may lead nowhere but to the open network.

A name is looked up once to be judged and once more to be used; between the two it can
be pointed elsewhere. So the address is judged where the connection is made.
"""

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_refused: ContextVar[list[str] | None] = ContextVar("refused", default=None)


class PrivateAddress(OSError):
    """The connection would have led into a private network; it was not made."""


@contextmanager
def open_network_only(*, unless: bool) -> Iterator[list[str]]:
    """Within it this thread connects to no address but public ones, ``unless`` it may;
    yields the ones that were refused."""
    refused: list[str] = []
    mark = _refused.set(None if unless else refused)
    try:
        yield refused
    finally:
        _refused.reset(mark)


def is_public(address: str) -> bool:
    """Whether the IP address, in whatever form, lies on the open network; what is no
    address does not."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_global


def _judge(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect" or (refused := _refused.get()) is None:
        return
    _socket, address = arguments
    # The path of a local socket leads to no network.
    if isinstance(address, tuple) and not is_public(str(address[0])):
        refused.append(str(address[0]))
        raise PrivateAddress("this address is not on the open network")


# Python tells it of every connection, whichever library makes it, by its address.
sys.addaudithook(_judge)
