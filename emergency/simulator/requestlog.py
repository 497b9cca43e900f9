"""A lasting record of every request the Twilio API received, refused ones too."""

import json
import threading
import time
from pathlib import Path


class RequestLog:
    """Appends one JSON object per line to `requests.jsonl`."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "requests.jsonl"
        self._lock = threading.Lock()

    def append(self, method: str, path: str, body: str) -> None:
        """Write the request; it is in the file when this returns.

        The file is opened each time because the folder may be deleted meanwhile.
        """
        entry = {"t": time.time(), "method": method, "path": path, "body": body}
        line = json.dumps(entry, ensure_ascii=False) + "\n"
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line)
