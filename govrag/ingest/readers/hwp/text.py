"""The text of an HWP 5 paragraph: runs of characters, and the controls that stand between them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from govrag.ingest.readers.characters import to_unicode
from govrag.ingest.readers.hwp.records import u32

__all__ = ["FIELD_END", "deletions", "parts", "plain"]

FIELD_END = 4

# Characters below 32 are controls: alone, or with seven more that repeat what their record says.
_CONTROL = re.compile(r"[\x00\x0a\x0d\x18-\x1f]|[\x01-\x09\x0b\x0c\x0e-\x17].{0,7}", re.DOTALL)
_ANY_CONTROL = re.compile(r"[\x00-\x1f]")
# Unbreakable and fixed blanks (30, 31) are blanks: a search sees no difference, and editions of one text disagree.
_ALONE = {0: "", 10: "\n", 13: "", 24: "-", 30: " ", 31: " "}
_INLINE = {5: "", 6: "", 7: "", 8: "", 9: "\t", 19: "", 20: ""}
_TRACKED_DELETION = 17  # kind of a range; 16 is an insertion


def plain(data: bytes) -> str | None:
    """Return the text of a paragraph in which nothing but characters stands, None for others."""
    end = len(data) - 2 if data.endswith(b"\r\0") else len(data)
    text = data[:end].decode("utf-16-le", "replace")
    return None if _ANY_CONTROL.search(text) else to_unicode(text)


def parts(data: bytes, gone: Sequence[tuple[int, int]] = ()) -> Iterator[tuple[str, int]]:
    """Yield the text in order, as (characters, 0) or, where a control with a record stands, as ("", its code).

    ``gone`` are ranges of deleted text, ordered and apart; of a control in them -code is yielded.
    """
    # One character for one unit of UTF-16, so that places in the text are those that the file counts.
    units = array("I", array("H", data[: len(data) // 2 * 2])).tobytes().decode("utf-32-le", "surrogatepass")
    at = 0
    for match in _CONTROL.finditer(units):
        start = match.start()
        if start > at:
            yield _kept(data, at, start, gone), 0
        code = ord(units[start])
        deleted = bool(gone) and _kept_ranges(start, start + 1, gone) == []
        written = _ALONE.get(code, _INLINE.get(code, ""))
        if written and not deleted:
            yield written, 0
        elif code not in _INLINE and (code < 24 and code not in _ALONE):
            yield "", -code if deleted else code
        at = match.end()
    if at < len(units):
        yield _kept(data, at, len(units), gone), 0


def deletions(data: bytes) -> list[tuple[int, int]]:
    """Return the ranges of tracked deletions in a record of ranges, ordered, those that meet as one."""
    found = sorted(
        (u32(data, at), u32(data, at + 4)) for at in range(0, len(data) - 11, 12) if data[at + 11] == _TRACKED_DELETION
    )
    merged: list[tuple[int, int]] = []
    for begin, end in found:
        if begin >= end:
            continue  # it deletes nothing, and must not part the halves of a character
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((begin, end))
    return merged


def _kept(data: bytes, start: int, end: int, gone: Sequence[tuple[int, int]]) -> str:
    kept = [(start, end)] if not gone else _kept_ranges(start, end, gone)
    # Each run by itself: the halves of two characters on either side of a deletion are not a third one.
    return to_unicode("".join(data[2 * begin : 2 * until].decode("utf-16-le", "replace") for begin, until in kept))


def _kept_ranges(start: int, end: int, gone: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what the deletions leave of a range."""
    kept = []
    index = bisect_right(gone, start, key=lambda deleted: deleted[1])  # the first that ends behind the start
    while start < end:
        begin, until = gone[index] if index < len(gone) else (end, end)
        if start < begin:
            kept.append((start, min(begin, end)))
        start = max(start, until)
        index += 1
    return kept
