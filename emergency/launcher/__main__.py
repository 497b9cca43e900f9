"""``python3 -m emergency.launcher``: set up, run, serve, reset."""

import argparse
import os
import sys
from pathlib import Path

from emergency.launcher.installation import set_up
from emergency.launcher.messages import LauncherError, complain
from emergency.launcher.places import Places
from emergency.launcher.processes import follow_parent
from emergency.launcher.resetting import reset
from emergency.launcher.running import run, serve


def parse(words: list[str]) -> argparse.Namespace:
    """The command and its options."""
    parser = argparse.ArgumentParser(prog="python3 -m emergency.launcher")
    commands = parser.add_subparsers(dest="command", required=True)
    setup = commands.add_parser("setup", help="install what is missing")
    setup.add_argument("--dev", action="store_true", help="also what tests need")
    commands.add_parser("run", help="start the product and supervise it")
    commands.add_parser("services", help="start PostgreSQL and Valkey alone")
    commands.add_parser("reset", help="delete what the product kept on disk")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """The exit code: 0 done, 1 failed, 2 called in a way that cannot work."""
    options = parse(words)
    places = Places.of(os.environ)
    try:
        if options.command == "reset":
            reset(places)
        else:
            set_up(places, dev=getattr(options, "dev", False))
        if "MAKELEVEL" in os.environ:
            # Whoever kills make means what make started.
            follow_parent()
        if options.command == "run":
            run(places, os.environ)
        elif options.command == "services":
            serve(places, os.environ)
    except LauncherError as error:
        complain(str(error))
        return error.exit_code
    except PermissionError as error:
        path = Path(error.filename or ".")
        complain(f"{path} belongs to another account; run as that account.")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
