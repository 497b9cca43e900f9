"""Both embedded servers together: for the test-suite, for shells, for ``make run``."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from emergency.launcher.places import find_binaries
from emergency.launcher.postgres import Postgres
from emergency.launcher.processes import Output
from emergency.launcher.server import Server
from emergency.launcher.shelter import find_shelter
from emergency.launcher.valkey import Valkey


@dataclass(frozen=True)
class Servers:
    """The servers in use: an embedded one, or None where the address was given."""

    database_url: str
    redis_url: str
    postgres: Postgres | None
    valkey: Valkey | None

    @property
    def embedded(self) -> list[Server]:
        """The servers that are ours to start, watch and stop."""
        return [server for server in (self.postgres, self.valkey) if server]

    @property
    def environment(self) -> dict[str, str]:
        """What a process of the product needs to find both."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


def plan_servers(
    directory: Path,
    *,
    fsync: bool,
    database_url: str | None = None,
    redis_url: str | None = None,
) -> Servers:
    """The servers to use, none started yet; data below ``directory``.

    Where an address is given, that server is somebody else's and nothing is embedded.
    """
    if database_url and redis_url:
        return Servers(database_url, redis_url, None, None)
    directory = directory.resolve()
    shelter = find_shelter(directory, find_binaries())
    postgres, valkey = None, None
    if not database_url:
        postgres = Postgres(directory / "postgres", shelter, fsync=fsync)
        database_url = postgres.url
    if not redis_url:
        valkey = Valkey(directory / "valkey", shelter)
        redis_url = valkey.url
    return Servers(database_url, redis_url, postgres, valkey)


@contextmanager
def embedded(
    directory: Path,
    *,
    fsync: bool = False,
    database_url: str | None = None,
    redis_url: str | None = None,
) -> Iterator[Servers]:
    """Both servers answer inside the block and are stopped after it.

    Logs go to ``directory/log/NAME.log``. Enter it from the main thread: the servers
    also stop should this process be killed. ``fsync=False`` is for data that may be
    lost with the machine (a kill of the processes loses nothing committed).
    """
    servers = plan_servers(
        directory, fsync=fsync, database_url=database_url, redis_url=redis_url
    )
    logs = directory / "log"
    logs.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for server in servers.embedded:
            output: Output = stack.enter_context(
                (logs / f"{server.name}.log").open("ab")
            )
            stack.callback(server.close)
            server.spawn(output)
        for server in servers.embedded:
            server.wait_until_ready()
        yield servers
