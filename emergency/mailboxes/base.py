"""What a mailbox is: a list of places, and the bytes at each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

# More of one mail is not read; its first part says what it is about.
LARGEST_MAIL = 15 * 1024 * 1024


class MailboxError(Exception):
    """The mailbox cannot be read. ``code`` is stable and holds no secret."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a mail lies. ``uid_validity`` changes when a server gives its numbers
    anew."""

    uid_validity: str
    uid: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """The mail as received; ``whole`` is False where it was too large."""

    place: Place
    raw: bytes
    whole: bool


class Mailbox(Protocol):
    """One file per kind implements this. Nothing in the mailbox is changed, not even
    what counts as seen. Every method raises MailboxError."""

    name: str

    def open(self) -> None:
        """The mailbox can be asked."""

    def places(self, since: date) -> Sequence[Place]:
        """Where mails lie that arrived on this day or later."""

    def content(self, place: Place) -> Content | None:
        """The mail at this place; None when it is gone."""

    def close(self) -> None:
        """The connection is given back. Never raises."""
