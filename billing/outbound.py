"""HTTP from billing to other systems: the one place that speaks it.

Nothing here is asked for within a transaction or while a customer waits; whoever calls
has claimed a row, and records what came of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

TIMEOUT = (3, 15)
# Longer answers are not ours to read.
LONGEST_ANSWER = 65_536


class Unreachable(Exception):
    """No answer came; ``str()`` is the name of the error."""


@dataclass(frozen=True)
class Answer:
    """What came back: a status and the first bytes of the body."""

    status: int
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """The answer to this JSON body; a redirection is an answer like any other. Raises
    Unreachable."""
    try:
        with requests.post(
            url,
            data=body,
            headers={"Content-Type": "application/json", **headers},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            found = next(response.iter_content(LONGEST_ANSWER), b"")
            return Answer(response.status_code, found)
    except requests.RequestException as error:
        raise Unreachable(type(error).__name__) from error
