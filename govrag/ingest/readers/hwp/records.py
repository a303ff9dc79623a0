"""A stream of HWP 5 records to a tree; the bytes inside records are read by others."""

from __future__ import annotations

import struct
from enum import IntEnum

__all__ = ["Record", "Tag", "TooManyRecords", "tree", "u16", "u32", "wide"]

MOST_RECORDS = 1_000_000  # of a file; a thousand pages have about 200,000


class Tag(IntEnum):
    """Kinds of records that are read."""

    NUMBERING = 23
    BULLET = 24
    PARA_SHAPE = 25
    STYLE = 26
    PARA_HEADER = 66
    PARA_TEXT = 67
    PARA_CHAR_SHAPE = 68
    PARA_LINE_SEG = 69
    PARA_RANGE_TAG = 70
    CTRL_HEADER = 71
    LIST_HEADER = 72
    SHAPE_COMPONENT = 76
    TABLE = 77
    OLE = 84
    PICTURE = 85
    CTRL_DATA = 87
    EQUATION = 88
    TEXT_ART = 90
    FORM = 91
    MEMO_LIST = 93
    CHART = 95
    VIDEO = 98


class TooManyRecords(Exception):
    """More records than `MOST_RECORDS`."""


class Record:
    """A record and those below it."""

    __slots__ = ("children", "data", "tag")

    def __init__(self, tag: int, data: bytes) -> None:
        self.tag = tag
        self.data = data
        self.children: list[Record] = []

    @property
    def control(self) -> str:
        """Four letters that name a control: ``tbl ``, ``fn  ``, ``%clk``."""
        return self.data[3::-1].decode("latin-1") if len(self.data) >= 4 else ""


# Never read, and more than a third of all records.
_PASSED = frozenset((Tag.PARA_CHAR_SHAPE, Tag.PARA_LINE_SEG))


def tree(stream: bytes, *, room: int = MOST_RECORDS) -> tuple[list[Record], int, bool]:
    """Return the records at the top, how many there are in all, and whether the stream ends where a record does.

    Raises `TooManyRecords` beyond ``room``.
    """
    root = Record(-1, b"")
    levels, above = [-1], [root]  # the records that the next one may belong to, and their levels
    unpack = struct.Struct("<I").unpack_from
    at, end = 0, len(stream)
    count = 0
    while at + 4 <= end:
        (head,) = unpack(stream, at)
        at += 4
        size = head >> 20
        if size == 0xFFF:
            if at + 4 > end:
                return root.children, count, False
            (size,) = unpack(stream, at)
            at += 4
        count += 1
        if count > room:
            raise TooManyRecords
        tag = head & 0x3FF
        if tag not in _PASSED:
            level = head >> 10 & 0x3FF
            record = Record(tag, stream[at : at + size])
            while levels[-1] >= level:
                levels.pop()
                above.pop()
            above[-1].children.append(record)
            levels.append(level)
            above.append(record)
        at += size
    return root.children, count, at == end


def u16(data: bytes, at: int) -> int:
    """Return the number in two bytes; 0 beyond the end."""
    return int.from_bytes(data[at : at + 2], "little")


def u32(data: bytes, at: int) -> int:
    """Return the number in four bytes; 0 beyond the end."""
    return int.from_bytes(data[at : at + 4], "little")


def wide(data: bytes, at: int) -> str:
    """Return the string at a place: its length in two bytes, then UTF-16."""
    start = at + 2
    return data[start : start + 2 * u16(data, at)].decode("utf-16-le", "replace")
