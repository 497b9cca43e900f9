"""The file of an export, as it was made."""

import logging
from collections.abc import Iterator
from hashlib import sha256

from billing.exports.stored_files import stored
from billing.models import ExportPiece, ExportRun

logger = logging.getLogger(__name__)

AT_ONCE = 20


class BrokenExport(Exception):
    """The bytes that were put together are not those that were made."""


def stream(run: ExportRun) -> Iterator[bytes]:
    """The bytes of a made export, a few pieces at a time; no transaction stays open.

    Raises BrokenExport at the end when they are not those of the run, so that whoever
    receives them sees a transfer that broke off.
    """
    digest, size, position = sha256(), 0, -1
    while pieces := list(_after(run, position)):
        for piece in pieces:
            position = piece.position
            parts = [bytes(piece.content)]
            if piece.file is not None:
                parts.append(stored(piece.file, piece.part))
            for part in filter(None, parts):
                digest.update(part)
                size += len(part)
                yield part
    if (size, digest.hexdigest()) != (run.size, run.sha256):
        logger.error("export %s is not what it was", run.pk)
        raise BrokenExport(f"export {run.pk} is not what it was")


def _after(run: ExportRun, position: int) -> Iterator[ExportPiece]:
    return iter(
        ExportPiece.objects.filter(run=run, position__gt=position)
        .select_related("file")
        .order_by("position")[:AT_ONCE]
    )
