"""A command of `manage.py` through its own door, without a process of its own.

The start of a process costs a second and more, and shows the same every time. Each
command has one test that starts one.
"""

from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO

from django.core.management import execute_from_command_line


@dataclass(frozen=True)
class Ended:
    """What a shell sees of a command that ended."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: str) -> Ended:
    """The command's exit status and what it said. Raises what it does not handle."""
    out, err = StringIO(), StringIO()
    status: object = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            execute_from_command_line(["manage.py", *words])
        except SystemExit as end:
            status = end.code
    assert status is None or isinstance(status, int)
    return Ended(status or 0, out.getvalue(), err.getvalue())
