"""``make run`` as people use it: it says ready, heals, and leaves nothing behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from emergency.launcher import table
from emergency.launcher.places import PROJECT, Places
from emergency.launcher.ports import pick_port
from emergency.launcher.processes import birth, group_members, signal_group, wait_until
from emergency.launcher.register import Register, only_one

pytestmark = pytest.mark.no_servers

PATIENCE = 60
LISTENING = "0A"


class Product:
    """The product in a folder of its own, without demo data."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.port, self.simulator_port = pick_port(), pick_port()
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        self.environ = {
            **{name: os.environ[name] for name in kept if name in os.environ},
            **{k: v for k, v in os.environ.items() if k.startswith("PIP_")},
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "SIMULATOR_PORT": str(self.simulator_port),
            "DEMO": "0",
            **variables,
        }
        self.places = Places.of(self.environ)
        self.log = folder / "said"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, through_make: bool = False) -> None:
        command = [sys.executable, "-m", "emergency.launcher", "run"]
        if through_make:
            command = ["make", f"PYTHON={sys.executable}", "run"]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text()

    def await_ready(self) -> None:
        def settled() -> bool:
            return "\nready " in self.said() or not self.is_running()

        assert wait_until(settled, patience=PATIENCE), self.said()
        assert self.is_running(), self.said()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def pids(self) -> dict[str, int]:
        content: dict[str, int] = json.loads(self.places.processes_file.read_text())
        return content

    def launcher(self) -> int:
        return int(self.places.lock.read_text())

    def database_url(self) -> str:
        content: dict[str, str] = json.loads(self.places.env_file.read_text())
        return content["DATABASE_URL"]

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{path}", timeout=5
            ) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def await_successor(self, name: str, earlier: int) -> None:
        def healed() -> bool:
            pid = self.pids().get(name, earlier)
            return pid != earlier and self.answers("/readyz")

        assert wait_until(healed, patience=PATIENCE), self.said()

    def finish(self) -> None:
        """Whatever state a test left: nothing of the product runs afterwards."""
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGTERM)
            self.process.wait(30)
        if self.places.run.exists():
            with only_one(self.places, "clean up"):
                Register(self.places).end_orphans()


@pytest.fixture
def product(folder: Path) -> Iterator[Product]:
    made = Product(folder)
    yield made
    made.finish()


def listeners(pids: set[int]) -> set[str]:
    """The local addresses, in the kernel's spelling, on which ``pids`` listen."""
    inodes = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = str(link.readlink())
            except FileNotFoundError:
                # It was closed while we looked.
                continue
            if target.startswith("socket:"):
                inodes.add(target[len("socket:[") : -1])
    found = set()
    for file in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(file).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[9] in inodes:
                found.add(fields[1].split(":")[0])
    return found


def test_the_product_outlives_whatever_is_killed_and_leaves_no_remainder(
    product: Product,
) -> None:
    product.start()
    product.await_ready()
    assert re.findall(r"^ready .*$", product.said(), re.MULTILINE) == [
        f"ready http://127.0.0.1:{product.port}/"
    ]
    pids = product.pids()
    assert set(pids) == {"postgres", "valkey", "simulator", *table.PROCESSES}
    if sys.platform == "linux":
        everybody = {member for pid in pids.values() for member in group_members(pid)}
        assert listeners(everybody) == {"0100007F"}
    with psycopg.connect(product.database_url()) as link:
        link.execute("CREATE TABLE kept AS SELECT 42 AS value")

    kill_the_launcher(product)
    product.start(through_make=True)
    product.await_ready()
    assert [name for name, pid in pids.items() if group_members(pid)] == []

    kill_its_children(product)
    with psycopg.connect(product.database_url()) as link:
        assert link.execute("SELECT value FROM kept").fetchall() == [(42,)]
    others_are_refused(product)
    stop_through_make(product)

    assert launch(product, "reset").returncode == 0
    assert not (product.folder / "postgres").exists()
    assert not product.places.run.exists()


def kill_the_launcher(product: Product) -> None:
    assert product.process is not None
    product.process.kill()
    product.process.wait()


def kill_its_children(product: Product) -> None:
    pids = product.pids()
    for name in ("web", "worker", "valkey", "postgres"):
        os.kill(pids[name], signal.SIGKILL)
        product.await_successor(name, pids[name])
        assert f"{name} was ended by SIGKILL" in product.said()
    assert group_members(pids["web"]) == []


def others_are_refused(product: Product) -> None:
    for command in ("run", "services", "reset"):
        refused = launch(product, command)
        assert refused.returncode == 2
        assert f"(process {product.launcher()})" in refused.stderr
    assert product.answers("/healthz")


def stop_through_make(product: Product) -> None:
    pids, launcher = product.pids(), product.launcher()
    assert product.process is not None
    # make itself would hand on a SIGTERM; killed it can only be missed.
    number = signal.SIGKILL if sys.platform == "linux" else signal.SIGTERM
    product.process.send_signal(number)
    assert wait_until(lambda: not birth(launcher), patience=30), product.said()
    assert [name for name, pid in pids.items() if group_members(pid)] == []
    assert not product.places.processes_file.exists()
    assert not product.places.env_file.exists()


def launch(product: Product, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "emergency.launcher", *words],
        cwd=PROJECT,
        env=product.environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("name", ["PORT", "SIMULATOR_PORT"])
def test_a_taken_port_gets_one_line_that_names_the_variable(
    product: Product, name: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(product.environ[name])))
        other.listen()
        refused = launch(product, "run")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert f" {name}=" in refused.stderr
    assert not (product.folder / "postgres").exists()


def test_two_equal_ports_are_refused(product: Product) -> None:
    product.environ["SIMULATOR_PORT"] = product.environ["PORT"]
    refused = launch(product, "run")
    assert refused.returncode == 2
    assert "PORT and SIMULATOR_PORT" in refused.stderr


def test_services_print_addresses_that_work_and_stop_on_request(
    product: Product,
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "emergency.launcher", "services"],
        cwd=PROJECT,
        env=product.environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        line = process.stdout.readline()
        address = line.partition("DATABASE_URL=")[2].strip().strip("'")
        with psycopg.connect(address) as link:
            assert link.execute("SELECT 1").fetchone() == (1,)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert not product.places.env_file.exists()
