"""The bytes of a ZIP archive around its members, which are stored as they are.

Source: PKWARE's APPNOTE.TXT 6.3.10, with the fields of ZIP64 wherever a number does not
fit. No clock, no attributes, no compression: the same members give the same archive, in
any version of any library, and a member's bytes stand in it unchanged.
"""

from dataclasses import dataclass

_UTF_8 = 0x0800
_PLAIN, _ZIP64 = 20, 45
# 1 January 1980, the earliest day that the format knows.
_DAY = 0x0021
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF
_UNIX_FILE = 0o100644 << 16


@dataclass(frozen=True)
class Member:
    """A file of the archive: its name, length, CRC-32 and where its header begins."""

    name: str
    size: int
    crc: int
    offset: int


def _numbers(*values: tuple[int, int]) -> bytes:
    """Pairs of value and width in bytes, little-endian."""
    return b"".join(value.to_bytes(width, "little") for value, width in values)


def _extra(*values: int) -> bytes:
    """The ZIP64 field with these numbers; empty without any."""
    if not values:
        return b""
    return _numbers((1, 2), (8 * len(values), 2), *((value, 8) for value in values))


def local_header(member: Member) -> bytes:
    """What stands before the member's bytes."""
    name = member.name.encode()
    large = member.size >= _FULL_32
    extra = _extra(member.size, member.size) if large else b""
    size = _FULL_32 if large else member.size
    return (
        b"PK\x03\x04"
        + _numbers((_ZIP64 if large else _PLAIN, 2), (_UTF_8, 2), (0, 2), (0, 2))
        + _numbers((_DAY, 2), (member.crc, 4), (size, 4), (size, 4))
        + _numbers((len(name), 2), (len(extra), 2))
        + name
        + extra
    )


def directory_entry(member: Member) -> bytes:
    """What stands about the member in the directory at the end."""
    name = member.name.encode()
    large = [member.size] * 2 if member.size >= _FULL_32 else []
    far = [member.offset] if member.offset >= _FULL_32 else []
    extra = _extra(*large, *far)
    version = _ZIP64 if extra else _PLAIN
    size = _FULL_32 if large else member.size
    offset = _FULL_32 if far else member.offset
    return (
        b"PK\x01\x02"
        + _numbers((3 << 8 | version, 2), (version, 2), (_UTF_8, 2), (0, 2), (0, 2))
        + _numbers((_DAY, 2), (member.crc, 4), (size, 4), (size, 4))
        + _numbers((len(name), 2), (len(extra), 2), (0, 2), (0, 2), (0, 2))
        + _numbers((_UNIX_FILE, 4), (offset, 4))
        + name
        + extra
    )


def end_of_directory(*, count: int, size: int, offset: int) -> bytes:
    """The last bytes: how many members, how long the directory, where it begins."""
    written = b""
    if count >= _FULL_16 or size >= _FULL_32 or offset >= _FULL_32:
        written = (
            b"PK\x06\x06"
            + _numbers((44, 8), (3 << 8 | _ZIP64, 2), (_ZIP64, 2), (0, 4), (0, 4))
            + _numbers((count, 8), (count, 8), (size, 8), (offset, 8))
            + b"PK\x06\x07"
            + _numbers((0, 4), (offset + size, 8), (1, 4))
        )
    short = min(count, _FULL_16)
    return (
        written
        + b"PK\x05\x06"
        + _numbers((0, 2), (0, 2), (short, 2), (short, 2))
        + _numbers((min(size, _FULL_32), 4), (min(offset, _FULL_32), 4), (0, 2))
    )
