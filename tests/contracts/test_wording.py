"""Every fact that actions enter into the timeline has a sentence."""

import ast
from pathlib import Path

import pytest

from emergency.models import DueRow
from emergency.queries.wording import sentence, worded_codes

pytestmark = pytest.mark.no_servers

EMERGENCY = Path(__file__).resolve().parents[2] / "emergency"
WRITERS = [*(EMERGENCY / "actions").glob("*.py"), EMERGENCY / "billable.py"]


def entered_codes() -> dict[str, str]:
    """Code to file, for every call of a writer; a code must be readable here."""
    found: dict[str, str] = {}
    for path in WRITERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in {"enter", "enter_all"}:
                for code in literals(node.args[1], path):
                    found[code] = path.name
    return found


def literals(argument: ast.expr, path: Path) -> list[str]:
    if isinstance(argument, ast.IfExp):
        return literals(argument.body, path) + literals(argument.orelse, path)
    assert isinstance(argument, ast.Constant), f"{path}:{argument.lineno}"
    assert isinstance(argument.value, str)
    return [argument.value]


def test_every_code_that_is_written_has_a_sentence() -> None:
    written = entered_codes()
    assert "reported" in written
    assert "reached" in written
    missing = {c: name for c, name in written.items() if c not in worded_codes()}
    assert not missing


def test_every_sentence_has_a_code_that_is_written() -> None:
    assert worded_codes() <= set(entered_codes())


@pytest.mark.parametrize("code", sorted(worded_codes()))
def test_a_fact_without_its_values_still_reads_as_a_sentence(code: str) -> None:
    words = sentence(code, {}, {})
    assert words.strip()
    assert "%(" not in words


def test_a_code_nobody_knows_still_reads_as_words() -> None:
    assert sentence("page_lost_in_space", {"x": 1}, {}) == "page lost in space"


def test_every_kind_of_decision_can_be_named() -> None:
    for kind in DueRow.Kind.values:
        words = sentence("decision_failed", {"kind": kind, "error": "KeyError"}, {})
        assert f"({kind}:" not in words
