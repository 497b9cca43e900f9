"""``python -m tests.fault``: many random nights, and what became of them.

PostgreSQL is real, telephones and clock are the test's own (``tests/fault/world.py``).
Each share of the nights has a database and a process of its own.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psycopg

from emergency.launcher.servers import embedded
from tests.fault.sums import Verdict
from tests.telephone import ROOT

SHARE = "import django; django.setup(); from tests.fault.share import main; main()"
SURROUNDINGS = {
    "DJANGO_SETTINGS_MODULE": "emergency.settings",
    "SECRET_KEY": "only-for-the-nights-" + "x" * 50,
    "PUBLIC_BASE_URL": "http://127.0.0.1:9",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-nights",
    "TWILIO_FROM_NUMBER": "+43720880000",
    "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
    "EMAIL_URL": "memory:",
    "LOG_LEVEL": "CRITICAL",
    "ALLOWED_HOSTS": "*",
}


def spend(nights: int, seed: int, processes: int, *, each: bool) -> Verdict:
    """The sums of that many nights; night n has the seed ``seed + n``."""
    total = Verdict()
    with tempfile.TemporaryDirectory(prefix="est-nights-") as name:
        root = Path(name)
        # As root the servers run as another user, who must be able to come this far.
        root.chmod(0o711)
        with embedded(root / "servers") as servers:
            environment = {**os.environ, **SURROUNDINGS, **servers.environment}
            environment["DATA_DIR"] = str(root / "data")
            manage = [sys.executable, "manage.py", "migrate", "-v", "0"]
            subprocess.run(manage, cwd=ROOT, env=environment, check=True)
            shares = [
                subprocess.Popen(
                    [sys.executable, "-W", "ignore", "-c", SHARE],
                    cwd=ROOT,
                    env=environment
                    | {
                        "DATABASE_URL": _copy(environment["DATABASE_URL"], number),
                        "NIGHTS": json.dumps([seed, nights, number, processes]),
                    },
                    stdout=subprocess.PIPE,
                    text=True,
                )
                for number in range(processes)
            ]
            for share in shares:
                _listen_to(share, total, each)
    return total


def _listen_to(share: "subprocess.Popen[str]", total: Verdict, each: bool) -> None:
    """Every night of this share is in the sums; what broke is told as it is read, and
    with ``each`` every night."""
    with share:
        for line in share.stdout or ():
            night = _read(line)
            total.add(night)
            if each:
                print(line, end="", flush=True)  # noqa: T201
            for sentence in night.wrong:
                print(f"BROKEN: {sentence}", flush=True)  # noqa: T201
    if share.returncode:
        total.wrong.append(f"a process ended with {share.returncode}")
        print(f"BROKEN: {total.wrong[-1]}")  # noqa: T201


def _copy(url: str, number: int) -> str:
    """The address of a copy of this database."""
    name = f"nights_{number}"
    base = url.partition("?")
    with psycopg.connect(url, autocommit=True) as database:
        current = database.info.dbname
    server = base[0].removesuffix(current)
    with psycopg.connect(f"{server}postgres{base[1]}{base[2]}", autocommit=True) as db:
        db.execute(f'CREATE DATABASE {name} TEMPLATE "{current}"')
        # Processes die here, not disks.
        db.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    return f"{server}{name}{base[1]}{base[2]}"


def _read(line: str) -> Verdict:
    fields = json.loads(line)
    return Verdict(**{**fields, "faults": Counter(fields["faults"])})


def tell(total: Verdict, nights: int, seconds: float) -> None:
    """One line of sums."""
    print(  # noqa: T201
        f"incidents {total.incidents}, faults {sum(total.faults.values())},"
        f" pages sent {total.pages}, duplicates {total.duplicates},"
        f" lost {total.lost}\n"
        f"worst delay from report to first page {total.worst_delay:.1f} s;"
        f" {nights} nights in {seconds:.0f} s\n"
        "faults met: "
        + ", ".join(f"{kind} {times}" for kind, times in sorted(total.faults.items()))
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fault", description=__doc__)
    parser.add_argument("--nights", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--each", action="store_true", help="print every night's sums")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)  # noqa: T201
    began = time.monotonic()
    total = spend(options.nights, options.seed, options.processes, each=options.each)
    tell(total, options.nights, time.monotonic() - began)
    return int(bool(total.wrong or total.lost))


if __name__ == "__main__":
    sys.exit(main())
