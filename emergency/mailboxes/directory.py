"""The mailbox that an address names."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from emergency.mailboxes.base import Mailbox
from emergency.mailboxes.imap import ImapMailbox
from emergency.mailboxes.maildir import MaildirMailbox


def mailbox_at(url: str) -> Mailbox:
    """The mailbox at ``imaps://user:password@host/folder``, ``imap://…`` or
    ``maildir:///path``. Raises ValueError for anything else; the message names no
    secret."""
    parts = urlsplit(url)
    if parts.scheme == "maildir" and parts.path.strip("/"):
        return MaildirMailbox(Path(unquote(parts.path)))
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname:
        raise ValueError("no address of a mailbox")
    if parts.username is None or parts.password is None:
        raise ValueError("the address of the mailbox has no user or no password")
    return ImapMailbox(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port,
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )
