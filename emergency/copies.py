"""Last good copies on disk, for what customers must see while the database is away."""

import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)


def keep_copy(path: Path, values: Any) -> bool:
    """The file holds these JSON values, or what it held before (False): a full disk
    must cost nobody an order."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(values, file)
            Path(name).replace(path)
        finally:
            # A full disk must not be filled further, page by page.
            Path(name).unlink(missing_ok=True)
    except OSError:
        logger.warning("the copy %s cannot be written", path)
        return False
    return True


def last_copy(path: Path) -> Any:
    """What ``keep_copy`` wrote. Raises OSError or ValueError where nothing readable
    is."""
    return json.loads(path.read_text("utf-8"))
