"""The project's own files, read once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
APPS = ("emergency", "billing", "status")
CODE = (*APPS, "tests")
TEMPLATES = PROJECT / "templates"


def named(path: Path) -> str:
    """The path as people write it: relative to the project."""
    return path.relative_to(PROJECT).as_posix()


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    """Every Python file of these folders; migrations are written by a machine."""
    return tuple(
        path
        for folder in folders
        for path in sorted((PROJECT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(call: ast.Call) -> str:
    """The last name of what is called: ``now`` for ``timezone.now()``."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node
