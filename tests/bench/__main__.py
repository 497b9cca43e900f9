"""``python -m tests.bench``: how fast the product is, beside floors of the same run.

Absolute numbers say little about another machine, therefore each is divided by its
floor: the least that must happen anyway, measured in turn with the product itself.
The servers, the telephone network and the worker are real processes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from emergency.launcher.servers import Servers, embedded
from emergency.launcher.table import arguments
from tests.bench.sink import answering_everything
from tests.telephone import ROOT, start_network

MEASURE = "import django; django.setup(); from tests.bench.measure import main; main()"
PARTS = ("quiet", "engine", "outage")
OPTIONS = (
    ("incidents", 200, "orders one after the other"),
    ("burst", 1000, "orders at one instant"),
    ("outages", 12, "orders while the broker is gone"),
    ("accounts", 10_000, "rows of a list of accounts and servers to import"),
    ("exports", 100_000, "invoices to export in every format"),
    ("documents", 40, "PDFs to make"),
    ("drafts", 10000, "ended incidents to draft"),
)


def environment(url: str) -> dict[str, str]:
    """What every process of the bench finds, servers and telephones apart."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "emergency.settings",
        "SECRET_KEY": "only-for-the-bench-" + "x" * 50,
        "PUBLIC_BASE_URL": url,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token-of-the-bench",
        "TWILIO_FROM_NUMBER": "+4312345678",
        "EMAIL_URL": "memory:",
        "LOG_LEVEL": "ERROR",
        "DEMO": "1",
        "PYTHONWARNINGS": "ignore",
    }


@contextmanager
def stage(root: Path) -> Iterator[tuple[dict[str, str], Servers, IO[bytes]]]:
    """Servers with demo data, a telephone network and workers; answers how to reach
    them, the servers and the log of all processes."""
    # As root the servers run as another user, who must be able to come this far.
    root.chmod(0o711)
    with ExitStack() as stack:
        servers = stack.enter_context(embedded(root / "servers"))
        env = environment(stack.enter_context(answering_everything()))
        env |= servers.environment | {"DATA_DIR": str(root / "data")}
        for command in ("migrate", "seed_demo"):
            manage = [sys.executable, "manage.py", command, "-v", "0"]
            subprocess.run(
                manage, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL
            )
        process, network = start_network(
            root / "telephones", {**env, "SIMULATOR_PORT": "0"}
        )
        stack.callback(_end, process)
        env |= {
            "TWILIO_API_BASE_URL": network.url,
            "BENCH_TELEPHONES": str(network.directory),
            "BENCH_NETWORK": network.url,
        }
        log = stack.enter_context((root / "processes.log").open("wb"))
        worker = _worker("emergency", "default,pages")
        env["BENCH_WORKER"] = str(stack.enter_context(running(worker, env, log)).pid)
        floor = _worker("tests.bench.floor", "floor")
        stack.enter_context(running(floor, env, log))
        yield env, servers, log


@contextmanager
def running(
    command: list[str], env: dict[str, str], log: IO[bytes]
) -> Iterator["subprocess.Popen[bytes]"]:
    """The command runs inside the block."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        yield process
    finally:
        _end(process)


def _product(name: str) -> list[str]:
    return [sys.executable, *arguments(name, host="", port=0, data="")]


def _worker(application: str, queues: str) -> list[str]:
    """The product's own worker, for another application or other queues."""
    command = _product("worker")
    for option, value in (
        ("-A", application),
        ("-Q", queues),
        ("-n", f"{application}@%h"),
    ):
        command[command.index(option) + 1] = value
    return command


def _end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    for name, default, what in OPTIONS:
        parser.add_argument(f"--{name}", type=int, default=default, help=what)
    parser.add_argument(
        "--open",
        default="1000,10000,100000",
        help="numbers of open rows, with commas",
    )
    parser.add_argument("--only", choices=PARTS, help="measure this alone")
    options = parser.parse_args()
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="est-bench-") as name,
        stage(Path(name)) as (env, servers, log),
    ):
        env |= {f"BENCH_{n.upper()}": str(v) for n, v in vars(options).items()}
        code = _measure(env, "quiet", options.only)
        with (
            running(_product("beat"), env, log) as beat,
            running(_product("watcher"), env, log) as watcher,
        ):
            env |= {"BENCH_BEAT": str(beat.pid), "BENCH_WATCHER": str(watcher.pid)}
            code |= _measure(env, "engine", options.only)
            if servers.valkey:
                servers.valkey.close()
                code |= _measure(env, "outage", options.only)
    print(f"\n{time.monotonic() - began:.0f} s in all")
    return code


def _measure(env: dict[str, str], part: str, only: str | None) -> int:
    """One part in a process of its own; 0 when it could be measured."""
    if only not in {None, part}:
        return 0
    command = [sys.executable, "-c", MEASURE, part]
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
