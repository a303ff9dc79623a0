"""The tables of an HWP 5 file's DocInfo that decide how a paragraph is numbered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from govrag.ingest.readers.hwp.records import Record, Tag, u16, u32, wide
from govrag.ingest.readers.numbering import NUMBER_FORMATS, Counters, Level, bullet

__all__ = ["Shapes", "shapes"]

_OUTLINE, _NUMBER, _BULLET = 1, 2, 3
_HEAD = 12  # bytes before the template of a level
_OUTLINE_STYLE = re.compile(r"(?:Outline|개요)\s*(\d{1,2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Numbering:
    levels: tuple[Level, ...]
    start: int  # 0: its first number follows the list before it


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before a paragraph."""

    kind: int
    level: int  # 1 the outermost
    id: int  # of the numbering or bullet, from 1


@dataclass(slots=True)
class Shapes:
    """Shapes of paragraphs, numberings and bullets, and the numbers reached so far."""

    heads: Sequence[_Head] = ()
    numberings: Sequence[_Numbering] = ()
    bullets: Sequence[str] = ()
    styles: Sequence[int] = ()  # the outline level in a style's name, 0 for none
    outline: int = 0  # the numbering of outlines in this section, from 1
    _outlines: Counters = field(default_factory=Counters)
    _lists: Counters = field(default_factory=Counters)

    def next(self, shape: int, style: int) -> tuple[str, int]:
        """Count a paragraph of this shape; return its number as printed and its outline level, "" and 0 for none."""
        level = self.styles[style] if style < len(self.styles) else 0
        if shape >= len(self.heads):
            return "", level
        head = self.heads[shape]
        if head.kind == _OUTLINE:
            return self._number(self._outlines, self.outline, head.level), head.level
        if head.kind == _NUMBER:
            return self._number(self._lists, head.id, head.level), level
        if head.kind == _BULLET and 1 <= head.id <= len(self.bullets):
            return self.bullets[head.id - 1], level
        return "", level

    def _number(self, counters: Counters, id: int, level: int) -> str:
        if not 1 <= id <= len(self.numberings):
            return ""
        numbering = self.numberings[id - 1]
        return counters.next(id, level, numbering.levels, start=numbering.start)


def shapes(doc_info: Iterable[Record]) -> Shapes:
    """Return the shapes in the records of DocInfo."""
    of: dict[int, list[bytes]] = {}
    pending = list(doc_info)[::-1]
    while pending:
        record = pending.pop()
        of.setdefault(record.tag, []).append(record.data)
        pending.extend(reversed(record.children))
    return Shapes(
        heads=[_head(data) for data in of.get(Tag.PARA_SHAPE, ())],
        numberings=[_numbering(data) for data in of.get(Tag.NUMBERING, ())],
        bullets=[bullet(data[_HEAD : _HEAD + 2].decode("utf-16-le", "replace")) for data in of.get(Tag.BULLET, ())],
        styles=[_style_level(data) for data in of.get(Tag.STYLE, ())],
    )


def _head(data: bytes) -> _Head:
    bits = u32(data, 0)
    return _Head(kind=bits >> 23 & 3, level=(bits >> 25 & 7) + 1, id=u16(data, 30))


def _style_level(data: bytes) -> int:
    english = wide(data, 2 + 2 * u16(data, 0))
    found = _OUTLINE_STYLE.fullmatch(english or wide(data, 0))
    return int(found[1]) if found else 0


def _numbering(data: bytes) -> _Numbering:
    at = 0
    templates: list[tuple[int, str]] = []
    for _ in range(7):
        at = _template(data, at, templates)
    start = u16(data, at)
    at += 2
    starts = [u32(data, at + 4 * level) if at + 4 * level + 4 <= len(data) else 1 for level in range(7)]
    if at + 28 > len(data):  # before 5.0.2.5 only the outermost level had a start
        starts[0] = start or 1
    at += 28
    while at + _HEAD + 2 <= len(data) and len(templates) < 10:
        at = _template(data, at, templates)
    starts += [u32(data, at + 4 * level) if at + 4 * level + 4 <= len(data) else 1 for level in range(3)]
    levels = (
        Level(NUMBER_FORMATS[format] if format < len(NUMBER_FORMATS) else "DIGIT", template, begin)
        for (format, template), begin in zip(templates, starts, strict=False)
    )
    return _Numbering(tuple(levels), start)


def _template(data: bytes, at: int, into: list[tuple[int, str]]) -> int:
    template = wide(data, at + _HEAD)
    into.append((u32(data, at) >> 5 & 0xF, template))
    return at + _HEAD + 2 + 2 * u16(data, at + _HEAD)
