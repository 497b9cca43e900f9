"""A mailbox as a folder of files (maildir). Files are read where they lie; unlike what
mail programs do, nothing moves from ``new`` to ``cur``."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from emergency.mailboxes.base import LARGEST_MAIL, Content, MailboxError, Place

LONGEST_NAME = 200


class MaildirMailbox:
    """``path`` holds ``new`` and ``cur``. A mail is known by its file name up to the
    colon, which does not change when a mail program moves it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = f"maildir {path.name}"

    def open(self) -> None:
        if not (self.path / "new").is_dir():
            raise MailboxError("no_such_folder")

    def places(self, since: date) -> Sequence[Place]:
        return [
            Place(uid_validity="", uid=_uid(path))
            for path in self._files()
            if _arrived(path) >= since
        ]

    def content(self, place: Place) -> Content | None:
        for path in self._files():
            if _uid(path) == place.uid:
                return _read(path, place)
        return None

    def close(self) -> None:
        """Nothing is held open."""

    def _files(self) -> list[Path]:
        try:
            return sorted(
                path
                for part in ("new", "cur")
                if (self.path / part).is_dir()
                for path in (self.path / part).iterdir()
                if path.is_file() and not path.name.startswith(".")
            )
        except OSError as error:
            raise MailboxError("cannot_be_searched") from error


def _uid(path: Path) -> str:
    # A name that is no text would not be taken by the database.
    name = path.name.encode("utf-8", "replace").decode()
    return name.partition(":")[0][:LONGEST_NAME]


def _arrived(path: Path) -> date:
    try:
        seconds = path.stat().st_mtime
    except OSError:
        # Moved to the other folder just now; the next look finds it there.
        return date.min
    return datetime.fromtimestamp(seconds, tz=timezone.get_default_timezone()).date()


def _read(path: Path, place: Place) -> Content | None:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_MAIL + 1)
    except OSError:
        return None
    return Content(place=place, raw=raw[:LARGEST_MAIL], whole=len(raw) <= LARGEST_MAIL)
