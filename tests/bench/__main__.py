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

from emergency.launcher.servers import embedded
from emergency.launcher.table import arguments
from tests.bench.sink import answering_everything
from tests.telephone import ROOT, start_network

MEASURE = "import django; django.setup(); from tests.bench.measure import main; main()"


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
def stage(root: Path) -> Iterator[dict[str, str]]:
    """Servers with demo data, a telephone network and workers; answers how to reach
    them."""
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
        }
        log = stack.enter_context((root / "workers.log").open("wb"))
        for application, queues in (
            ("emergency", "default,pages"),
            ("tests.bench.floor", "floor"),
        ):
            worker = subprocess.Popen(
                _worker(application, queues),
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            stack.callback(_end, worker)
        yield env


def _worker(application: str, queues: str) -> list[str]:
    """The product's own worker, for another application or other queues."""
    command = [sys.executable, *arguments("worker", host="", port=0, data="")]
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
    parser.add_argument("--incidents", type=int, default=100, help="orders to measure")
    parser.add_argument("--documents", type=int, default=8, help="PDFs to make")
    options = parser.parse_args()
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="est-bench-") as name,
        stage(Path(name)) as env,
    ):
        env |= {
            "BENCH_INCIDENTS": str(options.incidents),
            "BENCH_DOCUMENTS": str(options.documents),
        }
        answer = subprocess.run(
            [sys.executable, "-c", MEASURE], cwd=ROOT, env=env, check=False
        )
    print(f"\n{time.monotonic() - began:.0f} s in all")
    return answer.returncode


if __name__ == "__main__":
    sys.exit(main())
