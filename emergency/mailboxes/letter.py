"""What a mail says. Nothing that anybody may send makes the reading fail."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from html.parser import HTMLParser

from emergency.rules.free_text import cleaned_line, cleaned_text
from emergency.rules.incoming_mail import machine_reason

logger = logging.getLogger(__name__)

LONGEST_TEXT = 50_000
LONGEST_LINE = 200
LONGEST_ADDRESS = 254
LONGEST_ID = 250
MOST_ATTACHMENTS = 10
LARGEST_ATTACHMENT = 10 * 1024 * 1024
# A mail may be nested without end; nobody looks deeper.
MOST_PARTS = 200
MOST_HTML = 500_000
MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,248}>")
OWN_ID_IN_REPORT = re.compile(rb"(?im)^Message-ID:\s*(<[!-;=?-~]{3,248}>)")
FAILED_ACTION = re.compile(rb"(?im)^Action:\s*failed")
KIND = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,59}")
UNKNOWN_KIND = "application/octet-stream"
ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
SILENT_TAGS = frozenset({"script", "style", "head", "title", "template"})
BREAKING_TAGS = frozenset(
    {"p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"}
)


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """A file that came with the mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail as far as it can be understood; what cannot be read is empty.

    ``sender`` is in lower case. ``answers`` are the Message-IDs that it refers to, the
    nearest first. ``machine`` says why no machine may answer, as a code of
    ``rules.incoming_mail``. ``returned`` are the Message-IDs of mails that this one
    reports as undeliverable.
    """

    message_id: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    answers: tuple[str, ...] = ()
    machine: str = "unreadable"
    returned: tuple[str, ...] = ()
    enclosed: tuple[Enclosed, ...] = ()


def read_letter(raw: bytes) -> Letter:
    """What these bytes say. Never raises."""
    try:
        return _read(raw)
    except Exception as error:  # noqa: BLE001 - a mail may hold anything
        logger.warning("a mail cannot be read: %s", type(error).__name__)
        return Letter()


def _read(raw: bytes) -> Letter:
    # The older policy keeps what it cannot understand instead of raising.
    mail = message_from_bytes(raw, policy=policy.compat32)
    headers = _headers(mail)
    name, address = parseaddr(_decoded(headers.get("from", [""])[0]))
    sender = cleaned_line(address).lower()
    if len(sender) > LONGEST_ADDRESS or not ADDRESS.fullmatch(sender):
        sender = ""
    parts = list(_parts(mail))
    nearest = MESSAGE_ID.findall(" ".join(headers.get("in-reply-to", [])))
    further = MESSAGE_ID.findall(" ".join(headers.get("references", [])))
    content_type = mail.get_content_type()
    own = MESSAGE_ID.search(headers.get("message-id", [""])[0])
    failed = content_type == "multipart/report" and FAILED_ACTION.search(raw)
    return Letter(
        message_id=own[0][:LONGEST_ID] if own else "",
        sender=sender,
        sender_name=cleaned_line(name)[:LONGEST_LINE],
        subject=cleaned_line(_decoded(headers.get("subject", [""])[0]))[:LONGEST_LINE],
        text=_text(parts),
        answers=tuple(dict.fromkeys([*nearest, *reversed(further)])),
        machine=machine_reason(headers, content_type=content_type, sender=sender),
        returned=_returned(raw) if failed else (),
        enclosed=tuple(_enclosed(parts)),
    )


def _headers(mail: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in mail.items():
        found.setdefault(name.lower(), []).append(" ".join(str(value).split()))
    return found


def _decoded(value: str) -> str:
    """The header's words (RFC 2047); as they stand where they cannot be decoded."""
    try:
        words = decode_header(value)
    except (MessageError, ValueError):
        return value
    return "".join(
        _with_charset(word, charset or "ascii") if isinstance(word, bytes) else word
        for word, charset in words
    )


def _with_charset(content: bytes, charset: str) -> str:
    for candidate in (charset, "utf-8"):
        try:
            return content.decode(candidate)
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _bytes(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return content if isinstance(content, bytes) else b""


def _is_file(part: Message) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return True
    return part.get_content_maintype() not in {"text", "message", "multipart"}


def _text(parts: list[Message]) -> str:
    for wanted in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() != wanted or _is_file(part):
                continue
            text = _with_charset(_bytes(part), part.get_content_charset("utf-8"))
            if wanted == "text/html":
                text = _plain(text[:MOST_HTML])
            if cleaned := cleaned_text(text):
                return cleaned[:LONGEST_TEXT]
    return ""


def _enclosed(parts: list[Message]) -> Iterator[Enclosed]:
    left = MOST_ATTACHMENTS
    for part in parts:
        if not _is_file(part) or not left:
            continue
        content = _bytes(part)
        if not content or len(content) > LARGEST_ATTACHMENT:
            continue
        left -= 1
        kind = part.get_content_type()
        name = cleaned_line(_decoded(str(part.get_filename() or "")))
        yield Enclosed(
            name=name.replace("/", "_").replace("\\", "_")[:LONGEST_LINE],
            content_type=kind if KIND.fullmatch(kind) else UNKNOWN_KIND,
            content=content,
        )


def _returned(raw: bytes) -> tuple[str, ...]:
    """The Message-IDs in the copy that a delivery report encloses (RFC 3464)."""
    found = OWN_ID_IN_REPORT.findall(raw[:LARGEST_ATTACHMENT])
    return tuple(one.decode("ascii", "replace") for one in found)


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT_TAGS:
            self.silent += 1
        if tag in BREAKING_TAGS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT_TAGS and self.silent:
            self.silent -= 1
        if tag in BREAKING_TAGS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(" ".join(data.split()) + " " if data.strip() else " ")


def _plain(html: str) -> str:
    reader = _Plain()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
