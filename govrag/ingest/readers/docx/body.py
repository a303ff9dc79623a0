"""The body of a DOCX: paragraphs, tables, notes and boxes in the order in which they are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from govrag.ingest import xml
from govrag.ingest.blocks import Block, Cell, Field, Paragraph, Place, Table
from govrag.ingest.readers import grid
from govrag.ingest.readers.characters import to_unicode
from govrag.ingest.readers.docx.heads import Heads, Style, flag, number_in, value
from govrag.ingest.readers.docx.math import formula
from govrag.ingest.readers.numbering import numeral
from govrag.ingest.readers.package import Package, relation
from govrag.ingest.readers.scripts import raised

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["Body"]

_TRANSPARENT = frozenset({"ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo", "rubyBase"})
_DROPPED = frozenset({"del", "moveFrom"})
_SIGNS: Mapping[str, str] = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_NOTES: Mapping[str, tuple[str, Place, str]] = {  # reference → element, place, format of its number
    "footnoteReference": ("footnote", "footnote", "DIGIT"),
    "endnoteReference": ("endnote", "endnote", "ROMAN_SMALL"),
    "commentReference": ("comment", "comment", ""),
}
_WRAPPERS = frozenset({"sdtContent", "customXml", "ins", "moveTo", "smartTag"})
_HOLDERS = frozenset({"p", "tbl", "altChunk", "oMathPara"})
_TO_BE_FILLED = frozenset({"text", "date", "dropDownList", "comboBox"})
_TITLES, _CAPTIONS = frozenset({"title", "제목"}), frozenset({"caption", "캡션"})  # names of styles
_OF_A_TABLE = re.compile(r"\W*(?:표|table)", re.IGNORECASE)
_BODY_LEVEL = 9  # outline level that stands for none
_WIDEST = 1000  # columns that a cell may span


@dataclass(slots=True)
class _Line:
    """A paragraph as it is gathered."""

    place: Place
    hidden: bool  # by its style, unless a run says otherwise
    parts: list[str] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)  # boxes, notes and comments that hang on it
    length: int = 0


@dataclass(slots=True)
class _Code:
    """A field that is open: between the start of its instruction and its end."""

    name: str  # of a form field
    fallback: str  # what a form field shows without a stored result: a ticked box, a choice
    start: int | None = None  # of its result in the line; None while the instruction lasts


class Body:
    """Walks the stories of one document; its lists count on from one to the next."""

    title: str  # the first paragraph in the style Title

    def __init__(self, package: Package, main: str, heads: Heads, losses: Counter[str]) -> None:
        self.title = ""
        self._package = package
        self._main = main
        self._heads = heads
        self._losses = losses
        self._codes: list[_Code] = []
        # Each is taken out when it is met: a note that many references name is there once.
        self._notes = {
            (kind, value(element, "id")): element
            for kind in ("footnote", "endnote", "comment")
            for part in package.related(main, f"{kind}s")
            for element in part.root
        }
        self._counts: Counter[str] = Counter()  # notes met so far, by their kind

    def blocks(self, holder: etree._Element, place: Place = "body") -> list[Block]:
        """Return the blocks of a body, a cell, a note or a box."""
        found: list[Block] = []
        carried: _Line | None = None  # a paragraph whose end was deleted goes on in the next one
        for element, control in _flat(holder, _HOLDERS):
            name = xml.local(element)
            if name == "p":
                properties = element.find("{*}pPr")
                style = self._heads.paragraph(properties)
                line = carried or _Line(place, bool(style.hidden))
                self._words(element, line)
                # An instruction that never ended must not swallow the rest of the document.
                self._codes = [code for code in self._codes if code.start is not None]
                carried = line if _marked(properties, "del", "moveFrom") else None
                if carried is None:
                    found.extend(_filled_in(self._finished(line, style, properties), control))
            elif name == "tbl":
                caption = _caption_above(found)
                tables = self._tables(element, place)
                if caption and tables:
                    found[-1:] = [replace(tables[0], caption=(caption,)), *tables[1:]]
                else:
                    found.extend(tables)
            elif name == "altChunk":
                self._losses["unreadable"] += 1
            else:
                found.append(Paragraph(formula(element), place=place))
        if carried is not None:
            found.extend(self._finished(carried, Style(), None))
        return found

    # ── paragraphs ────────────────────────────────────────────────────────────────────────────────────────────────

    def _finished(self, line: _Line, style: Style, properties: etree._Element | None) -> list[Block]:
        text = "".join(line.parts)
        blank = not text.strip()
        if blank and (line.hidden or _marked(properties, "vanish")):
            return line.after
        number = self._heads.next(style)
        if blank and not number and not line.fields:
            return line.after
        name = style.name.lower()
        if name in _TITLES and not self.title:
            self.title = " ".join(text.split())
        level = 0 if style.level is None or style.level >= _BODY_LEVEL else style.level + 1
        place: Place = "caption" if line.place == "body" and name in _CAPTIONS else line.place
        return [Paragraph(text, number, max(level, 0), place, fields=tuple(line.fields)), *line.after]

    def _words(self, holder: etree._Element, line: _Line) -> None:
        """Gather the words of a paragraph or a part of one."""
        for element in holder:
            name = xml.local(element)
            if name == "r":
                if not self._is_hidden(element, line):
                    self._words(element, line)
            elif name == "t":
                words = to_unicode(element.text or "").replace("\n", " ")  # only w:br breaks a line
                self._add(raised(words) if value(holder.find("{*}rPr/{*}vertAlign")) == "superscript" else words, line)
            elif name in _TRANSPARENT:
                self._words(element, line)
            elif name in _SIGNS:
                self._add(_SIGNS[name], line)
            elif name in _DROPPED:
                self._losses["deleted"] += any(node.text for node in element.iter("{*}delText", "{*}t"))
            elif name in _NOTES:
                self._note(element, name, line)
            elif name in _INLINE:
                _INLINE[name](self, element, line)

    def _add(self, text: str, line: _Line) -> None:
        if all(code.start is not None for code in self._codes):
            line.parts.append(text)
            line.length += len(text)

    def _is_hidden(self, run: etree._Element, line: _Line) -> bool:
        hidden: bool | None = None
        properties = run.find("{*}rPr")
        if properties is not None:
            hidden = flag(properties.find("{*}vanish"))
            if hidden is None:
                hidden = self._heads.style(value(properties.find("{*}rStyle"))).hidden
        hidden = line.hidden if hidden is None else hidden
        if hidden:
            self._losses["hidden"] += any(node.text for node in run.iterchildren("{*}t"))
        return hidden

    def _break(self, element: etree._Element, line: _Line) -> None:
        if value(element, "type") in ("", "textWrapping"):  # ends of pages and columns are not the text's
            self._add("\n", line)

    def _symbol(self, element: etree._Element, line: _Line) -> None:
        code = value(element, "char")
        if len(code) == 4 and all(digit in "0123456789abcdefABCDEF" for digit in code):
            self._add(to_unicode(chr(int(code, 16) | (0xF000 if int(code, 16) < 0x100 else 0))), line)

    def _ruby(self, element: etree._Element, line: _Line) -> None:
        self._words(element, line)
        above = "".join(node.text or "" for node in element.iterfind("{*}rt//{*}t"))
        if above:
            self._add(f"({above})", line)

    def _equation(self, element: etree._Element, line: _Line) -> None:
        self._add(formula(element), line)

    def _alternative(self, element: etree._Element, line: _Line) -> None:
        for chosen in _chosen(element):
            self._words(chosen, line)

    # ── fields and controls ───────────────────────────────────────────────────────────────────────────────────────

    def _field(self, element: etree._Element, line: _Line) -> None:
        kind = value(element, "fldCharType")
        if kind == "begin":
            self._codes.append(_form_field(element))
        elif kind == "separate" and self._codes:
            self._codes[-1].start = line.length
        elif kind == "end" and self._codes:
            code = self._codes.pop()
            start = line.length if code.start is None else code.start
            if code.fallback and start == line.length:
                self._add(code.fallback, line)
            if code.name and start <= line.length:
                line.fields.append(Field(code.name, start, line.length))

    def _control(self, element: etree._Element, line: _Line) -> None:
        """Gather a content control; one that shows its prompt is a place to be filled in, and the prompt its name."""
        content = element.find("{*}sdtContent")
        if content is None:
            return
        start = line.length
        if not _is_prompt(element):
            self._words(content, line)
        if _is_to_be_filled(element):
            line.fields.append(Field(_control_name(element), start, line.length))

    # ── what hangs on a paragraph ─────────────────────────────────────────────────────────────────────────────────

    def _note(self, element: etree._Element, name: str, line: _Line) -> None:
        kind, place, numbered = _NOTES[name]
        note = self._notes.pop((kind, value(element, "id")), None)
        if note is None:
            return
        if kind == "comment":
            self._losses["comment"] += 1
        number = ""
        if numbered and value(element, "customMarkFollows") not in ("1", "true", "on"):
            self._counts[kind] += 1
            number = numeral(self._counts[kind], numbered)
        codes, self._codes = self._codes, []
        blocks = self.blocks(note, place)
        self._codes = codes
        if number and blocks and isinstance(blocks[0], Paragraph) and not blocks[0].number:
            blocks[0] = replace(blocks[0], number=number, text=blocks[0].text.lstrip())
        line.after.extend(blocks)

    def _drawn(self, element: etree._Element, line: _Line) -> None:
        """Read the text boxes of a drawing; count what has no words."""
        is_object = xml.local(element) == "object"
        self._losses["object"] += is_object
        pictures = 0
        stack = [element]
        while stack:
            node = stack.pop()
            name = xml.local(node)
            if name == "AlternateContent":
                stack.extend(_chosen(node))
                continue
            if name == "txbxContent":
                codes, self._codes = self._codes, []
                line.after.extend(self.blocks(node, line.place))
                self._codes = codes
                continue
            if name == "relIds":
                line.after.extend(self._diagram(node, line.place))
            self._losses["object"] += name in ("chart", "contentPart")
            pictures += name in ("pic", "imagedata")
            stack.extend(reversed(node))
        self._losses["picture"] += 0 if is_object else pictures

    def _diagram(self, element: etree._Element, place: Place) -> Iterator[Block]:
        """Yield the words of a diagram (SmartArt), a paragraph a shape."""
        name = self._package.target(self._main, relation(element, "dm"))
        for part in self._package.parts(name):
            for shape in part.root.iter("{*}pt"):
                text = "".join(node.text or "" for node in shape.iterfind("{*}t//{*}t"))
                if text.strip():
                    yield Paragraph(text, place=place)

    # ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _tables(self, element: etree._Element, place: Place) -> list[Table]:
        cells: list[Cell] = []
        open_merges: dict[int, int] = {}  # column → the cell, in `cells`, that goes on below
        header_rows = rows = 0
        for row, _ in _flat(element, frozenset({"tr"})):
            properties = row.find("{*}trPr")
            lost = next(
                (kind for mark, kind in (("del", "deleted"), ("hidden", "hidden")) if _on(properties, mark)), ""
            )
            if lost:
                self._losses[lost] += 1
                continue
            if _on(properties, "tblHeader") and header_rows == rows:
                header_rows += 1
            self._row(row, rows, place, cells, open_merges)
            rows += 1
        return grid.tables(cells, header_rows=header_rows)

    def _row(
        self, row: etree._Element, number: int, place: Place, cells: list[Cell], open_merges: dict[int, int]
    ) -> None:
        before = number_in(row.find("{*}trPr/{*}gridBefore")) or 0
        column = min(max(before, 0), _WIDEST)
        for element, control in _flat(row, frozenset({"tc"})):
            properties = element.find("{*}tcPr")
            span = number_in(properties.find("{*}gridSpan")) if properties is not None else None
            columns = min(max(span or 1, 1), _WIDEST)
            vertical = properties.find("{*}vMerge") if properties is not None else None
            beside = properties.find("{*}hMerge") if properties is not None else None
            if beside is not None and value(beside) != "restart" and cells and cells[-1].row == number:
                cells[-1] = replace(cells[-1], columns=cells[-1].columns + columns)
                column += columns
                continue
            blocks = tuple(_filled_in(self.blocks(element, place), control))
            above = open_merges.get(column)
            if vertical is not None and value(vertical) != "restart" and above is not None:
                cells[above] = replace(cells[above], rows=number + 1 - cells[above].row)
                self._losses["hidden"] += bool(blocks)  # Word keeps, and does not show, what was there before
            else:
                for covered in range(column, column + columns):
                    open_merges.pop(covered, None)
                if vertical is not None:
                    open_merges[column] = len(cells)
                cells.append(Cell(number, column, blocks, columns=columns))
            column += columns


_INLINE: Mapping[str, Callable[[Body, etree._Element, _Line], None]] = {
    "br": Body._break,
    "sym": Body._symbol,
    "ruby": Body._ruby,
    "oMath": Body._equation,
    "oMathPara": Body._equation,
    "AlternateContent": Body._alternative,
    "fldChar": Body._field,
    "sdt": Body._control,
    "drawing": Body._drawn,
    "pict": Body._drawn,
    "object": Body._drawn,
}


def _flat(
    holder: etree._Element, wanted: frozenset[str], control: etree._Element | None = None
) -> Iterator[tuple[etree._Element, etree._Element | None]]:
    """Yield the wanted children, and those that stand in wrappers, each with the content control it stands in."""
    for element in holder:
        name = xml.local(element)
        if name in wanted:
            yield element, control
        elif name == "sdt":
            for content in element.iterchildren("{*}sdtContent"):
                yield from _flat(content, wanted, element)
        elif name in _WRAPPERS:
            yield from _flat(element, wanted, control)
        elif name == "AlternateContent":
            for chosen in _chosen(element):
                yield from _flat(chosen, wanted, control)


def _chosen(element: etree._Element) -> Iterator[etree._Element]:
    """Return the first of several ways to show the same thing; there may be none."""
    return islice(element, 1)


def _caption_above(found: Sequence[Block]) -> Paragraph | None:
    """Return the last block if it is the caption of a table, and not of the picture above it."""
    last = found[-1] if found else None
    is_caption = isinstance(last, Paragraph) and last.place == "caption" and _OF_A_TABLE.match(last.text)
    return last if isinstance(last, Paragraph) and is_caption else None


def _marked(properties: etree._Element | None, *names: str) -> bool:
    """Tell whether the end of a paragraph bears one of these marks."""
    marks = properties.find("{*}rPr") if properties is not None else None
    return marks is not None and any(flag(marks.find(f"{{*}}{name}")) for name in names)


def _on(properties: etree._Element | None, name: str) -> bool:
    return properties is not None and bool(flag(properties.find(f"{{*}}{name}")))


def _is_prompt(control: etree._Element) -> bool:
    return bool(flag(control.find("{*}sdtPr/{*}showingPlcHdr")))


def _is_to_be_filled(control: etree._Element) -> bool:
    properties = control.find("{*}sdtPr")
    return properties is not None and (
        _is_prompt(control) or any(xml.local(element) in _TO_BE_FILLED for element in properties)
    )


def _control_name(control: etree._Element) -> str:
    stated = (value(control.find(f"{{*}}sdtPr/{{*}}{name}")) for name in ("alias", "tag"))
    prompt = "".join(node.text or "" for node in control.iterfind("{*}sdtContent//{*}t")) if _is_prompt(control) else ""
    return next((name for name in stated if name.strip()), prompt.strip())


def _filled_in(blocks: Sequence[Block], control: etree._Element | None) -> list[Block]:
    """Return the blocks of a content control; where only its prompt stands, a blank paragraph with the field."""
    if control is None or not _is_to_be_filled(control):
        return list(blocks)
    name = _control_name(control)
    if _is_prompt(control):
        return [Paragraph("", fields=(Field(name, 0, 0),))]
    first = next(iter(blocks), None)
    if not isinstance(first, Paragraph):
        return list(blocks)
    return [replace(first, fields=(*first.fields, Field(name, 0, len(first.text)))), *blocks[1:]]


def _form_field(element: etree._Element) -> _Code:
    """Return the field that begins; a form field with its name and what it shows when nothing was typed."""
    data = element.find("{*}ffData")
    if data is None:
        return _Code("", "")
    name = next(
        (value(found) for kind in ("statusText", "name") if (found := data.find(f"{{*}}{kind}")) is not None), ""
    )
    box = data.find("{*}checkBox")
    if box is not None:
        ticked = flag(box.find("{*}checked"))
        return _Code("", "☑" if (flag(box.find("{*}default")) if ticked is None else ticked) else "☐")
    choices = [value(choice) for choice in data.iterfind("{*}ddList/{*}listEntry")]
    chosen = number_in(data.find("{*}ddList/{*}result")) or 0
    return _Code(name or "form field", choices[chosen] if 0 <= chosen < len(choices) else "")
