"""Without the provider's token nothing starts that should page; commands still run."""

import os

import pytest

from tests.telephone import ROOT

pytestmark = pytest.mark.no_servers

MANAGE = str(ROOT / "manage.py")
CELERY = ("-m", "celery", "-A", "emergency")
PROCESSES = {
    "web": ("-c", "import emergency.wsgi"),
    "worker": (*CELERY, "worker", "--pool", "solo"),
    "beat": (*CELERY, "beat"),
    "watcher": (MANAGE, "watch"),
}
COMMANDS = {
    "check": (MANAGE, "check"),
    "price": (MANAGE, "price", "--help"),
    "migrate": (MANAGE, "migrate", "--help"),
}


@pytest.fixture
def run(warm, tmp_path):
    """Starts it in a folder of its own: beat leaves a file where it starts."""
    environment = {k: v for k, v in os.environ.items() if "TWILIO" not in k}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "emergency.settings",
        "PYTHONPATH": str(ROOT),
    }
    return lambda words: warm.run(*words, env=environment, cwd=tmp_path)


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_that_pages_refuses_to_start_and_says_what_to_do(run, name):
    ended = run(PROCESSES[name])
    assert ended.returncode != 0
    assert "TWILIO_AUTH_TOKEN is not set" in ended.stderr
    assert "make run" in ended.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_only_computes_runs_without_it(run, name):
    assert run(COMMANDS[name]).returncode == 0
