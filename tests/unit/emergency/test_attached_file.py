"""What a file is, and what it may be called."""

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.attached_file import clean_name, type_of


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # Its time is a fixed one, so that every process makes the same bytes.
        archive.writestr(zipfile.ZipInfo("log.txt"), "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "image/heic"),
        (b"%PDF-1.7\n\x00", "application/pdf"),
        (gzip.compress(b"log", mtime=0), "application/gzip"),
        (zipped(), "application/zip"),
        ("02:11 Fehler 502 – außer Betrieb\n".encode(), "text/plain"),
        ("Fehler für Gäste".encode("latin-1"), "text/plain"),
        ("Ereignisanzeige".encode("utf-16"), "text/plain"),
        (b"\x1b[31mred\x1b[0m\n", "text/plain"),
        (b"MZ\x90\x00\x03\x00", ""),
        (b"\x7fELF\x02\x01\x01\x00", ""),
        (b"\x00\x01\x02", ""),
    ],
)
def test_a_file_is_what_its_content_says(content, media_type):
    assert type_of(content) == media_type


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\pat\\log.txt", "log.txt"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202egnp.exe", "abgnp.exe"),
        (" . ", "attachment"),
        ("", "attachment"),
        ("x" * 200 + ".png", "x" * 116 + ".png"),
    ],
)
def test_a_name_keeps_what_is_harmless(name, kept):
    assert clean_name(name) == kept


@given(st.text(max_size=400))
def test_every_name_can_be_stored_and_printed(name):
    kept = clean_name(name)
    assert 0 < len(kept) <= 120
    assert kept.isprintable()
    assert "/" not in kept
    assert clean_name(kept) == kept
