"""How the launcher speaks: short lines for people, one error class."""

import sys


class LauncherError(Exception):
    """Something a person has to change first; its text is the whole message.

    ``exit_code`` is 2 where the command was called in a way that cannot work (a taken
    port, an instance already running) and 1 otherwise.
    """

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def say(line: str) -> None:
    """``line`` stands on standard output, unless nobody listens there any more."""
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except OSError:
        # The terminal was closed; what is running must not die of that.
        return


def complain(line: str) -> None:
    """``line`` stands on standard error, unless nobody listens there any more."""
    try:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
    except OSError:
        return
