"""The whole product as `make run` starts it, in a folder and on ports of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.telephone import ROOT, TelephoneNetwork, eventually

START_PATIENCE = 180.0
# So that no telephone goes on ringing for an incident of a test that is over.
REACH_EVERYBODY = """
import json
from django.utils import timezone
from emergency.actions.callback import record_attempt
from emergency.models import Incident, Staff
for incident in Incident.objects.filter(status__in=["paging", "acknowledged"]):
    record_attempt(incident_id=incident.pk, staff=Staff.objects.first(),
                   outcome="reached", now=timezone.now())
print(json.dumps("done"))
"""
# So that a report for the same server opens an incident, and does not join one.
END_WHAT_IS_REACHED = """
import json
from django.utils import timezone
from emergency.actions.closing import close, resolve
from emergency.models import Incident, Staff
staff, now = Staff.objects.first(), timezone.now()
mine = Incident.objects.filter(reports__servers__typed="web01.lindner.example")
for incident in mine.filter(status="reached").distinct():
    resolve(incident_id=incident.pk, staff=staff, cause="other", resolution="",
            disposition="not_an_emergency", now=now)
for incident in mine.filter(status="resolved").distinct():
    close(incident_id=incident.pk, staff=staff, now=now)
print(json.dumps("done"))
"""
# Nobody reports how a call ended that the telephone network has forgotten.
HANG_UP = """
import json
from django.utils import timezone
from emergency.models import Bridge, Page
Page.objects.filter(status="sent", kind="voice").update(
    status="delivered", ended_at=timezone.now())
Bridge.objects.live().update(stage="ended", ended_at=timezone.now())
print(json.dumps("done"))
"""
# A call that is placed just now would be recorded as ringing after it was forgotten.
UNDER_WAY = """
import json
from django.db.models import Q
from django.utils import timezone
from emergency.models import Page
due = Q(status="queued", due_at__lte=timezone.now()) | Q(status="claimed")
print(json.dumps(Page.objects.filter(due, incident__isnull=False).exists()))
"""
# What the surroundings of the suite set and a newcomer's shell does not.
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "PUBLIC_BASE_URL",
    "EMAIL_URL",
    "LOG_LEVEL",
    "STAFF_MFA",
    "STAFF_REAUTH_MINUTES",
    "DEMO",
    "DJANGO_SETTINGS_MODULE",
)
# Runs what it is told inside Django, again and again: a process for each question would
# take the machine from the product it asks about.
CLERK = """
import contextlib, io, json, sys
import django
from django.db import connections
django.setup()
for line in sys.stdin:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(json.loads(line), {})
    # The server may be another one the next time.
    connections.close_all()
    print(json.dumps(said.getvalue()), flush=True)
"""


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Product:
    """One running installation with demo data, reached as its users reach it."""

    url: str
    phones: TelephoneNetwork
    data: Path
    launcher: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    clerk: subprocess.Popen[str] | None = None

    def processes(self) -> dict[str, int]:
        """Process ids by name, as the launcher wrote them down last."""
        return dict(json.loads((self.data / "run" / "processes.json").read_text()))

    def kill(self, name: str) -> int:
        """The process dies at once, with no chance to tidy up. Answers its id."""
        pid = self.processes()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def freeze(self, pid: int, *, thaw: bool = False) -> None:
        """The process freezes, as on a machine that hangs, or goes on."""
        os.kill(pid, signal.SIGCONT if thaw else signal.SIGSTOP)

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; an error status is an answer too."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def is_ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def environment(self) -> dict[str, str]:
        """What a command of this installation needs."""
        known = json.loads((self.data / "run" / "env.json").read_text())
        return {**os.environ, **known}

    def ask(self, code: str) -> Any:
        """What the expression-printing code prints as JSON, run inside Django."""
        if self.clerk is None:
            self.clerk = subprocess.Popen(
                [sys.executable, "-c", CLERK],
                env={
                    **self.environment(),
                    "DJANGO_SETTINGS_MODULE": "emergency.settings",
                },
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.clerk.stdin is not None
        assert self.clerk.stdout is not None
        self.clerk.stdin.write(json.dumps(code) + "\n")
        self.clerk.stdin.flush()
        said = self.clerk.stdout.readline()
        assert said, f"it could not be answered, as standard error says: {code}"
        return json.loads(json.loads(said))

    def calm(self) -> None:
        """No incident waits for a call, none of the tests' server is open, no telephone
        rings, and none counts as busy."""
        self.ask(REACH_EVERYBODY)
        self.ask(END_WHAT_IS_REACHED)
        self.phones.act("/sim/reset")
        eventually(self._is_quiet, within=60.0, every=0.2, why="nothing is being sent")
        self.phones.act("/sim/reset")

    def _is_quiet(self) -> bool:
        """Whether nothing is on its way, now that every line is free."""
        self.ask(HANG_UP)
        return not self.ask(UNDER_WAY)

    def dismiss(self) -> None:
        """Nobody asks any more."""
        if self.clerk is not None:
            self.clerk.communicate(timeout=10)

    def stop(self) -> None:
        self.launcher.send_signal(signal.SIGTERM)
        self.launcher.wait(timeout=40)


@contextmanager
def running_product(directory: Path) -> Iterator[Product]:
    """The product is ready inside the block and gone after it."""
    port, phone_port = free_port(), free_port()
    outside = {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith(("TWILIO_", "SIMULATOR_"))
    }
    launcher = subprocess.Popen(
        [sys.executable, "-m", "emergency.launcher", "run"],
        env={
            **outside,
            "PORT": str(port),
            "SIMULATOR_PORT": str(phone_port),
            "DATA_DIR": str(directory),
            "SIMULATOR_SPEECH_SECONDS_PER_WORD": "0.01",
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    product = Product(
        url=f"http://127.0.0.1:{port}",
        phones=TelephoneNetwork(
            f"http://127.0.0.1:{phone_port}", directory / "simulator"
        ),
        data=directory,
        launcher=launcher,
    )
    reader = threading.Thread(target=_collect, args=(product,), daemon=True)
    reader.start()
    try:
        eventually(
            lambda: _came_up(product), within=START_PATIENCE, why="the product starts"
        )
        yield product
    finally:
        product.dismiss()
        if launcher.poll() is None:
            product.stop()
        reader.join(timeout=10)
        assert launcher.stdout is not None
        launcher.stdout.close()


def _came_up(product: Product) -> bool:
    if product.launcher.poll() is not None:
        raise AssertionError("the product did not start:\n" + "".join(product.lines))
    return f"ready {product.url}/\n" in product.lines


def _collect(product: Product) -> None:
    assert product.launcher.stdout is not None
    for line in product.launcher.stdout:
        product.lines.append(line)
