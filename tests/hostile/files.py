"""What a hostile file is, and what several formats share: ZIP archives as no program writes them, and bombs."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

__all__ = ["GIB", "MIB", "READ", "WORDS", "Entry", "Made", "bomb", "packed", "zipped"]

MIB, GIB = 1 << 20, 1 << 30
WORDS = "제1조(목적) 이 규정은 여비의 지급에 관한 사항을 정한다."
READ = "이 규정은 여비의 지급에 관한 사항을 정한다"  # what every reader keeps of them


@dataclass(frozen=True)
class Made:
    """A hostile file and what must become of it: a typed refusal or text, and where it is plain, which."""

    kind: str
    name: str  # of the file
    data: bytes | Callable[[], bytes] = field(repr=False)  # large ones are made when their turn comes
    refused: str = ""  # the error's class; "" where text will do as well
    reads: str = ""  # words that its text must hold: it has to be read
    never: str = ""  # words that must not come out

    def bytes(self) -> bytes:
        """Return the file."""
        return self.data() if callable(self.data) else self.data


def packed(data: bytes, *, zlib_header: bool = False) -> bytes:
    """Return the bytes deflated."""
    engine = zlib.compressobj(9, wbits=zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


@cache
def bomb(size: int, piece: bytes = b"A", before: bytes = b"", after: bytes = b"") -> tuple[bytes, int, int]:
    """Return (deflated, checksum, size) of ``before``, about ``size`` bytes of ``piece`` over and over, ``after``.

    A megabyte is deflated once and repeated: a gigabyte takes no longer to make than to count.
    """
    block = piece * (MIB // len(piece))
    times = max(1, size // len(block))
    engine = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    head = engine.compress(before) + engine.flush(zlib.Z_FULL_FLUSH)
    middle = engine.compress(block) + engine.flush(zlib.Z_FULL_FLUSH)
    tail = engine.compress(after) + engine.flush()
    checksum = zlib.crc32(before)
    for _ in range(times):
        checksum = zlib.crc32(block, checksum)
    return head + middle * times + tail, zlib.crc32(after, checksum), len(before) + times * len(block) + len(after)


@dataclass(frozen=True)
class Entry:
    """A member of an archive as its headers are to claim it; None is the truth."""

    name: str | bytes
    data: bytes = b""  # as the archive holds it
    method: int = 0
    flags: int = 0
    checksum: int | None = None
    size: int | None = None  # inflated
    packed_size: int | None = None
    offset: int | None = None  # of the local header
    attributes: int = 0
    extra: bytes = b""
    stored: bool = True  # whether there is a local header and data

    @classmethod
    def of(cls, name: str | bytes, data: bytes | str, **claims: int) -> Entry:
        """Return a deflated member."""
        raw = data.encode() if isinstance(data, str) else data
        return cls(name, packed(raw), 8, checksum=zlib.crc32(raw), size=len(raw), **claims)  # type: ignore[arg-type]

    @classmethod
    def bomb(cls, name: str | bytes, size: int, piece: bytes = b"A", before: bytes = b"", after: bytes = b"") -> Entry:
        """Return a member that inflates to about ``size`` bytes."""
        data, checksum, whole = bomb(size, piece, before, after)
        return cls(name, data, 8, checksum=checksum, size=whole)


def zipped(
    entries: Iterable[Entry] | Mapping[str, bytes] | Mapping[str, str] | Mapping[str, bytes | str],
    *,
    comment: bytes = b"",
    count: int | None = None,
    before: bytes = b"",
    directory_offset: int | None = None,
) -> bytes:
    """Return an archive with these members and claims; a mapping is of names to plain contents."""
    if isinstance(entries, Mapping):
        entries = [Entry.of(name, data) for name, data in entries.items()]
    out = bytearray(before)
    directory = bytearray()
    entries = list(entries)
    for entry in entries:
        name = entry.name.encode() if isinstance(entry.name, str) else entry.name
        flags = entry.flags | (0x800 if isinstance(entry.name, str) else 0)
        checksum = zlib.crc32(entry.data) if entry.checksum is None else entry.checksum
        length = len(entry.data) if entry.packed_size is None else entry.packed_size
        size = len(entry.data) if entry.size is None else entry.size
        offset = len(out) if entry.offset is None else entry.offset
        shared = struct.pack(
            "<HHHHHIIIHH", 20, flags, entry.method, 0, 0x21, checksum, length, size, len(name), len(entry.extra)
        )
        if entry.stored:
            out += b"PK\x03\x04" + shared + name + entry.extra + entry.data
        directory += b"PK\x01\x02\x14\x03" + shared + struct.pack("<HHHII", 0, 0, 0, entry.attributes, offset)
        directory += name + entry.extra
    stated = min(len(entries) if count is None else count, 0xFFFF)
    start = len(out) if directory_offset is None else directory_offset
    end = struct.pack("<HHHHIIH", 0, 0, stated, stated, len(directory), start, len(comment))
    return bytes(out) + bytes(directory) + b"PK\x05\x06" + end + comment
