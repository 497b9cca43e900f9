"""The database from which each worker of the suite copies its own.

All migrations take longer than a copy, and workers are as many as there are cores:
``python -m tests.template MARKER`` migrates once, while they still collect.
"""

import os
import subprocess
import sys
import traceback
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
from django.core.management import call_command

from tests.telephone import ROOT, eventually

NAME = "emergency_template"
DONE = "done"
# The marker's path; workers inherit it.
VARIABLE = "EMERGENCY_TEST_TEMPLATE"
PATIENCE = 120.0


def begin(database_url: str, folder: Path) -> subprocess.Popen[bytes]:
    """The template is being made on the server of ``database_url``; workers are told
    where they will read that it is."""
    marker = folder / "template"
    os.environ[VARIABLE] = str(marker)
    with psycopg.connect(database_url, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {NAME}".encode())
    url = urlsplit(database_url)._replace(path=f"/{NAME}").geturl()
    return subprocess.Popen(
        [sys.executable, "-m", "tests.template", str(marker)],
        env={**os.environ, "DATABASE_URL": url, "DATABASE_STATEMENT_SECONDS": "0"},
        cwd=ROOT,
    )


def wait() -> str | None:
    """The name of the template once it is whole; None where none is being made."""
    marker = os.environ.get(VARIABLE)
    if marker is None:
        return None
    said = eventually(
        lambda: Path(marker).exists() and Path(marker).read_text(),
        within=PATIENCE,
        why="the template is migrated",
    )
    assert said == DONE, said
    return NAME


def migrate() -> str:
    try:
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
    except Exception:  # noqa: BLE001 - every worker shows it
        return traceback.format_exc()
    return DONE


if __name__ == "__main__":
    draft = Path(f"{sys.argv[1]}.new")
    draft.write_text(migrate())
    draft.rename(sys.argv[1])
