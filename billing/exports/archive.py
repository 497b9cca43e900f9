"""A ZIP archive: lists, the issued PDFs and e-invoices, and the hash of every file.

Members are stored as they are: PDFs would shrink by little, and so the archive can
point to the bytes that were issued instead of holding them a second time.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

from billing.exports.piece import PDF, XML, Job, Piece, Tally, pieces_of
from billing.exports.plain_csv import encoded, heading
from billing.models import DocumentFile, EInvoice
from billing.rules.bookkeeping import Problem
from billing.rules.export_text import csv_row
from billing.rules.exported import ExportedDocument
from billing.rules.plain_table import (
    DOCUMENT_COLUMNS,
    LINE_COLUMNS,
    document_rows,
    line_rows,
)
from billing.rules.zip_format import (
    Member,
    directory_entry,
    end_of_directory,
    local_header,
)

AT_ONCE = 40
MANIFEST_COLUMNS = ("file", "bytes", "sha256", "document")
SUMS = "SHA256SUMS"


def write(job: Job, tally: Tally) -> Iterator[Piece]:
    """documents.csv, lines.csv, documents/…, manifest.csv and SHA256SUMS."""
    with ExitStack() as stack:
        directory, manifest, sums = (
            stack.enter_context(TemporaryFile()) for _ in range(3)
        )
        archive = Archive(directory, manifest, sums)
        manifest.write(csv_row(MANIFEST_COLUMNS).encode())
        yield from _lists(job, archive)
        for document, file, forms in _with_files(job.documents()):
            yield from archive.issued(document, file, forms)
            tally.documents += 1
        yield from archive.added("manifest.csv", manifest)
        yield from archive.added(SUMS, sums)
        yield from archive.end()
        tally.rows = archive.count


def _lists(job: Job, archive: "Archive") -> Iterator[Piece]:
    """The tables of documents and lines, written side by side in one reading."""
    mark = job.books.decimal_mark
    with TemporaryFile() as documents, TemporaryFile() as lines:
        documents.write(heading(DOCUMENT_COLUMNS))
        lines.write(heading(LINE_COLUMNS))
        for document in job.documents():
            for row in document_rows(document):
                documents.write(encoded(DOCUMENT_COLUMNS, row, mark))
            for row in line_rows(document):
                lines.write(encoded(LINE_COLUMNS, row, mark))
        yield from archive.listed("documents.csv", documents)
        yield from archive.listed("lines.csv", lines)


def _with_files(
    documents: Iterator[ExportedDocument],
) -> Iterator[tuple[ExportedDocument, DocumentFile, list[EInvoice]]]:
    while some := list(islice(documents, AT_ONCE)):
        ids = [document.document_id for document in some]
        files = DocumentFile.objects.filter(document_id__in=ids)
        by_document = {file.document_id: file for file in files}
        forms: dict[int, list[EInvoice]] = {number: [] for number in ids}
        found = EInvoice.objects.filter(document_id__in=ids)
        for form in found.order_by("document_id", "kind"):
            forms[form.document_id].append(form)
        for document in some:
            number = document.document_id
            yield document, by_document.pop(number), forms.pop(number)


@dataclass
class Archive:
    """The archive so far. Directory and manifest grow on disk, not in memory."""

    directory: IO[bytes]
    manifest: IO[bytes]
    sums: IO[bytes]
    count: int = 0
    offset: int = 0

    def listed(self, name: str, file: IO[bytes]) -> Iterator[Piece]:
        """A list of ours becomes a member and stands in the manifest."""
        digest = sha256()
        for piece in pieces_of(file):
            digest.update(piece.content)
        self._note(name, file.tell(), digest.hexdigest(), "")
        return self.added(name, file)

    def added(self, name: str, file: IO[bytes]) -> Iterator[Piece]:
        """The content of the file becomes a member."""
        crc = 0
        for piece in pieces_of(file):
            crc = zlib.crc32(piece.content, crc)
        yield Piece(self._begin(name, file.tell(), crc))
        yield from pieces_of(file)

    def issued(
        self, document: ExportedDocument, file: DocumentFile, forms: list[EInvoice]
    ) -> Iterator[Piece]:
        """What was issued becomes members. Raises Problem when it has changed."""
        number, content = document.number, bytes(file.content)
        if sha256(content).hexdigest() != file.sha256:
            raise Problem("bytes_changed", number)
        header = self._issued(f"documents/{number}.{PDF}", content, number)
        yield Piece(header, file_id=file.pk, part=PDF, issued=content)
        for form in forms:
            content = bytes(form.content)
            if sha256(content).hexdigest() != form.sha256:
                raise Problem("form_changed", number)
            if form.kind == EInvoice.Kind.FACTUR_X:
                header = self._issued(f"documents/{number}.{XML}", content, number)
                yield Piece(header, file_id=file.pk, part=XML, issued=content)
                continue
            # Few ask for another form: it stands in the archive a second time.
            name = f"documents/{number}-{form.kind}.{XML}"
            yield Piece(self._issued(name, content, number) + content)

    def end(self) -> Iterator[Piece]:
        """The directory."""
        size = self.directory.tell()
        yield from pieces_of(self.directory)
        yield Piece(end_of_directory(count=self.count, size=size, offset=self.offset))

    def _begin(self, name: str, size: int, crc: int) -> bytes:
        member = Member(name, size, crc, self.offset)
        header = local_header(member)
        self.directory.write(directory_entry(member))
        self.count += 1
        self.offset += len(header) + size
        return header

    def _issued(self, name: str, content: bytes, number: str) -> bytes:
        """The header of a member that was issued with this document."""
        self._note(name, len(content), sha256(content).hexdigest(), number)
        return self._begin(name, len(content), zlib.crc32(content))

    def _note(self, name: str, size: int, digest: str, number: str) -> None:
        self.manifest.write(csv_row((name, str(size), digest, number)).encode())
        self.sums.write(f"{digest}  {name}\n".encode())


def names(documents: Iterable[ExportedDocument]) -> Iterator[str]:
    """The names of the members, for the preview; e-invoices where there are any."""
    yield from ("documents.csv", "lines.csv")
    for document in documents:
        yield f"documents/{document.number}.pdf"
    yield from ("manifest.csv", SUMS)
