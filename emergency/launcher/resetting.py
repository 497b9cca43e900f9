"""``reset``: back to an installation that was never started."""

import shutil
from pathlib import Path

from emergency.launcher.messages import say
from emergency.launcher.places import Places
from emergency.launcher.register import Register, only_one
from emergency.launcher.shelter import leave_refuge

# What the product keeps; a folder of somebody else's choosing may hold more.
KEPT = (
    *("beat-schedule", "files", "log", "mail", "postgres", "postgres.new", "run"),
    *("simulator", "sockets", "static", "terms", "valkey"),
)


def reset(places: Places) -> None:
    """Nothing the product kept on disk is left.

    Raises LauncherError while it runs; what a killed launcher left is ended first.
    """
    if not places.run.is_dir():
        say(f"{places.var} holds nothing to delete.")
        return
    with only_one(places, "reset"):
        Register(places).end_orphans()
        leave_refuge(places.var)
        for path in _kept(places):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    say(f"{places.var} is empty; the next start begins anew.")


def _kept(places: Places) -> list[Path]:
    if places.var == places.root / "var":
        return sorted(places.var.iterdir())
    return [path for path in sorted(places.var.iterdir()) if path.name.startswith(KEPT)]
