"""Each import contract holds, and one bad line is enough to break it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.no_servers

PROJECT = Path(__file__).resolve().parents[2]
APPS = ("emergency", "billing", "status")
# One process looks at every spoilt copy: most of its second would be its own start.
LINTER = """
import sys
from importlinter.cli import lint_imports
for line in sys.stdin:
    status = lint_imports(cache_dir=".cache", no_logo=True)
    print("\\nstatus", status, flush=True)
"""
STATUS = re.compile(r"^status (\d)$")
VERDICT = re.compile(r"^(\d)\. .*\b(KEPT|BROKEN)\b", re.MULTILINE)

ONE_ARROW = [
    ("status/queries.py", "from emergency import terms"),
    ("status/tasks.py", "from billing.rules import rounding"),
    ("emergency/views/words.py", "from billing.rules import rounding"),
]
PURE_RULES = [
    ("billing/rules/rating.py", "import random"),
    ("emergency/rules/deadline.py", "from django.utils import timezone"),
    ("emergency/rules/escalation.py", "import celery"),
    ("status/rules/matching.py", "from urllib.request import urlopen"),
    ("status/rules/polling.py", "from pathlib import Path"),
]
ONE_DOOR = [
    ("billing/queries/lists.py", "from emergency.models import Incident"),
    ("billing/computing.py", "from emergency.rules import deadline"),
    ("billing/actions/collect.py", "from emergency.actions import timeline"),
    ("billing/views/lists.py", "from emergency.queries import board"),
    ("billing/tasks.py", "from emergency import tasks"),
]
FEW_HANDS = [
    ("emergency/actions/send.py", "import twilio"),
    ("emergency/pagers/email.py", "from twilio.rest import Client"),
    ("emergency/tasks.py", "import requests"),
    ("status/actions/polling.py", "import requests"),
    ("billing/actions/transmit.py", "import requests"),
    ("emergency/queries/board.py", "import weasyprint"),
    ("billing/actions/issue.py", "from weasyprint import HTML"),
    ("emergency/management/commands/tick.py", "from emergency import simulator"),
    ("emergency/views/desk.py", "from emergency.launcher import table"),
]
TOP_TO_BOTTOM = [
    ("emergency/queries/board.py", "from emergency.actions import roster"),
    ("emergency/actions/report.py", "from emergency import tasks"),
    ("emergency/actions/send.py", "from emergency import billable"),
    ("emergency/models/page.py", "from emergency import wake"),
    ("emergency/tasks.py", "from emergency.views import desk"),
    ("emergency/views/desk.py", "from emergency import settings"),
    ("billing/documents/page.py", "from billing.actions import issue"),
    ("billing/models/money.py", "from billing import queries"),
    ("status/models.py", "from status import queries"),
]
BAD_LINES = [
    pytest.param(number, file, line, id=f"{number}-{file}")
    for number, lines in enumerate(
        (ONE_ARROW, PURE_RULES, ONE_DOOR, FEW_HANDS, TOP_TO_BOTTOM), start=1
    )
    for file, line in lines
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three packages and their contracts, to be spoilt."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copy(PROJECT / "pyproject.toml", folder)
    for app in APPS:
        for source in (PROJECT / app).rglob("*.py"):
            target = folder / source.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    return folder


class Linter:
    """What `make lint` asks, in a folder of ours."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def verdicts(self) -> dict[int, str]:
        """KEPT or BROKEN for the number of each contract, as the linter prints it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        said = ""
        for line in self.process.stdout:
            if status := STATUS.match(line):
                found = {int(number): word for number, word in VERDICT.findall(said)}
                assert sorted(found) == [1, 2, 3, 4, 5], said
                assert (status[1] == "0") is ("BROKEN" not in found.values())
                return found
            said += line
        raise AssertionError(f"the linter ended: {said}")

    def broken(self) -> list[int]:
        found = self.verdicts()
        return [number for number, word in found.items() if word == "BROKEN"]


@pytest.fixture(scope="module")
def linter(copy: Path) -> Iterator[Linter]:
    with subprocess.Popen(
        [sys.executable, "-c", LINTER],
        cwd=copy,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Linter(process)
        # It ends when nobody asks any more.


@pytest.fixture
def spoil(copy: Path) -> Iterator[Path]:
    """The copy, mended afterwards."""
    before = {path: path.read_bytes() for path in copy.rglob("*.py")}
    yield copy
    for path in copy.rglob("*.py"):
        if path not in before:
            path.unlink()
        elif path.read_bytes() != before[path]:
            path.write_bytes(before[path])


def test_all_five_contracts_are_kept(linter: Linter) -> None:
    assert linter.broken() == []


@pytest.mark.parametrize(("contract", "file", "line"), BAD_LINES)
def test_one_bad_import_breaks_exactly_its_contract(
    spoil: Path, linter: Linter, contract: int, file: str, line: str
) -> None:
    with (spoil / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    assert linter.broken() == [contract]


def test_a_way_round_over_a_second_module_breaks_the_purity_of_rules(
    spoil: Path, linter: Linter
) -> None:
    with (spoil / "status/rules/matching.py").open("a", encoding="utf-8") as source:
        source.write("\nfrom status.rules import clock\n")
    (spoil / "status/rules/clock.py").write_text("import time\n", encoding="utf-8")
    assert linter.broken() == [2]


def test_a_module_without_a_place_among_the_layers_is_refused(
    spoil: Path, linter: Linter
) -> None:
    (spoil / "emergency/misplaced.py").write_text("", encoding="utf-8")
    assert linter.broken() == [5]
