"""What every file of a customer must be, wherever it is added."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from emergency.actions.refusal import Refused
from emergency.rules.attached_file import clean_name, type_of

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A file that may be kept. ``digest`` is the SHA-256 in hex."""

    name: str
    content_type: str
    digest: str
    content: bytes


def judge(name: str, content: bytes) -> Judged:
    """The file under a harmless name. Raises Refused (``file_empty``, ``file_kind``,
    ``file_too_large``)."""
    if not content:
        raise Refused("file_empty", field="file")
    if len(content) > settings.ATTACHMENT_MEGABYTES * MEGABYTE:
        raise Refused(
            "file_too_large", field="file", megabytes=settings.ATTACHMENT_MEGABYTES
        )
    media_type = type_of(content)
    if not media_type:
        raise Refused("file_kind", field="file")
    return Judged(
        name=clean_name(name),
        content_type=media_type,
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def check_room(sizes: Collection[int], more: int) -> None:
    """Beside files of these sizes one of ``more`` bytes may be kept. Raises Refused
    (``files_too_many``, ``files_too_large``)."""
    if len(sizes) >= settings.ATTACHMENTS_MOST:
        raise Refused("files_too_many", field="file", most=settings.ATTACHMENTS_MOST)
    if sum(sizes) + more > settings.ATTACHMENTS_MEGABYTES * MEGABYTE:
        raise Refused(
            "files_too_large", field="file", megabytes=settings.ATTACHMENTS_MEGABYTES
        )
