"""Promises about the code that no linter of ours makes."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.sources import (
    APPS,
    CODE,
    PROJECT,
    called,
    calls,
    modules,
    named,
    tree,
)

pytestmark = pytest.mark.no_servers

RULES = [path for path in modules(*APPS) if "rules" in path.parts]

# The clock, chance and the outside world, by the name that is called.
IMPURE_CALLS = {
    *("now", "today", "utcnow", "time", "monotonic", "perf_counter", "sleep"),
    *("open", "print", "input", "exec", "eval", "getenv", "breakpoint"),
    *("random", "randint", "shuffle", "uuid4", "token_urlsafe"),
}
# Whatever else a rule wants to import has to be argued for here.
PURE_IMPORTS = {
    *("collections", "dataclasses", "datetime", "decimal", "enum", "functools"),
    *(
        "hashlib",
        "hmac",
        "ipaddress",
        "itertools",
        "math",
        "re",
        "typing",
        "unicodedata",
        "zoneinfo",
    ),
    *("phonenumbers", "stdnum"),
    *APPS,
}
GETTEXT = {
    f"{name}{lazy}"
    for name in ("gettext", "ngettext", "pgettext", "npgettext")
    for lazy in ("", "_lazy")
} | {"_"}
UNNAMED = re.compile(r"%[#0\- +]*[\d.]*[sdifrxegc]|\{\d*\}")
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "services", "manager"}
LONGEST_FILE, LONGEST_FUNCTION = 320, 55
LEFT_UNDONE = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b")
LAZY_LOADERS = {
    *((f"{app}/apps.py", "ready") for app in APPS),
    ("billing/documents/renderer.py", "_load"),
}


def impure_calls(source: ast.AST) -> Iterator[str]:
    """The names in this source that read a clock, roll dice or touch the world."""
    for node in ast.walk(source):
        if isinstance(node, ast.Call):
            name = called(node)
            # `time(8, 0)` is a time of day; `time.time()` is a clock.
            plain = name == "time" and isinstance(node.func, ast.Name)
            if name in IMPURE_CALLS and not plain:
                yield name


def imported(source: ast.AST) -> Iterator[str]:
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", RULES, ids=named)
def test_a_rule_reads_no_clock_and_touches_no_world(path: Path) -> None:
    assert list(impure_calls(tree(path))) == []


@pytest.mark.parametrize("path", RULES, ids=named)
def test_a_rule_imports_nothing_impure(path: Path) -> None:
    for name in imported(tree(path)):
        top, _, rest = name.partition(".")
        assert top in PURE_IMPORTS, name
        if top in APPS:
            assert rest.split(".")[0] == "rules", name


@pytest.mark.parametrize(
    "line",
    [
        "timezone.now()",
        "date.today()",
        "datetime.utcnow()",
        "time.time()",
        "open('x')",
        "print(1)",
        "random.random()",
        "uuid.uuid4()",
    ],
)
def test_the_search_for_impure_calls_finds(line: str) -> None:
    assert list(impure_calls(ast.parse(line)))


def test_there_are_rules_to_look_at() -> None:
    assert {path.relative_to(PROJECT).parts[0] for path in RULES} == set(APPS)


def test_imports_stand_at_the_top_of_a_file() -> None:
    inside = {
        (named(path), function.name)
        for path in modules(*CODE)
        for function in functions(path)
        if any(imported(function))
    }
    assert inside == LAZY_LOADERS


def translated_texts(path: Path) -> Iterator[tuple[int, ast.expr]]:
    """Line and argument of every text that is handed to gettext."""
    for call in calls(path):
        name = called(call)
        if name not in GETTEXT or not call.args:
            continue
        count = 1 + name.startswith("np") + name.startswith(("ngettext", "pgettext"))
        for argument in call.args[: 3 if name.startswith("np") else count]:
            yield argument.lineno, argument


@pytest.mark.parametrize("path", modules(*APPS), ids=named)
def test_a_translated_text_is_whole_and_its_values_are_named(path: Path) -> None:
    for line, argument in translated_texts(path):
        assert isinstance(argument, ast.Constant), f"{named(path)}:{line}"
        text = argument.value
        assert isinstance(text, str), f"{named(path)}:{line}"
        assert not UNNAMED.search(text.replace("%%", "")), text


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in modules(*CODE) if path.stem in VAGUE_NAMES] == []
    folders = {part for path in modules(*CODE) for part in path.parts}
    assert not folders & VAGUE_NAMES


def test_files_and_functions_can_be_read_in_one_go() -> None:
    too_long = [
        f"{named(path)}: {lines} lines"
        for path in modules(*CODE)
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_FILE
    ]
    too_long += [
        f"{named(path)}:{function.lineno} {function.name}"
        for path in modules(*APPS)
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert too_long == []


def test_nothing_is_left_for_later_in_a_comment() -> None:
    left = [
        named(path)
        for path in modules(*CODE)
        if LEFT_UNDONE.search(path.read_text(encoding="utf-8"))
    ]
    assert left == []


@pytest.mark.parametrize("part", ["launcher", "simulator"])
def test_what_starts_the_product_needs_only_the_standard_library(part: str) -> None:
    package = f"emergency.{part}"
    for path in modules(f"emergency/{part}"):
        for name in imported(tree(path)):
            own = name == package or name.startswith(f"{package}.")
            assert own or name.split(".")[0] in sys.stdlib_module_names, name
