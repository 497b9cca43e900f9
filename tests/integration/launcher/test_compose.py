"""The container files say the same as the launcher, and what they say works."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import psycopg
import pytest
import redis
from ruamel.yaml import YAML

from emergency.launcher import table
from emergency.launcher.places import PROJECT
from emergency.launcher.ports import pick_port
from emergency.launcher.processes import group_members, signal_group, wait_until
from emergency.launcher.servers import Servers, embedded

# One worker for all: its servers are started and migrated once.
pytestmark = [pytest.mark.no_servers, pytest.mark.xdist_group("compose")]

COMPOSE: dict[str, Any] = YAML(typ="safe").load(PROJECT / "docker-compose.yml")
SERVICES: dict[str, Any] = COMPOSE["services"]
DATA, WEB_PORT = "/data", 8000


def test_the_file_is_valid_by_the_compose_specification() -> None:
    schema = files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    jsonschema.validate(COMPOSE, json.loads(schema.read_text()))


def test_the_processes_are_the_launcher_s_with_the_same_commands() -> None:
    assert set(SERVICES) == {"postgres", "redis", "migrate", *table.PROCESSES}
    for name in table.PROCESSES:
        expected = table.arguments(name, host="0.0.0.0", port=WEB_PORT, data=DATA)
        assert SERVICES[name]["command"] == ["python", *expected]


def test_the_image_starts_the_same_web_process() -> None:
    text = (PROJECT / "Dockerfile").read_text()
    command = re.search(r"^CMD (\[.*\])$", text, re.MULTILINE)
    assert command is not None
    assert json.loads(command[1]) == SERVICES["web"]["command"]
    assert re.search(r"^USER (?!root)\w+$", text, re.MULTILINE)


def test_only_the_web_process_is_published_and_only_to_this_machine() -> None:
    published = {
        name: service["ports"]
        for name, service in SERVICES.items()
        if "ports" in service
    }
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_the_database_has_the_embedded_one_s_major_version() -> None:
    assert SERVICES["postgres"]["image"] == "postgres:18"


def test_no_secret_stands_in_the_file() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN", name):
                assert name.endswith("_FILE")
                assert str(value).removeprefix("/run/secrets/") in COMPOSE["secrets"]
    assert all(set(source) == {"environment"} for source in COMPOSE["secrets"].values())


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with embedded(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture(scope="module")
def environment(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """A container's environment, with this machine's addresses in it.

    The service ``migrate`` has run, as every other service waits for it.
    """
    folder = tmp_path_factory.mktemp("container")
    secrets = {"SECRET_KEY": "a key", "TWILIO_AUTH_TOKEN": "0" * 32}
    required = {
        "TWILIO_ACCOUNT_SID": f"AC{'0' * 32}",
        "TWILIO_FROM_NUMBER": "+4312345678",
        "POSTGRES_PASSWORD": "one",
    }
    given = {}
    for name, text in SERVICES["web"]["environment"].items():
        optional = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(text))
        given[name] = re.sub(
            r"\$\{(\w+):\?[^}]*\}", lambda match: required[match[1]], optional
        )
    for name, value in secrets.items():
        (folder / name).write_text(value)
        assert f"{name}_FILE" in given
        given[f"{name}_FILE"] = str(folder / name)
    made = {
        "PATH": os.environ["PATH"],
        **given,
        **servers.environment,
        "DATA_DIR": str(folder),
    }
    subprocess.run(natively("migrate", folder, 0), cwd=PROJECT, env=made, check=True)
    return made


def natively(service: str, data: Path, port: int) -> list[str]:
    """The service's command with this Python, this machine's folder and loopback."""
    replaced = {
        "python": sys.executable,
        "0.0.0.0": "127.0.0.1",
        str(WEB_PORT): str(port),
    }
    words = [str(word) for word in SERVICES[service]["command"]]
    return [replaced.get(word, word.replace(DATA, str(data))) for word in words]


@contextmanager
def started(service: str, environment: dict[str, str], port: int = 0) -> Iterator[None]:
    data = Path(environment["DATA_DIR"])
    with (data / f"{service}.log").open("wb") as log:
        process = subprocess.Popen(
            natively(service, data, port),
            cwd=PROJECT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
            assert process.poll() is None, (data / f"{service}.log").read_text()
            process.terminate()
            assert process.wait(15) is not None
            assert wait_until(lambda: not group_members(process.pid), patience=10)
        finally:
            signal_group(process.pid, signal.SIGKILL)
            process.wait()


def test_migrate_makes_the_tables(servers: Servers, environment: object) -> None:
    with psycopg.connect(servers.database_url) as link:
        row = link.execute("SELECT count(*) FROM emergency_incident").fetchone()
    assert row == (0,)


def test_web_answers_the_question_of_its_health_check(
    environment: dict[str, str],
) -> None:
    port = pick_port()
    test = [str(word) for word in SERVICES["web"]["healthcheck"]["test"]]
    check = [sys.executable, *test[2:-1], test[-1].replace(str(WEB_PORT), str(port))]
    assert test[:2] == ["CMD", "python"]

    def healthy() -> bool:
        asked = subprocess.run(check, capture_output=True, check=False)
        return asked.returncode == 0

    with started("web", environment, port):
        assert wait_until(healthy, patience=30, pause=0.2), shlex.join(check)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.status == 200


def test_the_worker_takes_what_beat_puts_into_its_queue_and_ticks(
    servers: Servers, environment: dict[str, str]
) -> None:
    with psycopg.connect(servers.database_url) as link:
        link.execute("DELETE FROM emergency_heartbeat WHERE name = 'tick'")
    with redis.from_url(servers.redis_url) as broker, started("beat", environment):
        assert wait_until(lambda: broker.llen("pages") > 0, patience=30)
        assert not has_beaten(servers, "tick")
        with started("worker", environment):
            assert wait_until(lambda: broker.llen("pages") == 0, patience=30)
            assert wait_until(lambda: has_beaten(servers, "tick"), patience=10)


def test_the_document_worker_listens_to_its_queue(
    servers: Servers, environment: dict[str, str]
) -> None:
    def listens() -> bool:
        return any(client["cmd"] == "brpop" for client in broker.client_list())

    with redis.from_url(servers.redis_url) as broker:
        assert not listens()
        with started("documents", environment):
            assert wait_until(listens, patience=30)


def test_the_watcher_watches(servers: Servers, environment: dict[str, str]) -> None:
    assert not has_beaten(servers, "watcher")
    with started("watcher", environment):
        assert wait_until(lambda: has_beaten(servers, "watcher"), patience=30)


def has_beaten(servers: Servers, name: str) -> bool:
    with psycopg.connect(servers.database_url) as link:
        row = link.execute(
            "SELECT 1 FROM emergency_heartbeat WHERE name = %s", [name]
        ).fetchone()
    return row is not None
