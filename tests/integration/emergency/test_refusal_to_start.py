"""Without the provider's token nothing starts that should page; commands still run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.no_servers

ROOT = Path(__file__).parents[3]
PYTHON = sys.executable
CELERY = (PYTHON, "-m", "celery", "-A", "emergency")
PROCESSES = {
    "web": (PYTHON, "-c", "import emergency.wsgi"),
    "worker": (*CELERY, "worker", "--pool", "solo"),
    "beat": (*CELERY, "beat"),
    "watcher": (PYTHON, str(ROOT / "manage.py"), "watch"),
}
COMMANDS = {
    "check": (PYTHON, str(ROOT / "manage.py"), "check"),
    "price": (PYTHON, str(ROOT / "manage.py"), "price", "--help"),
    "migrate": (PYTHON, str(ROOT / "manage.py"), "migrate", "--help"),
}


def run(command, folder):
    environment = {k: v for k, v in os.environ.items() if "TWILIO" not in k}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "emergency.settings",
        "PYTHONPATH": str(ROOT),
    }
    # In a folder of its own: beat leaves a file where it starts.
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_that_pages_refuses_to_start_and_says_what_to_do(name, tmp_path):
    ended = run(PROCESSES[name], tmp_path)
    assert ended.returncode != 0
    assert "TWILIO_AUTH_TOKEN is not set" in ended.stderr
    assert "make run" in ended.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_only_computes_runs_without_it(name, tmp_path):
    assert run(COMMANDS[name], tmp_path).returncode == 0
