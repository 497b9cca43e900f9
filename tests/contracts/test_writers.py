"""Rows are written by actions, and a door is thin."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.sources import APPS, PROJECT, called, calls, modules, named, tree

pytestmark = pytest.mark.no_servers

WRITING = {
    *("save", "delete", "bulk_create", "bulk_update", "get_or_create"),
    *("update_or_create", "create_user", "set_password", "select_for_update"),
}
# Words that other things have, too: only on a manager or queryset they write rows.
WRITING_ON_ROWS = {"create", "update"}
MAY_WRITE = (
    *(f"{app}/actions" for app in APPS),
    "emergency/billable.py",
    # The demo invents a past; managers and their rows belong together.
    "emergency/management/demo",
    "billing/management/commands/seed_demo_billing.py",
    "emergency/models",
    "billing/models",
    # Saves a picture, and no row.
    "emergency/app_icon.py",
)
LONGEST_TASK = 10


def writes(source: ast.AST) -> Iterator[int]:
    """Lines that change rows."""
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = called(node)
            on_rows = "objects" in ast.unparse(node.func.value)
            if name in WRITING or (name in WRITING_ON_ROWS and on_rows):
                yield node.lineno


def may_write(path: Path) -> bool:
    return named(path).startswith(MAY_WRITE)


@pytest.mark.parametrize(
    "path", [path for path in modules(*APPS) if not may_write(path)], ids=named
)
def test_nobody_but_actions_writes_rows(path: Path) -> None:
    assert list(writes(tree(path))) == []


def test_the_search_for_writers_finds_the_actions() -> None:
    for name in ("emergency/actions/report.py", "billing/actions/issue.py"):
        assert list(writes(tree(PROJECT / name)))


@pytest.mark.parametrize("app", APPS)
def test_a_task_is_one_short_call(app: str) -> None:
    for node in tree(PROJECT / app / "tasks.py").body:
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_TASK, node.name


@pytest.mark.parametrize("app", APPS)
def test_now_is_handed_to_actions_and_not_asked_there(app: str) -> None:
    asked = [
        f"{named(path)}:{call.lineno}"
        for path in modules(app)
        if path.stem == "actions" or "actions" in path.parts
        for call in calls(path)
        if called(call) in {"now", "today", "utcnow"}
    ]
    assert asked == []
