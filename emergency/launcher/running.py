"""``run``: the whole product on this machine, until somebody stops it."""

import http.client
import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from emergency.launcher import table
from emergency.launcher.environment import (
    given_address,
    product_environment,
    publish,
)
from emergency.launcher.messages import LauncherError
from emergency.launcher.places import Places
from emergency.launcher.ports import LOOPBACK, read_port, require_free
from emergency.launcher.processes import spawn
from emergency.launcher.register import Register, only_one
from emergency.launcher.server import Server
from emergency.launcher.servers import Servers, plan_servers
from emergency.launcher.stream import Stream
from emergency.launcher.supervisor import Child, Stopped, Supervisor

SERVER_PATIENCE = 30.0
LOG_LIMIT = 5_000_000
# One interpreter for all three: each start of Django costs most of a second. An
# installation that is in use refuses the demo data and runs on without them.
PREPARE = """
import os, sys, django
os.environ.setdefault("DATABASE_STATEMENT_SECONDS", "0")
from django.core.management import CommandError, call_command
django.setup()
try:
    call_command("migrate", interactive=False, verbosity=0)
    with open(os.devnull, "w") as nowhere:
        call_command("check", fail_level="ERROR", stdout=nowhere)
except CommandError as error:
    sys.exit(str(error))
if sys.argv[1] == "seed" and os.environ.get("DEMO") == "1":
    try:
        call_command("seed_demo", phones=sys.argv[2], logins=sys.argv[3])
    except CommandError as error:
        print(error)
"""


@dataclass
class Run:
    """One run of the product: its places, its ports and what supervises it."""

    places: Places
    environ: Mapping[str, str]
    stream: Stream
    supervisor: Supervisor

    def __post_init__(self) -> None:
        self.port = read_port(self.environ, "PORT", 8000)
        self.simulator_port = read_port(self.environ, "SIMULATOR_PORT", 8900)
        if self.port == self.simulator_port:
            raise LauncherError(
                f"PORT and SIMULATOR_PORT are both {self.port}; they must differ.",
                exit_code=2,
            )

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/"

    def require_ports(self) -> None:
        require_free("PORT", self.port)
        require_free("SIMULATOR_PORT", self.simulator_port)

    def start(self) -> None:
        """The product answers; its addresses and logins stand in the log."""
        for part in ("log", "mail", "simulator", "static"):
            (self.places.var / part).mkdir(parents=True, exist_ok=True)
        for part in ("cur", "new", "tmp"):
            (self.places.mailbox / part).mkdir(parents=True, exist_ok=True)
        servers = plan_given(self.places, self.environ)
        for server in servers.embedded:
            self._add_server(server)
        environment = product_environment(
            self.environ,
            places=self.places,
            servers=servers,
            port=self.port,
            simulator_port=self.simulator_port,
        )
        self._add("simulator", table.SIMULATOR, environment)
        await_servers(self.supervisor, servers)
        publish(self.places, environment)
        self._prepare(environment, seed=servers.postgres is not None)
        for name in table.PROCESSES:
            command = table.arguments(
                name, host=LOOPBACK, port=self.port, data=str(self.places.var)
            )
            self._add(name, command, environment)
        self.supervisor.pump(self._is_usable)
        self._announce(environment)

    def _add(
        self,
        name: str,
        command: tuple[str, ...] | list[str],
        environment: Mapping[str, str],
        *,
        once: bool = False,
    ) -> Child:
        line = [str(self.places.python), *command]

        def start(output: int) -> subprocess.Popen[bytes]:
            return spawn(line, cwd=self.places.root, output=output, env=environment)

        child = Child(name, start, once=once)
        self.supervisor.add(child)
        return child

    def _add_server(self, server: Server) -> None:
        add_server(self.supervisor, server, self.places.var / "log")

    def _prepare(self, environment: Mapping[str, str], *, seed: bool) -> None:
        phones = str(self.places.var / "simulator" / "phones.json")
        logins = str(self.places.logins_file)
        words = ["-c", PREPARE, "seed" if seed else "empty", phones, logins]
        child = self._add("prepare", words, environment, once=True)
        self.supervisor.pump(lambda: not child.is_running())
        self.supervisor.end(["prepare"])
        if child.process is None or child.process.returncode != 0:
            raise LauncherError(
                "The database could not be prepared; the reason stands above."
            )

    def _is_usable(self) -> bool:
        return _answers(self.port, "/readyz") and _answers(self.simulator_port, "/")

    def _announce(self, environment: Mapping[str, str]) -> None:
        phones = f"http://{LOOPBACK}:{self.simulator_port}/"
        stage = {"All at once": f"{self.url}demo/"}
        addresses = {
            **(stage if environment.get("DEMO") == "1" else {}),
            "Customer form": self.url,
            "Telephones": phones,
            "Desk": f"{self.url}desk/",
            "Billing": f"{self.url}billing/",
            "E-mails": environment["EMAIL_URL"].removeprefix("file:///"),
        }
        lines = [f"  {name:<14} {where}" for name, where in addresses.items()]
        lines += [
            f"  {login['role']:<14} {login['email']}  {login['password']}"
            for login in read_logins(self.places)
        ]
        for line in ("", *lines, "", f"ready {self.url}"):
            self.stream.plain(line)


def read_logins(places: Places) -> list[dict[str, str]]:
    """The demo logins the seed left in ``logins.json``; none without a seed."""
    try:
        content = json.loads(places.logins_file.read_text())
    except (OSError, ValueError):
        return []
    wanted = {"role", "email", "password"}
    return [login for login in content if wanted <= set(login)]


def plan_given(places: Places, environ: Mapping[str, str]) -> Servers:
    """The servers the environment names, embedded ones where it names none."""
    return plan_servers(
        places.var,
        fsync=True,
        database_url=given_address(environ, "DATABASE_URL"),
        redis_url=given_address(environ, "REDIS_URL"),
    )


def add_server(supervisor: Supervisor, server: Server, logs: Path) -> None:
    """``server`` is supervised; what it says stands in ``logs/NAME.log``."""
    log = logs / f"{server.name}.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.old"))

    def start(_output: int) -> subprocess.Popen[bytes]:
        with log.open("ab") as file:
            return server.spawn(file)

    child = Child(server.name, start, farewell=server.gentle, afterwards=server.close)
    supervisor.add(child)


def await_servers(supervisor: Supervisor, servers: Servers) -> None:
    """Every embedded server answers. LauncherError when one does not in 30 s."""
    for server in servers.embedded:
        if not supervisor.pump(server.answers, patience=SERVER_PATIENCE):
            raise LauncherError(
                f"{server.name} does not answer; its log is"
                f" {server.folder.parent / 'log' / server.name}.log"
            )


@contextmanager
def supervised(places: Places, purpose: str, stream: Stream) -> Iterator[Supervisor]:
    """A supervisor that leaves nothing behind, with the installation to itself."""
    with only_one(places, purpose):
        register = Register(places)
        for name in register.end_orphans():
            stream.line("launcher", f"{name} was left by an earlier run: ended")
        supervisor = Supervisor(stream, register)
        supervisor.listen_to_signals()
        try:
            yield supervisor
        finally:
            servers = ["postgres", "valkey"]
            others = [name for name in supervisor.children if name not in servers]
            supervisor.end(others)
            supervisor.end(servers)
            register.clear()


def run(places: Places, environ: Mapping[str, str]) -> None:
    """The product ran until it was asked to stop, and nothing of it runs any more."""
    stream = Stream()
    with supervised(places, "start", stream) as supervisor:
        product = Run(places, environ, stream, supervisor)
        product.require_ports()
        try:
            product.start()
            supervisor.pump(lambda: False)
        except Stopped:
            stream.line("launcher", "stopping")
    stream.line("launcher", "stopped")


def serve(places: Places, environ: Mapping[str, str]) -> None:
    """PostgreSQL and Valkey alone ran until somebody stopped them."""
    stream = Stream()
    with supervised(places, "start the servers", stream) as supervisor:
        (places.var / "log").mkdir(parents=True, exist_ok=True)
        servers = plan_given(places, environ)
        try:
            for server in servers.embedded:
                add_server(supervisor, server, places.var / "log")
            await_servers(supervisor, servers)
            publish(places, servers.environment)
            for name, address in servers.environment.items():
                stream.plain(f"export {name}='{address}'")
            supervisor.pump(lambda: False)
        except Stopped:
            return


def _answers(port: int, path: str) -> bool:
    link = http.client.HTTPConnection(LOOPBACK, port, timeout=1)
    try:
        link.request("GET", path)
        return link.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
