"""What the repository holds is the product's alone: no place, no download address."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.contracts.sources import PROJECT

pytestmark = pytest.mark.no_servers

LOCKS = ("requirements.lock", "requirements-dev.lock")
NOT_OURS = {".git", ".venv", "var", "__pycache__", "node_modules"}
# Folders of somebody's machine; written apart, so that this file may hold them.
SOMEBODYS = re.compile(
    "|".join(rf"/{folder}/\w" for folder in ("work", "home", "Users", "workspace"))
)


def kept_files() -> list[Path]:
    """The files git keeps; in an unpacked archive, everything but what is made."""
    answer = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode == 0 and answer.stdout:
        names = answer.stdout.strip("\0").split("\0")
        return [path for name in names if (path := PROJECT / name).is_file()]
    return [
        path
        for path in PROJECT.rglob("*")
        if path.is_file() and not NOT_OURS & set(path.relative_to(PROJECT).parts)
    ]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_has_versions_and_hashes_and_no_address(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"--(?:extra-)?index-url|--find-links|-f ", text)
    for requirement in re.split(r"\n(?=[A-Za-z0-9])", text):
        if requirement and not requirement.startswith("#"):
            assert re.match(r"[\w.\-\[\],]+==\S+", requirement), requirement[:80]
            assert "--hash=sha256:" in requirement, requirement[:80]


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    found = {
        path.relative_to(PROJECT).as_posix(): match.group()
        for path in kept_files()
        if path.suffix not in {".png", ".pdf", ".ico"}
        and (match := SOMEBODYS.search(path.read_text("utf-8", errors="replace")))
    }
    assert found == {}


def test_nothing_that_is_made_is_kept() -> None:
    made = {".mo", ".pyc", ".sqlite3", ".log"}
    assert [path.name for path in kept_files() if path.suffix in made] == []
