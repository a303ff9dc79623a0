"""The records of an HWP 5 section to blocks: paragraphs, and the controls that stand in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from govrag.ingest.blocks import Block, Field, Paragraph, Place
from govrag.ingest.readers.characters import UNNAMED, to_unicode
from govrag.ingest.readers.hwp.records import Record, Tag, u16, u32, wide
from govrag.ingest.readers.hwp.shapes import Shapes
from govrag.ingest.readers.hwp.tables import Grids, cells_of
from govrag.ingest.readers.hwp.text import FIELD_END, deletions, parts, plain
from govrag.ingest.readers.numbering import NUMBER_FORMATS, numeral

__all__ = ["Body", "TooMuch"]

_DEEPEST = 60  # tables, notes and boxes inside one another
_MOST_CHARACTERS = 20_000_000

# Controls whose paragraphs stand elsewhere than in the body.
_PLACES: Mapping[str, Place] = {
    "head": "header",
    "foot": "footer",
    "fn  ": "footnote",
    "en  ": "endnote",
    "tcmt": "comment",
    "secd": "header",  # master pages (바탕쪽)
}
_SLOT = "%clk"  # 누름틀
_VALUES = frozenset(
    ("%dte", "%ddt", "%pat", "%mmg", "%xrf", "%fmu", "%smr", "%usr")
)  # fields that should say something
_OBJECTS: Mapping[int, str] = {Tag.PICTURE: "picture", Tag.OLE: "object", Tag.CHART: "object", Tag.VIDEO: "media"}
_PAGE_NUMBER, _FOOTNOTE, _ENDNOTE, _PAGES = 0, 1, 2, 6  # kinds of automatic numbers
_SIGN = 0x81  # a number's format: a character that the author chose
_GUIDE = re.compile(r"Direction:wstring:(\d{1,4}):")
_FACE = re.compile(r"(?:Caption|Text):wstring:(\d{1,5}):")  # what is written on a button or in an input box
_BLANK = re.compile(r"\s*")


class TooMuch(Exception):
    """A document beyond a limit, named in Korean and English."""

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.ko = ko
        self.en = en


@dataclass(slots=True)
class _Line:
    """A paragraph while its text is put together."""

    place: Place
    depth: int
    number: str
    words: list[str] = field(default_factory=list)
    length: int = 0
    open: list[tuple[str, str, int]] = field(default_factory=list)  # fields begun: kind, name, where
    fields: list[Field] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)  # what hangs from it: tables, notes, boxes

    def write(self, words: str) -> None:
        self.words.append(words)
        self.length += len(words)


class Body:
    """Turns sections into blocks, in the order of the file: numbers run on from one to the next."""

    def __init__(self, shapes: Shapes) -> None:
        self.losses: Counter[str] = Counter()
        self._shapes = shapes
        self._grids = Grids()
        self._characters = 0

    def section(self, records: Iterable[Record]) -> list[Block]:
        """Return the blocks of a section; raises `TooMuch`."""
        return self._blocks(records, "body", 0)

    def _blocks(self, records: Iterable[Record], place: Place, depth: int) -> list[Block]:
        """Return the paragraphs among the records and below them."""
        if depth > _DEEPEST:
            self.losses["truncated"] += 1
            return []
        blocks: list[Block] = []
        for record in records:
            if record.tag == Tag.PARA_HEADER:
                blocks += self._paragraph(record, place, depth)
            elif record.tag == Tag.MEMO_LIST:
                place = "comment"  # memos follow the last paragraph of a section
                self.losses["comment"] += 1
                blocks += self._blocks(record.children, place, depth + 1)
            elif record.tag == Tag.TEXT_ART:
                blocks += self._art(record, place)
            else:
                kind = _OBJECTS.get(record.tag)
                if kind:
                    self.losses[kind] += 1
                if record.children:
                    blocks += self._blocks(record.children, place, depth + 1)
        return blocks

    def _paragraph(self, record: Record, place: Place, depth: int) -> list[Block]:
        data, ranges, controls = b"", b"", []
        below: list[Record] = []
        for child in record.children:
            if child.tag == Tag.PARA_TEXT:
                data = child.data
            elif child.tag == Tag.CTRL_HEADER:
                controls.append(child)
                if child.control == "secd":
                    self._shapes.outline = u16(child.data, 18)
            elif child.tag == Tag.PARA_RANGE_TAG:
                ranges = child.data
            else:
                below.append(child)
        number, level = self._shapes.next(u16(record.data, 8), record.data[10] if len(record.data) > 10 else 0)
        if not controls and not ranges and not below:
            text = plain(data)
            if text is not None:
                text = text.strip()
                self._count(len(number) + len(text))
                return [Paragraph(text, number, level, place)] if text else []
        self._count(len(number))
        line = _Line(place, depth, number)
        self._fill(line, data, deletions(ranges), controls)
        line.after += self._blocks(below, place, depth + 1)
        return self._finished(line, level)

    def _fill(self, line: _Line, data: bytes, gone: list[tuple[int, int]], controls: list[Record]) -> None:
        self.losses["deleted"] += len(gone)
        waiting = iter(controls)
        for words, code in parts(data, gone):
            if words:
                line.write(words)
            elif abs(code) == FIELD_END:
                self._close(line)
            elif code < 0:
                next(waiting, None)
            elif (control := next(waiting, None)) is not None:
                self._control(line, control)
        for control in waiting:  # damaged text, or none: what hangs from the paragraph is kept
            self._control(line, control)
        while line.open:
            self._close(line)

    def _finished(self, line: _Line, level: int) -> list[Block]:
        text = "".join(line.words)
        self._count(len(text))
        left = _blank(text)
        text = text.strip()
        if not text and not line.fields:
            return line.after
        fields = tuple(
            Field(each.name, _clip(each.start - left, len(text)), _clip(each.end - left, len(text)))
            for each in sorted(line.fields, key=lambda each: (each.start, each.end))
        )
        return [Paragraph(text, line.number, level, line.place, fields=fields), *line.after]

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > _MOST_CHARACTERS:
            raise TooMuch(f"{_MOST_CHARACTERS:,}자", f"{_MOST_CHARACTERS:,} characters")

    # Controls

    def _control(self, line: _Line, record: Record) -> None:
        name = record.control
        if name.startswith("%"):
            line.open.append((name, _field_name(record) if name == _SLOT else "", line.length))
            return
        control = _CONTROLS.get(name)
        if control:
            control(self, line, record)
        else:
            place = _PLACES.get(name, line.place)
            blocks = self._blocks(record.children, place, line.depth + 1)
            if name == "tcmt":
                self.losses["comment"] += 1
            line.after += blocks

    def _close(self, line: _Line) -> None:
        if not line.open:
            return
        kind, name, start = line.open.pop()
        if kind == _SLOT:
            line.fields.append(Field(name, start, line.length))
        elif kind in _VALUES and start == line.length:
            self.losses["field"] += 1

    def _table(self, line: _Line, record: Record) -> None:
        caption: list[Block] = []
        body = next((at for at, child in enumerate(record.children) if child.tag == Tag.TABLE), None)
        if body is None:
            line.after += self._blocks(record.children, line.place, line.depth + 1)
            return
        caption = self._blocks(record.children[:body], "caption", line.depth + 1)
        cells = cells_of(record.children[body + 1 :])
        filled = [(cell, self._blocks(cell.records, line.place, line.depth + 1)) for cell in cells]
        table, clipped = self._grids.table(record.children[body].data, filled, _paragraphs(caption))
        if table is None:
            raise TooMuch("표의 칸 수", "cells in tables")
        self.losses["truncated"] += clipped
        line.after.append(table)

    def _drawing(self, line: _Line, record: Record) -> None:
        """Pictures, shapes with text in them, groups of those; a caption stands before the shape, as before a table."""
        shape = next((at for at, child in enumerate(record.children) if child.tag == Tag.SHAPE_COMPONENT), 0)
        line.after += self._blocks(record.children[:shape], "caption", line.depth + 1)
        line.after += self._blocks(record.children[shape:], line.place, line.depth + 1)

    def _equation(self, line: _Line, record: Record) -> None:
        for child in record.children:
            if child.tag == Tag.EQUATION and (script := " ".join(wide(child.data, 4).split())):
                line.write(f" ${script}$ ")

    def _automatic_number(self, line: _Line, record: Record) -> None:
        data = record.data
        bits = u32(data, 4)
        kind = bits & 0xF
        if kind in (_PAGE_NUMBER, _PAGES):
            return
        format = bits >> 4 & 0xFF
        sign, before, after = (data[at : at + 2].decode("utf-16-le", "ignore").strip("\0") for at in (10, 12, 14))
        if format != _SIGN:
            sign = numeral(u16(data, 8), NUMBER_FORMATS[format] if format < len(NUMBER_FORMATS) else "DIGIT")
        printed = f"{before}{sign}{after}"
        if kind in (_FOOTNOTE, _ENDNOTE) and not line.number and not "".join(line.words).strip():
            line.number = printed
        else:
            line.write(printed)

    def _ruby(self, line: _Line, record: Record) -> None:
        """덧말: the words, then what is written small above them."""
        words = to_unicode(wide(record.data, 4))
        above = to_unicode(wide(record.data, 6 + 2 * u16(record.data, 4)))
        line.write(f"{words}({above})" if above else words)

    def _overlay(self, line: _Line, record: Record) -> None:
        """글자 겹침: characters printed one over the other."""
        line.write(to_unicode(wide(record.data, 4)))

    def _form(self, line: _Line, record: Record) -> None:
        for child in record.children:
            if child.tag == Tag.FORM:
                stated = child.data.decode("utf-16-le", "replace")
                for match in _FACE.finditer(stated):
                    said = stated[match.end() : match.end() + int(match[1])]
                    line.write("" if UNNAMED.fullmatch(said) else said)

    def _art(self, record: Record, place: Place) -> list[Block]:
        """글맵시: words drawn as a picture; eight coordinates stand before them."""
        text = wide(record.data, 32).strip()
        self._count(len(text))
        return [Paragraph(text, place=place)] if text else []


_CONTROLS: Mapping[str, Callable[[Body, _Line, Record], None]] = {
    "tbl ": Body._table,
    "gso ": Body._drawing,
    "eqed": Body._equation,
    "atno": Body._automatic_number,
    "tdut": Body._ruby,
    "tcps": Body._overlay,
    "form": Body._form,
}


def _field_name(record: Record) -> str:
    """Return the name of a field to be filled in, or else its guide (안내문)."""
    for child in record.children:
        # A set of parameters whose first is the name: item 0x4000, a string.
        if child.tag == Tag.CTRL_DATA and u16(child.data, 6) == 0x4000 and u16(child.data, 8) == 1:
            name = wide(child.data, 10).strip()
            if name:
                return name
    command = wide(record.data, 9)
    guide = _GUIDE.search(command)
    return command[guide.end() : guide.end() + int(guide[1])].strip() if guide else ""


def _paragraphs(blocks: Iterable[Block]) -> tuple[Paragraph, ...]:
    found: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(block)
        else:
            found += block.caption
            for cell in block.cells:
                found += _paragraphs(cell.blocks)
    return tuple(found)


def _blank(text: str) -> int:
    match = _BLANK.match(text)
    return match.end() if match else 0


def _clip(at: int, end: int) -> int:
    return max(0, min(at, end))
