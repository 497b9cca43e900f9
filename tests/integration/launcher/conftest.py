"""The launcher's tests bring their own servers: nothing here uses the suite's."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from emergency.launcher import shelter


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder other accounts may enter, with a space in its path.

    All temporary space of the launcher lies beside it, in this process and in those
    it starts, so that one removal cleans up and never leaves this folder.
    """
    made = Path(tempfile.mkdtemp(prefix="es-"))
    made.chmod(0o755)
    space, inside = made / "tmp", made / "night shift"
    for part in (space, inside):
        part.mkdir()
    monkeypatch.setenv("TMPDIR", str(space))
    monkeypatch.setattr(tempfile, "tempdir", str(space))
    monkeypatch.setattr(shelter, "LASTING_SPACE", space)
    yield inside
    shutil.rmtree(made)
