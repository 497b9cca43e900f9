"""The launcher runs before anything is installed."""

import ast
import sys

import pytest

from emergency.launcher.places import PROJECT

pytestmark = pytest.mark.no_servers

FILES = sorted((PROJECT / "emergency" / "launcher").glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_imports_the_standard_library_and_itself_alone(path) -> None:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module or "")
    foreign = {
        name
        for name in names
        if name.partition(".")[0] not in sys.stdlib_module_names
        and name.partition(".")[0:1] != ("emergency",)
    }
    assert foreign == set()
    outside = {name for name in names if name.startswith("emergency.")}
    assert all(name.startswith("emergency.launcher") for name in outside)


def test_importing_it_imports_nothing_of_the_product() -> None:
    assert (PROJECT / "emergency" / "__init__.py").read_text() == ""
