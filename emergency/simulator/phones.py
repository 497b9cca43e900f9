"""The phones of the people we know, from `phones.json`."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from emergency.simulator.behaviours import MANUAL, Behaviour, script


@dataclass(frozen=True)
class Phone:
    """A number and whose it is; name and role are empty for a stranger.

    `script` is what the phone plays unless it is told otherwise.
    """

    number: str
    name: str = ""
    role: str = ""
    script: tuple[Behaviour, ...] = (MANUAL,)


class PhoneBook:
    """Reads the file again whenever it changed; keeps the last good content."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "phones.json"
        self._seen: tuple[int, int] | None = None
        self._phones: tuple[Phone, ...] = ()

    def phones(self) -> tuple[Phone, ...]:
        """Return the phones in the file's order; none when there is no file."""
        try:
            status = self.path.stat()
            seen = (status.st_mtime_ns, status.st_size)
            if seen != self._seen:
                self._seen = seen
                self._phones = _read(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self._seen, self._phones = None, ()
        except (OSError, ValueError) as error:
            print(f"simulator: {self.path}: {error}", file=sys.stderr, flush=True)
        return self._phones

    def usual(self, number: str) -> tuple[Behaviour, ...]:
        """Return what the book says this phone plays; a stranger waits for a person."""
        for phone in self.phones():
            if phone.number == number:
                return phone.script
        return (MANUAL,)


def plain_number(number: str) -> str:
    """Return the number without the spaces people put into it."""
    return "".join(number.split())


def _read(text: str) -> tuple[Phone, ...]:
    entries = json.loads(text)
    if not isinstance(entries, list):
        raise ValueError("a list of phones is expected")
    phones: dict[str, Phone] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("number"), str):
            raise ValueError("every phone needs a number")
        number = plain_number(entry["number"])
        name, role = str(entry.get("name", "")), str(entry.get("role", ""))
        plays = script(str(entry.get("behaviour") or MANUAL.code))
        phones.setdefault(number, Phone(number, name, role, plays))
    return tuple(phones.values())
