"""One call or message in the exchange's world."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TOKEN = re.compile(r"/webhooks/\w+/(?:voice|sms|message)/([\w-]+)/")


@dataclass
class Item:
    """One call or message that the exchange took."""

    sid: str
    to: str
    sender: str
    body: str
    callback: str
    taken_at: datetime
    ring: float = 25.0
    status: str = "queued"
    sequence: int = -1
    error: str = ""
    cancelled: bool = False

    @property
    def is_call(self) -> bool:
        return self.sid.startswith("CA")

    @property
    def is_of_the_gateway(self) -> bool:
        return self.sid.startswith("G-")

    @property
    def token(self) -> str:
        found = TOKEN.search(self.callback)
        return found.group(1) if found else ""

    def as_json(self) -> dict[str, Any]:
        """The resource as the provider shows it."""
        stamp = self.taken_at.strftime("%a, %d %b %Y %H:%M:%S +0000")
        return {
            "sid": self.sid,
            "to": self.to,
            "from": self.sender,
            "status": self.status,
            "body": self.body,
            "start_time": stamp,
            "date_sent": stamp,
            "date_created": stamp,
            "error_code": self.error or None,
        }
