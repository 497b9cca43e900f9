"""The record of libraries says what is installed, and every record has its parts."""

import re
import tomllib

import pytest

from tests.contracts.sources import PROJECT

pytestmark = pytest.mark.no_servers

DECISIONS = sorted((PROJECT / "docs" / "decisions").glob("*.md"))
LIBRARIES = PROJECT / "docs" / "decisions" / "0004-libraries.md"
ROW = re.compile(r"^\| ([\w.-]+) \| (\S+) \| (.+) \| (.+) \|$", re.MULTILINE)
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", re.MULTILINE)
PARTS = ("**Context.**", "**Options.**", "**Choice.**", "**Consequence.**")
ONE_PAGE = 60


def test_every_library_is_recorded_in_the_release_that_is_locked() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    wanted = {
        re.split(r"[\[<>=~ ;]", line, maxsplit=1)[0].lower()
        for line in project["project"]["dependencies"]
    }
    # The numbering plans come with the field that asks for them.
    wanted.add("phonenumbers")
    locked = dict(PINNED.findall((PROJECT / "requirements.lock").read_text("utf-8")))
    recorded = {
        name.lower(): release
        for name, release, _licence, _reason in ROW.findall(LIBRARIES.read_text())
        if name != "Library"
    }
    assert recorded == {name: locked[name] for name in wanted}


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_fits_a_page_and_says_why(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {path.name[:4]} ")
    assert [text.index(part) for part in PARTS] == sorted(
        text.index(part) for part in PARTS
    )
    assert text.count("\n") < ONE_PAGE


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:4] for path in DECISIONS] == [
        f"{number:04}" for number in range(1, len(DECISIONS) + 1)
    ]
