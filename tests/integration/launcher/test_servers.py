"""The embedded servers are real and come back from anything a process can suffer."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from emergency.launcher import shelter
from emergency.launcher.messages import LauncherError
from emergency.launcher.places import find_binaries
from emergency.launcher.processes import birth, wait_until
from emergency.launcher.servers import Servers, embedded, plan_servers

pytestmark = pytest.mark.no_servers

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")


def write_row(servers: Servers, value: int) -> None:
    with psycopg.connect(servers.database_url) as link:
        link.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        link.execute("INSERT INTO kept VALUES (%s)", [value])


def rows(servers: Servers) -> list[int]:
    with psycopg.connect(servers.database_url) as link:
        return [row[0] for row in link.execute("SELECT value FROM kept ORDER BY 1")]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with embedded(tmp_path_factory.mktemp("servers")) as servers:
        yield servers


def test_both_servers_answer_and_only_their_owner_reaches_them(
    running: Servers,
) -> None:
    write_row(running, 1)
    with redis.from_url(running.redis_url) as client:
        assert client.ping()
    assert running.postgres is not None
    assert running.valkey is not None
    assert running.postgres.sockets.stat().st_mode & 0o077 == 0
    without_password = f"redis://127.0.0.1:{running.valkey.port}/0"
    with (
        redis.from_url(without_password) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_the_database_is_utf8_with_the_builtin_locale(running: Servers) -> None:
    with psycopg.connect(running.database_url) as link:
        row = link.execute(
            "SELECT pg_encoding_to_char(encoding), datlocprovider::text, datlocale"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row == ("UTF8", "b", "C.UTF-8")


def test_committed_rows_and_queued_work_survive_kill_9_of_both(
    running: Servers,
) -> None:
    assert running.postgres is not None
    assert running.valkey is not None
    with redis.from_url(running.redis_url) as client:
        for value in (10, 11, 12):
            write_row(running, value)
            client.rpush("queue", value)
            running.postgres.kill()
            # Every second the append-only file reaches the disk; the kernel has
            # it at once, and only the process is killed.
            running.valkey.kill()
            assert not running.postgres.answers()
            assert not running.valkey.answers()
            running.valkey.restart()
            running.postgres.restart()
        assert {10, 11, 12} <= set(rows(running))
        assert client.lrange("queue", 0, -1) == [b"10", b"11", b"12"]


def test_a_lock_file_that_names_a_strange_process_does_not_block(
    running: Servers,
) -> None:
    write_row(running, 20)
    assert running.postgres is not None
    lines = running.postgres.pid_file.read_text().splitlines()
    running.postgres.kill()
    # After a restart of the machine the number may be anybody's, here: ours.
    lines[0] = str(os.getpid())
    running.postgres.pid_file.write_text("\n".join(lines) + "\n")
    running.postgres.restart()
    assert 20 in rows(running)


HOLDER = """
import os, sys
from pathlib import Path
from emergency.launcher import processes
from emergency.launcher.servers import embedded
if sys.argv[2] == "left-alone":
    processes.LIBC = None
with embedded(Path(sys.argv[1])) as servers:
    print(*[server.process.pid for server in servers.embedded], flush=True)
    sys.stdin.read()
"""


def start_holder(folder: Path, mode: str) -> tuple[subprocess.Popen[str], list[int]]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    return holder, [int(pid) for pid in holder.stdout.readline().split()]


def kill_holder(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()
    assert holder.returncode == -signal.SIGKILL


def test_nothing_of_a_killed_launcher_stands_in_the_way(folder: Path) -> None:
    if sys.platform == "linux":
        # The kernel tells the servers, and they stop by themselves.
        holder, pids = start_holder(folder, "tied")
        kill_holder(holder)
        assert wait_until(lambda: not any(map(birth, pids)), patience=10)
    holder, pids = start_holder(folder, "left-alone")
    kill_holder(holder)
    assert len(pids) == 2
    assert all(map(birth, pids))
    with embedded(folder) as servers:
        assert not any(map(birth, pids))
        write_row(servers, 1)
        assert rows(servers) == [1]


def test_given_addresses_are_used_and_nothing_is_started(folder: Path) -> None:
    with embedded(
        folder, database_url="postgres://elsewhere/db", redis_url="redis://elsewhere"
    ) as servers:
        assert servers.embedded == []
        assert servers.environment == {
            "DATABASE_URL": "postgres://elsewhere/db",
            "REDIS_URL": "redis://elsewhere",
        }
    assert not (folder / "postgres").exists()


def test_one_given_address_leaves_the_other_server_embedded(folder: Path) -> None:
    with embedded(folder, database_url="postgres://elsewhere/db") as servers:
        assert [server.name for server in servers.embedded] == ["valkey"]
        with redis.from_url(servers.redis_url) as client:
            assert client.ping()


def test_data_of_another_major_version_is_named_and_left_alone(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("17\n")
    servers = plan_servers(folder, fsync=False)
    assert servers.postgres is not None
    try:
        with pytest.raises(LauncherError, match=r"PostgreSQL 17.*make reset"):
            servers.postgres.spawn()
        assert (folder / "postgres" / "PG_VERSION").read_text() == "17\n"
    finally:
        servers.postgres.close()


@as_root
@pytest.mark.parametrize("way", shelter.WAYS, ids=lambda way: way.__name__.strip("_"))
def test_every_way_around_root_keeps_its_data(
    folder: Path, way: shelter.Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way is shelter.in_namespace and way(folder, find_binaries()) is None:
        pytest.skip("this system allows no user namespaces")
    monkeypatch.setattr(shelter, "WAYS", (way,))
    for value in (1, 2):
        with embedded(folder) as servers:
            write_row(servers, value)
            assert rows(servers) == list(range(1, value + 1))
            with redis.from_url(servers.redis_url) as client:
                assert client.rpush("queue", value) == value
            sockets = servers.postgres.sockets if servers.postgres else folder
            processes = [server.process for server in servers.embedded]
        assert all(process and process.returncode == 0 for process in processes)
        assert not sockets.exists()


@as_root
def test_a_closed_home_folder_is_no_obstacle_for_root(folder: Path) -> None:
    folder.parent.chmod(0o700)
    with embedded(folder) as servers:
        write_row(servers, 1)
        assert rows(servers) == [1]
