"""Archives that other programs can read, small ones and those beyond the old limits."""

import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.zip_format import (
    Member,
    directory_entry,
    end_of_directory,
    local_header,
)

pytestmark = pytest.mark.no_servers


def archive(contents):
    """The archive of these members."""
    directory, parts, offset = bytearray(), [], 0
    for name, content in contents.items():
        member = Member(name, len(content), zlib.crc32(content), offset)
        header = local_header(member)
        parts += [header, content]
        offset += len(header) + len(content)
        directory += directory_entry(member)
    end = end_of_directory(count=len(contents), size=len(directory), offset=offset)
    return b"".join([*parts, directory, end])


NAMES = st.text(
    alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20
).filter(lambda name: "/" not in name and "\\" not in name)


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=5))
def test_python_reads_back_every_member(contents):
    with zipfile.ZipFile(io.BytesIO(archive(contents))) as opened:
        assert opened.testzip() is None
        assert {n: opened.read(n) for n in opened.namelist()} == contents


def test_the_same_members_are_the_same_bytes():
    contents = {"documents/RE-2026-00001.pdf": b"%PDF", "ä.csv": b""}
    assert archive(contents) == archive(contents)
    with zipfile.ZipFile(io.BytesIO(archive(contents))) as opened:
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in opened.infolist()} == {0o100644}


def test_more_members_than_the_old_format_counts():
    contents = {f"{n}": b"" for n in range(66_000)}
    with zipfile.ZipFile(io.BytesIO(archive(contents))) as opened:
        assert len(opened.namelist()) == 66_000
        assert opened.read("65999") == b""


class Hole(io.RawIOBase):
    """A file of five gigabytes of zeros between a beginning and an end."""

    def __init__(self, start, hole, end):
        super().__init__()
        self.start, self.hole, self.end = start, hole, end
        self.at = 0

    def seekable(self):
        return True

    def readable(self):
        return True

    def tell(self):
        return self.at

    def seek(self, offset, whence=0):
        length = len(self.start) + self.hole + len(self.end)
        self.at = {0: 0, 1: self.at, 2: length}[whence] + offset
        return self.at

    def readinto(self, buffer):
        first = len(self.start)
        last = first + self.hole
        at, wanted = self.at, len(buffer)
        if at < first:
            data = self.start[at : at + wanted]
        elif at < last:
            data = bytes(min(wanted, last - at))
        else:
            data = self.end[at - last : at - last + wanted]
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)


def test_members_and_archives_larger_than_four_gigabytes():
    large = Member("large", 5 * 2**30, 0, 0)
    start = local_header(large)
    small = Member("small.txt", 2, zlib.crc32(b"ok"), len(start) + large.size)
    directory = directory_entry(large) + directory_entry(small)
    before = local_header(small) + b"ok"
    end = end_of_directory(
        count=2, size=len(directory), offset=small.offset + len(before)
    )
    file = Hole(start, large.size, before + directory + end)
    with zipfile.ZipFile(file) as opened:
        assert opened.getinfo("large").file_size == 5 * 2**30
        assert opened.getinfo("small.txt").header_offset == small.offset
        assert opened.read("small.txt") == b"ok"
        with opened.open("large") as member:
            assert member.read(3) == b"\0\0\0"
