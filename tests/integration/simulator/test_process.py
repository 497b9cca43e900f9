"""The process: starts with a clear word, stops at once, imports nothing of ours."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.integration.simulator.conftest import ROOT, environment, running
from tests.integration.simulator.exchange import ANNA, TOKEN, Simulator

pytestmark = pytest.mark.no_servers


def refused(directory: Path, **env: str) -> str:
    """Run a simulator that must not start; its one line of complaint."""
    ended = subprocess.run(
        [sys.executable, "-m", "emergency.simulator"],
        env=environment(directory, **env),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    return line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_a_second(tmp_path: Path, number: signal.Signals) -> None:
    with running(directory=tmp_path) as (process, _):
        begun = time.monotonic()
        process.send_signal(number)
        assert process.wait(timeout=5) == 0
        assert time.monotonic() - begun < 1


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port}" in refused(tmp_path, SIMULATOR_PORT=port)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_AUTH_TOKEN", ""),
        ("TWILIO_ACCOUNT_SID", ""),
        ("SIMULATOR_PORT", "many"),
        ("SIMULATOR_SPEECH_SECONDS_PER_WORD", "slow"),
        ("SIMULATOR_PACE", "-1"),
        ("SIMULATOR_FRAMED_BY", "http://127.0.0.1:8000; script-src *"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    tmp_path: Path, name: str, value: str
) -> None:
    assert name in refused(tmp_path, **{name: value})


def test_only_the_named_pages_may_frame_the_page_of_phones(tmp_path: Path) -> None:
    for named, allowed in {"": "'none'", "http://127.0.0.1:8000": None}.items():
        changes = {"SIMULATOR_FRAMED_BY": named}
        with (
            running(directory=tmp_path, **changes) as (_, url),
            urllib.request.urlopen(f"{url}/") as answer,
        ):
            policy = answer.headers["Content-Security-Policy"]
        assert f"frame-ancestors {allowed or named}" in policy


def test_the_token_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("from-a-file\n")
    changes = {"TWILIO_AUTH_TOKEN": "", "TWILIO_AUTH_TOKEN_FILE": str(secret)}
    with running(directory=tmp_path, **changes) as (_, url):
        assert url.startswith("http://127.0.0.1:")


def test_the_gateways_token_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("of-the-gateway\n")
    changes = {"SIMULATOR_GATEWAY_TOKEN_FILE": str(secret)}
    content = {"to": ANNA, "text": "x"}
    with running(directory=tmp_path, **changes) as (_, url):
        simulator = Simulator(url, tmp_path)
        for token, status in (("of-the-gateway", 202), (TOKEN, 401)):
            answer = simulator.send_json("/gateway/messages", content, token=token)
            assert answer[0] == status


def test_it_needs_the_standard_library_only() -> None:
    allowed = set(sys.stdlib_module_names)
    imported = re.compile(r"^\s*(?:import|from) ([\w.]+)", re.MULTILINE)
    for path in (ROOT / "emergency" / "simulator").glob("*.py"):
        for name in imported.findall(path.read_text()):
            own = name.startswith("emergency.simulator")
            assert own or name.split(".")[0] in allowed, f"{path.name}: {name}"
