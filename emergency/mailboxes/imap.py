"""A mailbox at an IMAP server, opened read-only (EXAMINE) and read with BODY.PEEK."""

import imaplib
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from imap_tools import (
    AND,
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailBoxStartTls,
    MailBoxUnencrypted,
)

from emergency.mailboxes.base import (
    LARGEST_MAIL,
    Content,
    MailboxError,
    Place,
)

SECONDS = 10
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
TROUBLE = (ImapToolsError, imaplib.IMAP4.error, OSError, UnicodeError, ValueError)


class ImapMailbox:
    """``imaps`` speaks TLS from the start, ``imap`` begins it with STARTTLS; to this
    machine itself ``imap`` is plain."""

    def __init__(
        self,
        *,
        scheme: str,
        host: str,
        port: int | None,
        user: str,
        password: str,
        folder: str,
    ) -> None:
        self.scheme, self.host, self.port = scheme, host, port
        self.user, self.password, self.folder = user, password, folder
        self.name = f"{user}@{host}/{folder}"
        self._box: BaseMailBox | None = None
        self._validity = ""

    def open(self) -> None:
        try:
            self._box = self._connected()
        except TROUBLE as error:
            raise MailboxError(f"no_connection_{type(error).__name__}") from error
        try:
            self._box.login(self.user, self.password, initial_folder=None)
        except TROUBLE as error:
            raise MailboxError("login_refused") from error
        try:
            self._box.folder.set(self.folder, readonly=True)
            told = self._client().response("UIDVALIDITY")[1]
            self._validity = (told[0] or b"").decode() if told else ""
        except TROUBLE as error:
            raise MailboxError("no_such_folder") from error

    def places(self, since: date) -> Sequence[Place]:
        try:
            found = self._opened().uids(AND(date_gte=since), charset=None)
        except TROUBLE as error:
            raise MailboxError("cannot_be_searched") from error
        return [Place(uid_validity=self._validity, uid=uid) for uid in found]

    def content(self, place: Place) -> Content | None:
        wanted = f"(RFC822.SIZE BODY.PEEK[]<0.{LARGEST_MAIL}>)"
        try:
            word, answer = self._client().uid("FETCH", place.uid, wanted)
        except TROUBLE as error:
            raise MailboxError("cannot_be_fetched") from error
        if word != "OK" or not answer or not isinstance(answer[0], tuple):
            return None
        told, raw = answer[0]
        after = answer[1] if len(answer) > 1 and isinstance(answer[1], bytes) else b""
        size = SIZE.search(told) or SIZE.search(after)
        whole = len(raw) < LARGEST_MAIL or (
            size is not None and int(size[1]) <= len(raw)
        )
        return Content(place=place, raw=raw, whole=whole)

    def close(self) -> None:
        box, self._box = self._box, None
        if box is None:
            return
        # A server that has hung up already hears nothing; the socket is ours to close.
        with suppress(*TROUBLE):
            box.logout()
        with suppress(*TROUBLE):
            box.client.shutdown()

    def _connected(self) -> BaseMailBox:
        place: dict[str, Any] = {"host": self.host, "timeout": SECONDS}
        if self.port:
            place["port"] = self.port
        if self.scheme == "imaps":
            return MailBox(**place)
        if self.host in LOOPBACK:
            return MailBoxUnencrypted(**place)
        return MailBoxStartTls(**place)

    def _opened(self) -> BaseMailBox:
        if self._box is None:
            raise MailboxError("not_open")
        return self._box

    def _client(self) -> imaplib.IMAP4:
        return self._opened().client
