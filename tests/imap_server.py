"""An IMAP server on loopback, as far as a reader needs one (RFC 3501).

It keeps every command, so that a test can say that nothing was changed, and knows the
difference between opening a folder for reading and for writing: whatever is read in a
folder that was opened with SELECT, or without PEEK, counts as seen.
"""

import re
import socketserver
import threading
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

USER, PASSWORD = "emergency", "mailbox password"
FETCH = re.compile(r"BODY(\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?")
SINCE = re.compile(r"SINCE (\d{1,2}-\w{3}-\d{4})")


@dataclass
class StoredMail:
    raw: bytes
    arrived: date
    seen: bool = False


@dataclass
class ImapServer:
    """One user with the folders INBOX and Notfälle."""

    folders: dict[str, dict[int, StoredMail]] = field(
        default_factory=lambda: {"INBOX": {}, "Notf&AOQ-lle": {}}
    )
    validity: int = 1
    commands: list[str] = field(default_factory=list)
    hangs_up_at: str = ""

    def __enter__(self) -> Self:
        server = self

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _Session(server, self).serve()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def __exit__(self, *details: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def put(self, raw: bytes, *, arrived: date, folder: str = "INBOX") -> int:
        """A mail arrives; its UID."""
        mails = self.folders[folder]
        uid = max(mails, default=100) + 1
        mails[uid] = StoredMail(raw, arrived)
        return uid

    def renumber(self) -> None:
        """The server gives its numbers anew, as after a move to another machine."""
        self.validity += 1
        for name, mails in self.folders.items():
            self.folders[name] = dict(enumerate(mails.values(), start=1))

    def url(self, folder: str = "INBOX", password: str = PASSWORD) -> str:
        secret = password.replace(" ", "%20")
        return f"imap://{USER}:{secret}@127.0.0.1:{self.port}/{folder}"


class _Session:
    def __init__(
        self, server: ImapServer, line: socketserver.StreamRequestHandler
    ) -> None:
        self.server, self.line = server, line
        self.folder = ""
        self.writable = False

    def serve(self) -> None:
        self.say("* OK [CAPABILITY IMAP4rev1] ready")
        while raw := self.line.rfile.readline():
            tag, _blank, command = raw.decode().strip().partition(" ")
            word = command.split(maxsplit=1)[0].upper()
            self.server.commands.append(
                "LOGIN" if word == "LOGIN" else command  # no password is kept
            )
            if self.server.hangs_up_at and command.startswith(self.server.hangs_up_at):
                return
            if word == "UID":
                word = " ".join(command.split(maxsplit=2)[:2]).upper()
            answer = getattr(self, f"do_{word.replace(' ', '_').lower()}", None)
            if answer is None:
                self.say(f"{tag} BAD unknown command")
                continue
            self.say(f"{tag} {answer(command)}")
            if word == "LOGOUT":
                return

    def say(self, text: str | bytes) -> None:
        line = text if isinstance(text, bytes) else text.encode()
        self.line.wfile.write(line + b"\r\n")

    def do_capability(self, command: str) -> str:
        self.say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_login(self, command: str) -> str:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', command)[1:]
        given = [quoted or plain for quoted, plain in found]
        return "OK in" if given == [USER, PASSWORD] else "NO wrong password"

    def do_select(self, command: str) -> str:
        return self._open(command, writable=True)

    def do_examine(self, command: str) -> str:
        return self._open(command, writable=False)

    def _open(self, command: str, *, writable: bool) -> str:
        name = command.split(maxsplit=1)[1].strip('"')
        if name not in self.server.folders:
            return "NO no such folder"
        self.folder, self.writable = name, writable
        self.say(f"* {len(self._mails())} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.server.validity}] valid")
        return f"OK [{'READ-WRITE' if writable else 'READ-ONLY'}] open"

    def _mails(self) -> dict[int, StoredMail]:
        return self.server.folders[self.folder]

    def do_uid_search(self, command: str) -> str:
        since = SINCE.search(command)
        first = (
            datetime.strptime(since[1], "%d-%b-%Y").date()  # noqa: DTZ007 - a day
            if since
            else date.min
        )
        found = [str(u) for u, mail in self._mails().items() if mail.arrived >= first]
        self.say(f"* SEARCH {' '.join(found)}".rstrip())
        return "OK searched"

    def do_uid_fetch(self, command: str) -> str:
        uid = int(command.split()[2])
        wanted = FETCH.search(command)
        mail = self._mails().get(uid)
        if mail is None or wanted is None:
            return "OK nothing"
        peek, start, length = wanted.groups()
        if self.writable and not peek:
            mail.seen = True
        begin = int(start or 0)
        part = mail.raw[begin : begin + int(length)] if length else mail.raw
        origin = f"<{begin}>" if length else ""
        number = list(self._mails()).index(uid) + 1
        self.say(
            f"* {number} FETCH (UID {uid} RFC822.SIZE {len(mail.raw)}"
            f" BODY[]{origin} {{{len(part)}}}"
        )
        self.line.wfile.write(part)
        self.say(")")
        return "OK fetched"

    def do_logout(self, command: str) -> str:
        self.say("* BYE")
        return "OK out"
