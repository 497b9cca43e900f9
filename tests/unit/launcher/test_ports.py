"""Ports are read and refused in words that name the variable."""

import socket

import pytest

from emergency.launcher.messages import LauncherError
from emergency.launcher.ports import (
    PRIVATE_PORTS,
    is_free,
    pick_port,
    read_port,
    require_free,
)

pytestmark = pytest.mark.no_servers


def test_an_unset_or_empty_variable_means_the_default() -> None:
    assert read_port({}, "PORT", 8000) == 8000
    assert read_port({"PORT": ""}, "PORT", 8000) == 8000
    assert read_port({"PORT": "8123"}, "PORT", 8000) == 8123


@pytest.mark.parametrize("text", ["0", "65536", "-1", "eight", "80.0"])
def test_what_is_no_port_is_refused_by_the_variable_s_name(text: str) -> None:
    with pytest.raises(LauncherError, match="SIMULATOR_PORT") as refusal:
        read_port({"SIMULATOR_PORT": text}, "SIMULATOR_PORT", 8900)
    assert refusal.value.exit_code == 2


def test_a_taken_port_is_refused_by_the_variable_s_name() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(LauncherError, match=rf"Port {port} .*PORT=") as refusal:
            require_free("PORT", port)
        assert refusal.value.exit_code == 2
    require_free("PORT", port)


def test_a_picked_port_is_free_and_no_client_s() -> None:
    port = pick_port()
    assert port in PRIVATE_PORTS
    assert is_free(port)
